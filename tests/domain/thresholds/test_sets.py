"""Which patches may move a threshold: never locked ones, nor what the model has learned from."""

import pytest
from builders import PatchPlan, add_model, make_library

from glomviewer.domain.labels import Split
from glomviewer.domain.thresholds.sets import (
    OUT_OF_FOLD,
    VALIDATION,
    case_calls,
    locked_scores,
    tuning_sets,
)

ROWS = [
    PatchPlan(case="a", label=1, split=Split.TRAIN),
    PatchPlan(case="a", label=0, split=Split.TRAIN),
    PatchPlan(case="b", label=1, split=Split.VALIDATION),
    PatchPlan(case="b", label=0, split=Split.VALIDATION),
    PatchPlan(case="b", label=2, split=Split.VALIDATION),
    PatchPlan(case="c", label=1, split=Split.LOCKED),
    PatchPlan(case="c", label=0, split=Split.LOCKED),
    PatchPlan(case="", slide="s", split=Split.TRAIN),
]


@pytest.fixture
def small(tmp_path):
    made = make_library(tmp_path, ROWS, image_files=False)
    yield made
    made.library.close()


def read(small, *, seen=(), out_of_fold=None):
    hashes = [small.library.patch(patch).pixel_hash for patch in seen]
    model = add_model(
        small, {patch: float(patch) for patch in small.ids}, out_of_fold=out_of_fold, seen=hashes
    )
    table = small.library.load_table(None)
    return table, small.library.load_model_scores(table, model)


def test_validation_where_nothing_was_out_of_a_fold(small):
    sets = tuning_sets(*read(small), trained_here=True)
    assert list(sets) == [VALIDATION]
    assert sets[VALIDATION].patch.tolist() == [3, 4]
    assert sets[VALIDATION].unit == "case"


def test_out_of_fold_scores_are_preferred_and_never_those_of_locked_patches(small):
    out_of_fold = {1: 0.5, 2: -0.5, 3: 7.0, 6: 9.0, 7: -9.0}
    sets = tuning_sets(*read(small, out_of_fold=out_of_fold), trained_here=True)
    assert list(sets) == [OUT_OF_FOLD, VALIDATION]
    found = sets[OUT_OF_FOLD]
    assert dict(zip(found.patch.tolist(), found.logit.tolist(), strict=True)) == {
        1: 0.5,
        2: -0.5,
        3: 7.0,
    }
    assert sets[VALIDATION].logit.tolist() == [4.0, 7.0]


def test_validation_patches_out_of_a_fold_are_still_validation(small):
    assert list(tuning_sets(*read(small, out_of_fold={3: 1.0, 4: 0.0}), trained_here=True)) == [
        VALIDATION
    ]


def test_a_model_from_elsewhere_may_have_learned_from_what_is_validation_here(small):
    table, scores = read(small, seen=[3])
    assert tuning_sets(table, scores, trained_here=False) == {}
    assert VALIDATION in tuning_sets(table, scores, trained_here=True)


def test_locked_patches_that_the_model_has_seen_are_left_out(small):
    table, scores = read(small, seen=[6])
    assert locked_scores(table, scores, table.ids).patch.tolist() == [7]


def test_cases_are_told_of_without_locked_ones_and_slides_without_a_case_stand_alone(small):
    calls = case_calls(*read(small))
    assert sorted(calls.patch.tolist()) == [1, 2, 3, 4, 8]
    found = calls.crossing(99.0, calls.called(99.0), -99.0)
    assert {(one.case, one.slide) for one in found} == {("a", ""), ("b", ""), ("", "s")}
