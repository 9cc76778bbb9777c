"""Tables that do not fit are refused in a sentence."""

import numpy as np
import pytest

from glomviewer.domain.agreement.ratings import Ratings, Repeats, used_codes


def made(codes, *, raters=("A", "B"), groups=None, categories=(0, 1), subjects=None):
    codes = np.array(codes, dtype=np.int8)
    groups = np.arange(len(codes), dtype=np.int32) if groups is None else np.array(groups)
    return Ratings(codes, raters, groups, categories, subjects)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"raters": ("A",)}, "do not fit 1 raters"),
        ({"groups": [0]}, "Every subject needs a group"),
        ({"groups": [0, -1]}, "Every subject needs a group"),
        ({"categories": (0, 1, 1)}, "listed twice"),
        ({"categories": (0,)}, "The code 1 is used"),
        ({"subjects": np.arange(3)}, "3 ids do not fit 2 subjects"),
    ],
)
def test_what_does_not_fit_is_refused(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        made([(0, 1), (1, -1)], **wrong)


def test_used_codes_are_those_that_occur():
    assert used_codes(np.array([[5, -1], [127, 0]], dtype=np.int8)) == {0, 5, 127}
    assert used_codes(np.zeros((0, 3), dtype=np.int8)) == set()


def test_a_table_with_a_column_too_few_is_refused(table):
    with pytest.raises(ValueError, match="`final` has the shape"):
        table([(0, 1), (1, 1)], final=[(0,), (1,)])


def test_patches_without_a_case_are_groups_of_their_own(table):
    groups = table([(0, 1)] * 5, case=[0, -1, 1, -1, 0]).groups()
    assert groups[0] == groups[4]
    assert len(set(groups.tolist())) == 4


def test_repeats_may_be_none():
    assert len(Repeats.none().patches) == 0
