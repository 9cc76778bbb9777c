"""What relabelling does to percentages."""

import numpy as np
import pytest

from glomviewer.domain.agreement.percentages import relabelling
from glomviewer.domain.cases import wilson


def made(labels, case, before, after, names=("K2", "k1", "K3"), **given):
    return relabelling(
        names,
        np.array(case, dtype=np.int32),
        np.array(before, dtype=np.int8),
        np.array(after, dtype=np.int8),
        labels,
        **given,
    )


def test_percentages_before_and_after_with_wilsons_interval(labels):
    found = made(labels, [0, 0, 0, 0, 1, 1], [1, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 1])
    assert [row.case for row in found.cases] == ["k1", "K2"]
    second = found.cases[1]
    assert (second.before, second.after) == (wilson(1, 4), wilson(0, 4))
    assert (second.category_before, second.category_after) == (1, 0)
    assert [row.case for row in found.changing] == ["K2"]
    assert found.cut_offs == (0.2,)
    assert found.patches == 1
    assert (found.cases[0].relabelled, second.relabelled) == (False, True)


def test_reaching_the_cut_off_is_above_it(labels):
    found = made(labels, [0] * 5, [0] * 5, [1, 0, 0, 0, 0])
    assert (found.cases[0].category_before, found.cases[0].category_after) == (0, 1)


def test_labels_that_are_no_class_are_in_no_denominator(labels):
    found = made(labels, [0] * 4, [1, 0, 0, 0], [1, 0, 2, 3])
    assert (found.cases[0].before.total, found.cases[0].after.total) == (4, 2)
    assert found.patches == 2


def test_a_case_that_had_no_label_has_no_category_to_change(labels):
    found = made(labels, [0, 0], [-1, -1], [1, 1])
    assert found.cases[0].category_before is None
    assert found.changing == ()
    assert found.cases[0].relabelled


def test_several_cut_offs_and_those_that_move_most_first(labels):
    case = [0] * 10 + [1] * 10
    found = made(
        labels,
        case,
        [1] * 3 + [0] * 7 + [0] * 10,
        [1] * 6 + [0] * 4 + [1] * 10,
        cut_offs=(0.5, 0.2, 0.5),
    )
    assert found.cut_offs == (0.2, 0.5)
    assert [(row.case, row.category_before, row.category_after) for row in found.changing] == [
        ("k1", 0, 2),
        ("K2", 1, 2),
    ]


def test_patches_of_no_case_are_counted_as_changed_alone(labels):
    found = made(labels, [-1, -1], [1, 0], [0, 0])
    assert (found.cases, found.patches) == ((), 1)


def test_nothing_gives_nothing(labels):
    assert made(labels, [], [], [], names=()).cases == ()


@pytest.mark.parametrize("cut_off", [0, -0.1, 20, float("nan")])
def test_a_cut_off_that_is_no_share_is_refused(labels, cut_off):
    with pytest.raises(ValueError, match="give one above 0"):
        made(labels, [0], [1], [1], cut_offs=(cut_off,))
