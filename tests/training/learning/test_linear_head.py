import numpy as np
import pytest

from training.learning.linear_head import fit_head
from training.progress import Cancelled

FOLDS = [
    (list(range(20, 60)), list(range(20))),
    ([*range(20), *range(40, 60)], list(range(20, 40))),
    (list(range(40)), list(range(40, 60))),
]


def some_features(width: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = np.tile([0, 1], 30).astype(np.int8)
    features = generator.normal(0, 1, (60, width)).astype(np.float32)
    features[:, 0] += 4.0 * labels
    return features, labels


@pytest.mark.parametrize("width", [4, 200])
def test_the_head_ranks_what_it_was_not_fitted_on(width: int) -> None:
    features, labels = some_features(width)
    fitted = fit_head([features], labels, FOLDS, strengths=[0.01, 0.1], balanced=True)
    told = fitted.out_of_fold
    assert np.mean(told[labels == 1][:, None] > told[labels == 0]) > 0.7
    assert fitted.strength in (0.01, 0.1)


def test_fitting_in_the_span_of_the_patches_is_the_same_as_fitting_in_full() -> None:
    """With more numbers than patches a rotation is fitted; padding with zeros decides which."""
    features, labels = some_features(50)
    fitted = fit_head([features], labels, FOLDS, strengths=[0.1], balanced=True)
    wide = np.hstack([features, np.zeros((60, 100), np.float32)])
    same = fit_head([wide], labels, FOLDS, strengths=[0.1], balanced=True)
    assert same.out_of_fold == pytest.approx(fitted.out_of_fold, abs=5e-3)


def test_only_the_rows_asked_for_are_fitted_on() -> None:
    features, labels = some_features(4)
    fold = (list(range(40)), list(range(40, 60)))
    fitted = fit_head([features], labels, [fold], strengths=[0.1], balanced=True, fit_on=range(40))
    assert np.isnan(fitted.out_of_fold[:40]).all()
    assert fitted.out_of_fold[40:] == pytest.approx(fitted.head.logits(features[40:]))


def test_patches_turned_otherwise_are_fitted_on_too() -> None:
    features, labels = some_features(4)
    other, _ = some_features(4, seed=1)
    one = fit_head([features], labels, FOLDS, strengths=[0.1], balanced=True)
    two = fit_head([features, other], labels, FOLDS, strengths=[0.1], balanced=True)
    assert not np.allclose(one.head.weight, two.head.weight)


def test_it_can_be_stopped() -> None:
    features, labels = some_features(4)
    with pytest.raises(Cancelled):
        fit_head(
            [features], labels, FOLDS, strengths=[0.1], balanced=True, should_stop=lambda: True
        )
