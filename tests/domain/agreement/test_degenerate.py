"""What is answered where there is little to answer from: the table of all such cases."""

import pytest

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.measuring import agreement_of
from glomviewer.domain.agreement.pairs import agreement_of_two
from glomviewer.domain.agreement.statistic import Caution, Measure

NOTHING = "no patch has been called"
ALONE = "only one of them has called any patch"
APART = "no patch has been called by two of them"
NOT_SO = "no compared patch was called so"
NOT_OTHERWISE = "no compared patch was called otherwise"
BOTH_ONE = "both called every compared patch the same one class, so agreement by chance is complete"
CALLS_ONE = "every call is the same one class, so agreement by chance is complete"
COMPARED_ONE = "every compared call is the same one class, so agreement by chance is complete"
SINGLE_LISTED = "only one category is listed, and chance needs two"

# rows, categories, then: raw, positive, negative, Cohen, Fleiss, AC1, alpha
PAIRS = {
    "no patches": ([], (0, 1), [NOTHING] * 7),
    "nobody read anything": ([(-1, -1)] * 3, (0, 1), [NOTHING] * 7),
    "one reader alone": ([(1, -1), (0, -1)], (0, 1), [ALONE] * 7),
    "no overlap": ([(1, -1), (-1, 0)], (0, 1), [APART] * 7),
    "all sclerotic": (
        [(1, 1)] * 4,
        (0, 1),
        [1.0, 1.0, NOT_OTHERWISE, BOTH_ONE, CALLS_ONE, 1.0, COMPARED_ONE],
    ),
    "none sclerotic": (
        [(0, 0)] * 4,
        (0, 1),
        [1.0, NOT_SO, 1.0, BOTH_ONE, CALLS_ONE, 1.0, COMPARED_ONE],
    ),
    "one category listed": (
        [(1, 1)] * 4,
        (1,),
        [1.0, 1.0, NOT_OTHERWISE, BOTH_ONE, CALLS_ONE, SINGLE_LISTED, COMPARED_ONE],
    ),
    "perfect agreement on two classes": ([(1, 1), (0, 0), (0, 0)], (0, 1), [1.0] * 7),
    "an empty class": ([(1, 1), (0, 0), (0, 0)], (0, 1, 2), [1.0] * 7),
    "complete disagreement": (
        [(1, 0), (0, 1)],
        (0, 1),
        [0.0, 0.0, 0.0, -1.0, -1.0, -1.0, -0.5],
    ),
    "each a class of his own": (
        [(1, 0), (1, 0)],
        (0, 1),
        [0.0, 0.0, 0.0, 0.0, -1.0, -1.0, -0.5],
    ),
    "one patch, agreed": (
        [(1, 1)],
        (0, 1),
        [1.0, 1.0, NOT_OTHERWISE, BOTH_ONE, CALLS_ONE, 1.0, COMPARED_ONE],
    ),
    "one patch, disputed": ([(1, 0)], (0, 1), [0.0, 0.0, 0.0, 0.0, -1.0, -1.0, 0.0]),
}
TWO_ONLY = "it compares two, and here are {}"
MANY = {
    "no reader": ([], (0, 1), 0, [NOTHING] * 7),
    "no patches": ([], (0, 1), 3, [NOTHING] * 7),
    "one reader": ([(1,), (0,)], (0, 1), 1, [ALONE] * 7),
    "one of three has read": ([(1, -1, -1), (0, -1, -1)], (0, 1), 3, [ALONE] * 7),
    "every patch read once": ([(1, -1, -1), (-1, 0, -1), (-1, -1, 1)], (0, 1), 3, [APART] * 7),
    "all sclerotic": (
        [(1, 1, 1), (1, 1, -1)],
        (0, 1),
        3,
        [1.0, 1.0, NOT_OTHERWISE, TWO_ONLY, CALLS_ONE, 1.0, COMPARED_ONE],
    ),
    "perfect agreement": (
        [(1, 1, 1), (0, 0, -1), (0, 0, 0)],
        (0, 1),
        3,
        [1.0, 1.0, 1.0, TWO_ONLY, 1.0, 1.0, 1.0],
    ),
    # What is compared is all sclerotic, and a patch that one alone read is not: alpha looks at the
    # compared ones alone, and the others take chance from every call, as in irrCAC.
    "one class but for a patch read once": (
        [(1, 1, 1), (1, 1, 1), (0, -1, -1)],
        (0, 1),
        3,
        [1.0, 1.0, NOT_OTHERWISE, TWO_ONLY, 1.0, 1.0, COMPARED_ONE],
    ),
}


