"""Folds are the same for all, keep groups whole and hold each patch out once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.config import UserError
from training.judging.folds import plan_folds, rows_hash, wanted_rows
from training.patches.manifest import ManifestRow


def a_row(number: int, *, slide: str = "", label: int | None = 0, **more) -> ManifestRow:
    given = {"hash": f"{number:064}", "slide": slide, "group": slide, "label": label, **more}
    return ManifestRow(f"p{number}", Path("p.png"), **given)


def some_rows(slides: int = 8, each: int = 6) -> list[ManifestRow]:
    return [
        a_row(
            slide * each + i, slide=f"s{slide}", label=int(i % 3 == 0), centre="AB"[slide % 2] * 2
        )
        for slide in range(slides)
        for i in range(each)
    ]


@settings(max_examples=30, deadline=None)
@given(st.integers(5, 12), st.integers(3, 8), st.integers(2, 5), st.integers(0, 99))
def test_every_patch_is_held_out_once_and_no_group_is_divided(
    slides: int, each: int, folds: int, seed: int
) -> None:
    plan = plan_folds(some_rows(slides, each), folds=folds, grouping="auto", seed=seed)
    held_out = [i for fold in plan.folds for i in fold.held_out]
    assert sorted(held_out) == list(range(len(plan.rows)))
    for number, fold in enumerate(plan.folds):
        assert sorted([*fold.train, *fold.held_out]) == list(range(len(plan.rows)))
        kept, held = plan.part(fold.train), plan.part(fold.held_out)
        assert not {row.group for row in kept} & {row.group for row in held}
        assert {row.label for row in kept} == {0, 1}
        assert (plan.numbers[fold.held_out] == number).all()


def test_the_same_patches_give_the_same_folds_whatever_their_split_was() -> None:
    rows = some_rows()
    split = [replace(row, split="locked", gate=True) for row in rows[:12]] + rows[12:]
    plans = [plan_folds(given, folds=4, grouping="auto", seed=1) for given in (rows, split)]
    assert plans[0].folds == plans[1].folds
    assert plans[0].data_hash == plans[1].data_hash
    assert plan_folds(rows, folds=4, grouping="auto", seed=2).folds != plans[0].folds


def test_the_same_pixels_are_there_once_and_with_two_labels_not_at_all() -> None:
    rows = some_rows()
    twin = a_row(900, slide="s1", label=rows[0].label, hash=rows[0].hash)
    clash = a_row(901, slide="s2", label=1 - (rows[1].label or 0), hash=rows[1].hash)
    plan = plan_folds([*rows, twin, clash], folds=4, grouping="auto", seed=0)
    assert len(plan.rows) == len(rows) - 1
    assert any("both labels" in note for note in plan.notes)
    assert any("another patch" in note for note in plan.notes)


def test_one_centre_is_left_out_at_a_time_and_slides_stay_the_groups() -> None:
    rows = [*some_rows(), a_row(900, slide="s99", label=1)]
    plan = plan_folds(rows, folds=5, grouping="centre", seed=0)
    assert [fold.name for fold in plan.folds] == ["AA", "BB"]
    for fold in plan.folds:
        assert {row.centre for row in plan.part(fold.held_out)} == {fold.name}
        assert fold.name not in {row.centre for row in plan.part(fold.train)}
    assert len({row.group for row in plan.rows}) == 8
    assert plan.notes == ["1 patches left out: no centre is known"]


@pytest.mark.parametrize("grouping", ["slide", "case"])
def test_a_grouping_that_nothing_is_known_of_is_refused(grouping) -> None:
    rows = [replace(row, slide="") for row in some_rows()]
    with pytest.raises(UserError, match=f"none is: give labels.csv a column '{grouping}'"):
        plan_folds(rows, folds=4, grouping=grouping, seed=0)


def test_a_patch_of_unknown_slide_stays_with_its_case() -> None:
    rows = [
        replace(row, slide="", case=row.slide) if i < 12 else row
        for i, row in enumerate(some_rows())
    ]
    plan = plan_folds(rows, folds=4, grouping="slide", seed=0)
    assert {row.group for row in plan.rows[:6]} == {"s0"}
    assert len({row.group for row in plan.rows}) == 8


def test_one_centre_alone_is_refused_with_what_to_do() -> None:
    rows = [replace(row, centre="AA") for row in some_rows()]
    with pytest.raises(UserError, match="only AA is known: give labels"):
        plan_folds(rows, folds=5, grouping="centre", seed=0)


def test_a_centre_that_holds_all_of_a_class_cannot_be_left_out() -> None:
    rows = [replace(row, label=int(row.centre == "AA")) for row in some_rows()]
    with pytest.raises(UserError, match="Without the centre AA the patches are of one class"):
        plan_folds(rows, folds=5, grouping="centre", seed=0)


def test_fewer_folds_than_asked_for_are_told() -> None:
    plan = plan_folds(some_rows(slides=3), folds=5, grouping="slide", seed=0)
    assert len(plan.folds) == 3
    assert "only 3 folds can be cut of 5" in plan.notes[0]


def test_a_case_that_grouping_by_slide_would_divide_is_told() -> None:
    rows = [replace(row, case="c0" if row.slide in ("s0", "s1") else "") for row in some_rows()]
    plan = plan_folds(rows, folds=4, grouping="slide", seed=0)
    assert any("1 cases have slides in more than one group" in note for note in plan.notes)
    assert plan_folds(rows, folds=2, grouping="case", seed=0).rows[0].group == "c0"


def test_patches_of_no_known_group_are_told_to_flatter() -> None:
    rows = [a_row(i, label=i % 2) for i in range(20)]
    plan = plan_folds(rows, folds=4, grouping="auto", seed=0)
    assert "20 patches are of no known group" in plan.notes[0]


def test_final_patches_never_take_part_and_locked_ones_unless_they_are_kept() -> None:
    rows = [
        a_row(1, split="train"),
        a_row(2, split="locked"),
        a_row(3, split="final"),
        a_row(4, label=None),
    ]
    assert [row.patch for row in wanted_rows(rows, keep_locked=False)] == ["p1", "p2"]
    assert [row.patch for row in wanted_rows(rows, keep_locked=True)] == ["p1"]


def test_the_hash_follows_from_labels_and_groups_but_not_from_their_order() -> None:
    rows = some_rows()
    assert rows_hash(rows) == rows_hash(rows[::-1])
    assert rows_hash(rows) != rows_hash([replace(rows[0], label=0), *rows[1:]])
    assert rows_hash(rows) != rows_hash([replace(rows[0], group="other"), *rows[1:]])


def test_numbers_are_of_the_folds() -> None:
    plan = plan_folds(some_rows(), folds=4, grouping="auto", seed=0)
    assert np.bincount(plan.numbers).tolist() == [len(fold.held_out) for fold in plan.folds]
