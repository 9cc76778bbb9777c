from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.config import UserError
from training.patches.manifest import ManifestRow, Split
from training.patches.splitting import Splits, cut_locked, group_folds, prepare_splits


def row(
    number: int,
    label: int | None,
    group: str = "",
    split: Split = "train",
    pixels: str = "",
    gate: bool = True,
) -> ManifestRow:
    return ManifestRow(
        str(number), Path(f"{number}.png"), pixels or f"h{number}", group, split, label, gate
    )


def cohort(groups: int = 10, per_group: int = 8, split: Split = "train") -> list[ManifestRow]:
    return [
        row(g * per_group + i, int(i < 2), f"{split} {g}", split)
        for g in range(groups)
        for i in range(per_group)
    ]


def prepared(rows: list[ManifestRow]) -> Splits:
    return prepare_splits(rows, share=0.2, seed=0)


def test_validation_is_cut_from_train_by_group() -> None:
    splits = prepared(cohort())
    assert len(splits.validation) == 16
    assert not {r.group for r in splits.train} & {r.group for r in splits.validation}
    assert {r.split for r in splits.validation} == {"validation"}
    assert any("by case or slide" in note for note in splits.notes)


def test_without_groups_it_is_cut_by_patch_and_said_aloud() -> None:
    splits = prepared([row(i, int(i % 4 == 0)) for i in range(40)])
    assert {r.label for r in splits.validation} == {0, 1}
    assert any("flatters" in note for note in splits.notes)


def test_a_validation_set_that_is_there_stays() -> None:
    rows = [*cohort(), *cohort(3, split="validation")]
    rows = [
        *rows[:80],
        *(row(1000 + i, r.label, r.group, r.split) for i, r in enumerate(rows[80:])),
    ]
    splits = prepared(rows)
    assert (len(splits.train), len(splits.validation)) == (80, 24)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6)), min_size=8, max_size=60))
def test_no_group_is_ever_in_two_parts(drawn: list[tuple[int, int]]) -> None:
    rows = [row(i, label, f"g{group}") for i, (label, group) in enumerate(drawn)]
    try:
        splits = prepared(rows)
    except UserError as error:
        assert str(error).endswith(".")
        return
    assert not {r.group for r in splits.train} & {r.group for r in splits.validation}
    for part in (splits.train, splits.validation):
        assert {r.label for r in part} == {0, 1}


def test_pixels_with_two_labels_leave_and_are_counted() -> None:
    rows = [*cohort(), row(900, 1, "x", pixels="same"), row(901, 0, "y", pixels="same")]
    splits = prepared(rows)
    assert any("2 patches left out: the same pixels bear both labels" in n for n in splits.notes)
    # None of them was locked, so the gate lacks none.
    assert splits.left_out == {}
    assert not {"900", "901"} & {r.patch for r in splits.tuned}


def test_pixels_in_two_splits_leave_training_and_gate() -> None:
    rows = [*cohort(), row(900, 1, "x", pixels="h0", split="locked"), row(901, 0, "x", "locked")]
    splits = prepared(rows)
    assert splits.left_out == {"two_splits": 1}
    assert [r.patch for r in splits.locked] == ["901"]
    assert "0" not in {r.patch for r in splits.tuned}


def test_a_duplicate_within_a_split_counts_once() -> None:
    splits = prepared([*cohort(), row(900, 1, "train 0", pixels="h0")])
    assert any("1 patches left out: the same pixels as another" in n for n in splits.notes)
    assert len(splits.tuned) == 80


def test_locked_patches_without_a_label_are_counted() -> None:
    splits = prepared([*cohort(), row(900, None, "x", "locked"), row(901, None, "y")])
    assert splits.left_out == {"unlabelled": 1}
    assert any("2 patches left out: no label" in note for note in splits.notes)


def test_a_locked_patch_not_for_the_gate_is_left_out() -> None:
    rows = [*cohort(), row(900, 1, "x", "locked", gate=False), row(901, 1, "x", "locked")]
    splits = prepared(rows)
    assert [r.patch for r in splits.locked] == ["901"]
    assert splits.left_out["not_for_gate"] == 1


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "no labelled training patch"),
        ([row(1, None)], "no labelled training patch"),
        ([row(i, 0, f"g{i}") for i in range(20)], "of one class"),
        ([row(i, int(i == 0), f"g{i}") for i in range(3)], "at least 4 patches of each class"),
        ([row(i, i % 2, "only one") for i in range(20)], "one case or slide"),
        ([row(i, int(i < 8), "gs" if i < 8 else f"g{i}") for i in range(30)], "of one class"),
    ],
)
def test_data_that_cannot_train_are_refused_in_one_sentence(
    rows: list[ManifestRow], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        prepared(rows)


def test_a_validation_set_of_one_class_is_refused() -> None:
    rows = [*cohort(), *(row(900 + i, 0, "v", "validation") for i in range(5))]
    with pytest.raises(UserError, match="The validation set holds 0 sclerotic"):
        prepared(rows)


def test_folds_keep_groups_whole_and_hold_every_patch_once() -> None:
    rows = cohort()
    folds = group_folds(rows, folds=5, seed=1)
    assert len(folds) == 5
    assert sorted(i for _, fold in folds for i in fold) == list(range(80))
    for rest, fold in folds:
        assert not {rows[i].group for i in rest} & {rows[i].group for i in fold}


def test_few_groups_give_fewer_folds() -> None:
    assert len(group_folds(cohort(3), folds=5, seed=0)) == 3


def test_data_without_a_split_get_a_locked_set_of_their_own_groups() -> None:
    rows = cut_locked(cohort(split=""), seed=0)
    locked = {r.group for r in rows if r.split == "locked"}
    assert len(locked) == 2
    assert not locked & {r.group for r in rows if r.split == "train"}


def test_folds_of_one_class_are_refused_for_that_reason() -> None:
    one_class = [replace(one, label=1) for one in cohort(groups=3, per_group=2)]
    with pytest.raises(UserError, match="are of one class"):
        group_folds(one_class, folds=3, seed=0)
