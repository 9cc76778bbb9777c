"""Slides, centres, and the patches that changed sides."""

import numpy as np

from glomviewer.domain.comparison.breakdown import UNKNOWN, by_centre, by_slide
from glomviewer.domain.comparison.calls import broken, mended, worst_mistakes
from glomviewer.domain.comparison.centres import centre_of, centres_of


def test_a_slide_counts_what_each_model_does_in_it(compared):
    both = compared(
        [True, True, False, False, True],
        [2, -1, 1, -2, 3],
        [2, 1, -1, -2, 3],
        slide=[0, 0, 0, 1, -1],
        slides=("a", "b"),
    )
    units = by_slide(both)
    assert [unit.name for unit in units] == ["a", "b", UNKNOWN]
    worst = units[0]
    assert (worst.patches, worst.sclerotic) == (3, 2)
    assert (worst.first.called, worst.first.errors, worst.first.recall) == (2, 2, 0.5)
    assert (worst.second.errors, worst.second.f1, worst.second.recall) == (0, 1.0, 1.0)
    assert units[1].second.f1 is None and units[1].second.recall is None
    assert both.ids(np.isin(np.arange(5), worst.rows)) == (1, 2, 3)


def test_without_two_centres_there_is_nothing_to_set_apart(compared):
    assert by_centre(compared([True, False], [1, -1], [1, -1])) == []


def test_flips_go_either_way_and_the_farthest_come_first(compared):
    both = compared(
        [True, True, True, False, False],
        [-1, -1, 2, -1, 1],
        [1, 3, -2, 2, 2],
    )
    assert mended(both) == (2, 1)
    assert broken(both) == (3, 4)
    assert worst_mistakes(both, both.second) == (3, 4, 5)
    assert worst_mistakes(both, both.first) == (1, 2, 5)


def test_mistakes_are_measured_from_the_threshold_not_from_zero(compared):
    both = compared([True, False], [0, 6], [0, 6], threshold=4.0)
    assert worst_mistakes(both, both.first) == (1, 2)


def test_a_centre_is_the_letters_that_a_slide_begins_with():
    assert [centre_of(name) for name in ("SESCAM_1_0", "SAS_21891_001", "VUHSK-1702")] == [
        "SESCAM",
        "SAS",
        "VUHSK",
    ]
    assert [centre_of(name) for name in ("S-2001-0012", "1234_A", "slide", "")] == [""] * 4


def test_centres_are_told_only_where_names_tell_several():
    slide = np.array([0, 1, 1, -1])
    codes, names = centres_of(["SAS_1", "VUHSK_2"], slide)
    assert names == ("SAS", "VUHSK")
    assert codes.tolist() == [0, 1, 1, -1]
    assert centres_of(["SAS_1", "SAS_2"], slide)[1] == ()
    many = [f"{chr(65 + n // 26)}{chr(65 + n % 26)}_1" for n in range(40)]
    assert centres_of(many, np.arange(40))[1] == ()
