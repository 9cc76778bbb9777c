"""Percentages per case and slide."""

import numpy as np
import pytest
from builders import PatchPlan, add_model, make_library
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.cases import case_summaries, wilson
from glomviewer.domain.labels import NO_LABEL, Split


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share_and_stays_inside(positive, rest):
    total = positive + rest
    found = wilson(positive, total)
    if total == 0:
        assert np.isnan(found.low)
        return
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0


def test_wilson_as_printed_in_textbooks():
    found = wilson(10, 20)
    assert (found.low, found.high) == pytest.approx((0.2993, 0.7007), abs=1e-4)


def test_more_than_all_is_refused():
    with pytest.raises(ValueError, match="no proportion"):
        wilson(3, 2)


@pytest.fixture
def small(tmp_path):
    made = make_library(
        tmp_path,
        [
            PatchPlan(case="a", slide="a1", label=1, split=Split.TRAIN),
            PatchPlan(case="a", slide="a1", label=0, split=Split.TRAIN),
            PatchPlan(case="a", slide="a2", label=2, split=Split.TRAIN),
            PatchPlan(case="a", slide="a2", label=3, split=Split.TRAIN),
            PatchPlan(case="a", slide="a2", label=NO_LABEL, split=Split.TRAIN),
            PatchPlan(case="b", slide="b1", label=1, split=Split.LOCKED),
            PatchPlan(case="", slide="alone", label=0, split=Split.TRAIN),
        ],
        image_files=False,
    )
    yield made
    made.library.close()


def summaries(small, reader=None, model=None):
    table = small.library.load_table(reader)
    if model is not None:
        table.view = small.library.load_model_view(table, model)
    return {one.case or one.slide: one for one in case_summaries(table, small.library.label_set)}


def test_cannot_tell_and_not_a_glomerulus_are_in_no_denominator(small):
    case = summaries(small)["a"]
    assert (case.patches, case.glomeruli) == (5, 3)
    assert (case.reference.positive, case.reference.total) == (1, 2)
    assert (case.cannot_tell, case.not_a_glomerulus, case.unlabelled) == (1, 1, 1)
    assert case.few


def test_slides_stand_beneath_their_case(small):
    case = summaries(small)["a"]
    assert [(slide.slide, slide.glomeruli) for slide in case.slides] == [("a1", 2), ("a2", 1)]


def test_a_slide_without_a_case_stands_for_itself(small):
    alone = summaries(small)["alone"]
    assert (alone.case, alone.slide, alone.glomeruli) == ("", "alone", 1)


def test_excluded_patches_leave_the_percentage_and_are_counted(small):
    small.library.exclude(reader=small.reader, case="a", reason="wrong stain")
    case = summaries(small)["a"]
    assert (case.glomeruli, case.excluded, case.patches) == (0, 5, 5)


def test_a_percentage_by_the_model_hides_calls_on_locked_patches_until_decided(small):
    model = add_model(small, dict.fromkeys(small.ids, 1.0))
    before = summaries(small, small.reader, model)
    assert before["a"].model is not None
    assert before["a"].model.value == 1.0
    assert before["b"].model is None
    assert before["b"].hidden == 1
    locked = small.ids[5]
    small.library.decide(reader=small.reader, patches=[locked], label=0, call_shown=False)
    after = summaries(small, small.reader, model)
    assert after["b"].hidden == 0
    assert after["b"].model is not None
