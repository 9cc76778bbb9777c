"""Cases that cross a cut-off when the threshold moves, against counting everything anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threshold_rows import LOGITS, ROWS, arrays

from glomviewer.domain.thresholds.crossing import CaseCalls

NAMES = tuple(f"case {number}" for number in range(7))


def calls_of(logit, case, slides_from=None):
    patch = np.arange(1, len(logit) + 1)
    return CaseCalls.of(patch, np.array(logit, float), np.array(case), NAMES, slides_from)


@given(ROWS, LOGITS, LOGITS, st.sampled_from([0.1, 0.2, 0.25, 0.5]))
def test_only_what_lies_between_two_thresholds_is_counted_and_it_is_enough(
    rows, before, after, cut_off
):
    logit, _, case = arrays(rows)
    calls = calls_of(logit, case)
    expected = {}
    for number, name in enumerate(NAMES):
        own = logit[case == number]
        if len(own):
            old, new = np.sum(own >= before), np.sum(own >= after)
            if (old / len(own) >= cut_off) != (new / len(own) >= cut_off):
                expected[name] = (len(own), old, new)
    found = calls.crossing(before, calls.called(before), after, cut_off)
    assert {one.case: (one.glomeruli, one.before, one.after) for one in found} == expected
    changed = (logit >= before) != (logit >= after)
    assert sorted(calls.changed(before, after)) == (np.flatnonzero(changed) + 1).tolist()


def test_reaching_the_cut_off_is_crossing_it():
    calls = calls_of([0.0, 0.0, 0.0, 0.0, 1.0], [0] * 5)
    (one,) = calls.crossing(2.0, calls.called(2.0), 0.5)
    assert (one.name, one.shares) == ("case 0", (0.0, 0.2))
    assert calls.crossing(2.0, calls.called(2.0), 0.5, 0.21) == []


def test_the_largest_change_comes_first():
    calls = calls_of([1.0, 1.0, 1.0, 0.0, 0.0, 0.0], [0, 0, 0, 1, 1, 1])
    found = calls.crossing(2.0, calls.called(2.0), 0.5)
    assert [one.case for one in found] == ["case 0"]
    both = calls_of([1.0, 0.0, 1.0, 1.0], [0, 0, 1, 1])
    assert [one.case for one in both.crossing(2.0, both.called(2.0), 0.5)] == ["case 1", "case 0"]


@pytest.mark.parametrize(("slides_from", "unit"), [(7, "case"), (1, "slide")])
def test_slides_of_no_known_case_stand_for_themselves(slides_from, unit):
    calls = calls_of([1.0, 1.0, 1.0], [0, 1, 2], slides_from)
    assert calls.unit == unit
    found = calls.crossing(2.0, calls.called(2.0), 0.0 + 0.5, 0.2)
    assert {one.slide for one in found} == ({""} if unit == "case" else {"", "case 1", "case 2"})
