from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.curve_hints import (
    NEVER_PREDICTED,
    OVERFITTING,
    PLATEAU,
    VALIDATION_BETTER,
    hints,
)
from training.events import Epoch


def curve(
    train: Sequence[float],
    validation: Sequence[float],
    *,
    auc: Sequence[float] | None = None,
    called: float = 0.3,
    stage: str = "all",
) -> list[Epoch]:
    aucs = auc or [0.7 + 0.02 * i for i in range(len(train))]
    return [
        Epoch(
            epoch=i + 1,
            epochs=50,
            train_loss=train[i],
            validation_loss=validation[i],
            train_auc=0.9,
            validation_auc=aucs[i],
            learning_rate=1e-4,
            images_per_second=1.0,
            stage=stage,
            validation_called=called,
        )
        for i in range(len(train))
    ]


def kinds(history: list[Epoch], causes: Sequence[str] = ()) -> list[str]:
    return [hint.kind for hint in hints(history, causes=causes)]


RISING = curve([0.6, 0.4, 0.3, 0.2, 0.1], [0.6, 0.4, 0.45, 0.5, 0.6])


def test_a_validation_loss_that_rises_while_training_falls_is_overfitting() -> None:
    assert kinds(RISING) == [OVERFITTING]
    (hint,) = hints(RISING)
    assert "since epoch 2" in hint.sentence
    assert "0.400 to 0.517" in hint.sentence


def test_one_bad_epoch_is_no_overfitting() -> None:
    assert kinds(curve([0.6, 0.4, 0.3, 0.2], [0.6, 0.4, 0.35, 0.6])) == []


def test_a_rise_of_both_losses_is_no_overfitting() -> None:
    assert OVERFITTING not in kinds(curve([0.4, 0.5, 0.6, 0.7], [0.4, 0.5, 0.6, 0.7]))


def test_the_head_alone_tells_nothing() -> None:
    history = curve([0.6, 0.4, 0.3, 0.2, 0.1], [0.6, 0.4, 0.45, 0.5, 0.6], stage="head")
    assert kinds(history) == []


def test_validation_above_training_is_explained_by_what_the_recipe_does() -> None:
    history = curve([0.6, 0.5, 0.4], [0.4, 0.3, 0.2])
    (hint,) = hints(history, causes=["augmentation", "dropout"])
    assert hint.kind == VALIDATION_BETTER
    assert "augmentation and dropout" in hint.sentence
    assert "no fault" in hint.sentence


def test_validation_above_training_without_a_cause_is_suspicious() -> None:
    (hint,) = hints(curve([0.6, 0.5, 0.4], [0.4, 0.3, 0.2]))
    assert "nothing in the recipe explains it" in hint.sentence


def test_curves_that_stay_are_a_plateau() -> None:
    flat = curve([0.3] * 7, [0.31] * 7, auc=[0.9, *[0.95] * 6])
    assert kinds(flat) == [PLATEAU]
    assert kinds(flat[:5]) == []


def test_an_auc_that_still_rises_is_no_plateau() -> None:
    assert kinds(curve([0.3] * 7, [0.31] * 7)) == []


@pytest.mark.parametrize(
    ("called", "name"), [(0.0, "called globally"), (1.0, "called not globally")]
)
def test_a_class_never_called_is_told(called: float, name: str) -> None:
    (hint,) = hints(curve([0.6, 0.5, 0.4], [0.6, 0.5, 0.4], called=called))
    assert hint.kind == NEVER_PREDICTED
    assert name in hint.sentence


number = st.none() | st.floats(0, 10)


@given(
    st.lists(st.builds(Epoch, st.integers(1, 9), st.just(9), number, number, number, number,
                       st.just(0.1), st.none(), st.sampled_from(["head", "all", ""]),
                       validation_called=st.none() | st.floats(0, 1)), max_size=12)
)  # fmt: skip
def test_any_history_gives_one_sentence_of_a_kind(history: list[Epoch]) -> None:
    found = hints(history)
    assert len({hint.kind for hint in found}) == len(found)
    assert all(hint.sentence.endswith(".") for hint in found)
