"""Any two beside each other are counted as in the summary."""

import numpy as np
import pytest

from glomviewer.domain.agreement.counted_table import CountedTable
from glomviewer.domain.agreement.parties import (
    Side,
    both_called,
    compared_patches,
    confusion_of,
    number_of_readers,
    parties_of,
    patches_called,
    patches_of_case,
)
from glomviewer.domain.agreement.rule import UnsureRule
from glomviewer.domain.agreement.summary import summarise

FIRST = [[1, 1], [1, 0], [0, 0], [2, 0], [1, -1], [0, 0]]
FINAL = [[1, 1], [0, 0], [0, 0], [2, 0], [1, -1], [0, 0]]


@pytest.fixture
def known(table):
    return table(
        FIRST,
        final=FINAL,
        revealed=[
            [False, False],
            [True, False],
            [False] * 2,
            [True, False],
            [False] * 2,
            [False] * 2,
        ],
        case=[0, 0, 1, 1, 2, 2],
        reference=[1, 0, 0, 0, 1, 1],
        sources=[1, 1, 2, 2, 3, 4],
        call=[1, 0, 0, 1, 0, 0],
        trained_on=[False, False, False, False, False, True],
        model="demo · 1",
    )


@pytest.fixture(params=list(UnsureRule))
def both(request, known, labels):
    """The counted table and the summary by one of the rules."""
    return CountedTable.of(known, labels, request.param), summarise(known, labels, request.param)


def party(counted, side, reader=-1):
    return next(one for one in parties_of(counted) if one.side is side and one.reader == reader)


def same(found, expected):
    assert found.categories == expected.categories
    assert np.array_equal(found.counts, expected.counts)


def test_any_two_are_counted_as_in_the_summary(both):
    counted, summary = both
    ann, bob = (party(counted, Side.READER, place) for place in (0, 1))
    reference, model = party(counted, Side.REFERENCE), party(counted, Side.MODEL)
    after = party(counted, Side.AFTER_REVEAL, 0)
    same(confusion_of(counted, ann, bob), summary.pairs[0].agreement.confusion)
    for reader, column in ((ann, 0), (bob, 1)):
        same(
            confusion_of(counted, reader, reference),
            summary.reference[column].agreement.confusion,
        )
        same(confusion_of(counted, reader, model), summary.model[column].before.confusion)
    same(confusion_of(counted, after, model), summary.model[0].revealed_after.confusion)


def test_the_other_way_round_is_the_same_turned(both):
    counted, _ = both
    sides = parties_of(counted)
    for one in sides:
        for other in sides:
            there, back = confusion_of(counted, one, other), confusion_of(counted, other, one)
            assert np.array_equal(there.counts, back.counts.T)


def test_reference_and_model_stand_beside_each_other(known, labels):
    counted = CountedTable.of(known, labels, UnsureRule.OWN_CATEGORIES)
    model = confusion_of(counted, party(counted, Side.REFERENCE), party(counted, Side.MODEL))
    assert model.patches(0, 1).tolist() == [4] and model.patches(1, 0).tolist() == [5]
    assert both_called(model).tolist() == [1, 2, 3, 4, 5], "it was trained on the sixth"


def test_the_patches_behind_figures(known, labels):
    counted = CountedTable.of(known, labels, UnsureRule.OWN_CATEGORIES)
    assert compared_patches(counted).tolist() == [1, 2, 3, 4, 6]
    assert patches_called(counted, 2).tolist() == [4]
    assert patches_of_case(counted, "C0").tolist() == [1, 2]
    assert patches_of_case(counted, "C1", disputed=True).tolist() == [4]
    assert number_of_readers(counted) == 2


def test_who_has_no_call_is_no_party(table, labels):
    counted = CountedTable.of(table([[1, -1], [0, -1]]), labels, UnsureRule.OWN_CATEGORIES)
    assert [one.name for one in parties_of(counted)] == ["Reader 0"]
    assert number_of_readers(counted) == 1