FEW, FIXED, FREE = Caution.FEW, Caution.FIXED, Caution.NONE
# rows, then what is said beside: raw, positive, negative, Cohen, Fleiss, AC1, alpha
CAUTIONS = {
    "no patches": ([], [FREE] * 7),
    "one reader alone": ([(1, -1)] * 6, [FREE] * 7),
    "nine patches, six the same": (
        [(1, 1), (0, 0), (1, 0)] * 3,
        [FREE, FREE, FREE, FEW, FEW, FREE, FEW],
    ),
    "ten patches, seven the same": ([(1, 1), (0, 0), (1, 0)] * 3 + [(1, 1)], [FREE] * 7),
    "nine patches, one and the same class of one": (
        [(1, 1)] * 8 + [(1, 0)],
        [FREE, FREE, FREE, FIXED, FEW, FREE, FEW],
    ),
    "twenty patches, one and the same class of one": (
        [(1, 1)] * 19 + [(1, 0)],
        [FREE, FREE, FREE, FIXED, FREE, FREE, FREE],
    ),
    # Kappa has no value then, and what has none needs no caution.
    "nine patches of one class": ([(1, 1)] * 9, [FREE] * 7),
}


@pytest.mark.parametrize("plan", [None, Bootstrap(draws=20)], ids=["plain", "with intervals"])
@pytest.mark.parametrize("case", CAUTIONS)
def test_what_kappa_must_not_be_shown_without(ratings, case, plan):
    rows, expected = CAUTIONS[case]
    found = agreement_of_two(ratings(rows, (0, 1), raters=2), (1,), plan)
    assert [found[measure].caution for measure in Measure] == expected
    for measure in Measure:
        one = found[measure]
        assert bool(one.note) == bool(one.caution)
        assert "fewer than 10" in one.note or one.caution is not FEW
        # Kappa is 0 in every draw then: no interval that would make it look certain.
        assert one.caution is not FIXED or (one.value, one.low, one.high) == (0.0, None, None)


def test_a_class_is_told_of_with_the_same_caution(ratings):
    few, many = [(1, 1), (0, 0), (1, 0)], [(1, 1), (0, 0), (1, 0)] * 4
    for rows, caution in ((few, FEW), (many, FREE)):
        for raters in (rows, [(*row, 0) for row in rows]):
            found = agreement_of(ratings(raters, (0, 1)), (1,)).classes[1]
            assert found.kappa.caution is caution


def assert_answers(agreement, expected, raters):
    for measure, answer in zip(Measure, expected, strict=True):
        found = agreement[measure]
        if isinstance(answer, str):
            assert (found.value, found.reason) == (None, answer.format(raters)), measure
            assert found.text() == f"not defined: {answer.format(raters)}"
            assert (found.low, found.high) == (None, None)
        else:
            assert found.value == pytest.approx(answer, abs=1e-12), measure
            assert found.text().startswith(f"{answer:.3f}")


@pytest.mark.parametrize("plan", [None, Bootstrap(draws=20)], ids=["plain", "with intervals"])
@pytest.mark.parametrize("case", PAIRS)
def test_pairs(ratings, case, plan):
    rows, categories, expected = PAIRS[case]
    given = ratings(rows, categories, raters=2)
    assert_answers(agreement_of_two(given, (1,), plan), expected, 2)


@pytest.mark.parametrize("plan", [None, Bootstrap(draws=20)], ids=["plain", "with intervals"])
@pytest.mark.parametrize("case", MANY)
def test_many(ratings, case, plan):
    rows, categories, raters, expected = MANY[case]
    given = ratings(rows, categories, raters=raters)
    assert_answers(agreement_of(given, (1,), plan), expected, raters)


def test_a_kappa_that_is_0_by_its_table_says_so(ratings):
    """One called everything sclerotic: kappa is 0 although they agree on nine of ten."""
    found = agreement_of_two(ratings([(1, 1)] * 9 + [(1, 0)]), (1,))
    assert found[Measure.RAW].value == pytest.approx(0.9)
    assert found[Measure.COHEN].value == 0.0
    assert "single class" in found[Measure.COHEN].note
    assert found[Measure.AC1].note == ""


def test_a_class_that_nobody_used_has_no_kappa_and_no_specific_agreement(ratings):
    for rows in ([(1, 1), (0, 0), (0, 1)], [(1, 1, 0), (0, 0, 0)]):
        found = agreement_of(ratings(rows, (0, 1, 2)), (1,)).classes[2]
        assert (found.category, found.calls) == (2, 0)
        assert (found.specific.value, found.kappa.value) == (None, None)
        assert found.specific.reason
        assert "called" in found.kappa.reason
        assert found.ac1.value == 1.0
        assert found.ac1.note == "nobody called a patch so"


def test_a_pair_must_be_two(ratings):
    with pytest.raises(ValueError, match="not 3"):
        agreement_of_two(ratings([(1, 1, 0)]), (1,))
