"""The table that irrCAC, scikit-learn and statsmodels were asked about."""

import json
from pathlib import Path

import numpy as np
import pytest

from glomviewer.domain.agreement.measuring import agreement_of
from glomviewer.domain.agreement.pairs import agreement_of_two
from glomviewer.domain.agreement.statistic import Measure

FILE = Path(__file__).parents[3] / "../shared/data/agreement_reference.json"
FAT, LYMPH, STROMA, TUMOR, NONE = 0, 1, 2, 3, -1
CATEGORIES = (FAT, LYMPH, STROMA, TUMOR)
ROWS = [
    (TUMOR, TUMOR, TUMOR),
    (TUMOR, STROMA, TUMOR),
    (STROMA, STROMA, STROMA),
    (STROMA, STROMA, NONE),
    (FAT, FAT, FAT),
    (FAT, FAT, STROMA),
    (NONE, TUMOR, TUMOR),
    (LYMPH, LYMPH, LYMPH),
    (LYMPH, TUMOR, LYMPH),
    (TUMOR, TUMOR, TUMOR),
    (STROMA, NONE, NONE),
    (NONE, FAT, STROMA),
]
ALL = {
    Measure.RAW: 0.7272727273,
    Measure.AC1: 0.6417085196,
    Measure.FLEISS: 0.6193273608,
    Measure.ALPHA: 0.6452599388,
}
COMPLETE = {
    Measure.RAW: 0.75,
    Measure.AC1: 0.6697247706,
    Measure.FLEISS: 0.6571428571,
    Measure.ALPHA: 0.6714285714,
}
# The chance term has 4 categories in its denominator in place of 3.
AC1_WITH_AN_UNUSED_FIFTH = (0.7272727273 - 0.2388117284 * 3 / 4) / (1 - 0.2388117284 * 3 / 4)
PAIRS = {
    (0, 1): (9, 0.7, 0.7777777778, 0.7057220708),
    (0, 2): (8, 0.829787234042, 0.875, 0.8350515464),
    (1, 2): (10, 0.45205479452, 0.6, 0.4748358862),
}


def values(agreement, measures):
    return {measure: agreement[measure].value for measure in measures}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(ROWS, ALL), ([row for row in ROWS if NONE not in row], COMPLETE)],
    ids=["with missing readings", "complete"],
)
def test_all_raters(ratings, rows, expected):
    found = agreement_of(ratings(rows, CATEGORIES), (TUMOR,))
    assert values(found, expected) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_take_the_patches_that_both_called(ratings, pair):
    n, kappa, raw, ac1 = PAIRS[pair]
    found = agreement_of_two(ratings(ROWS, CATEGORIES).of_raters(*pair), (TUMOR,))
    expected = {Measure.COHEN: kappa, Measure.RAW: raw, Measure.AC1: ac1}
    assert values(found, expected) == pytest.approx(expected, abs=1e-9)
    assert {found[measure].n for measure in expected} == {n}


def test_positive_and_negative_agreement_by_hand(ratings):
    found = agreement_of(ratings(ROWS, CATEGORIES), (TUMOR,))
    # Pairs of one patch, ordered, with a tumor call: s01 6, s02 4, s07 2, s09 2, s10 6; both: 16.
    assert found[Measure.POSITIVE].value == pytest.approx((6 + 2 + 2 + 0 + 6) / (6 + 4 + 2 + 2 + 6))
    assert found[Measure.POSITIVE].n == 5
    # Of anything else: s02 2, s03 6, s04 2, s05 6, s06 6, s08 6, s09 4, s12 2; both: 30.
    assert found[Measure.NEGATIVE].value == pytest.approx(30 / 34)
    assert found[Measure.NEGATIVE].n == 8


def test_ac1_depends_on_the_categories_listed_and_the_others_do_not(ratings):
    few = agreement_of(ratings(ROWS, CATEGORIES), (TUMOR,))
    more = agreement_of(ratings(ROWS, (*CATEGORIES, 7)), (TUMOR,))
    assert few.categories == CATEGORIES
    assert more.categories == (*CATEGORIES, 7)
    assert more[Measure.AC1].value == pytest.approx(AC1_WITH_AN_UNUSED_FIFTH, abs=1e-9)
    for measure in (Measure.RAW, Measure.FLEISS, Measure.ALPHA):
        assert more[measure] == few[measure]


@pytest.mark.skipif(not FILE.is_file(), reason="the reference answers are not on this machine")
def test_the_file_of_reference_answers(ratings):
    given = json.loads(FILE.read_text(encoding="utf-8"))
    names = given["table"]["categories"]
    rows = [
        [NONE if name is None else names.index(name) for name in row]
        for row in given["table"]["ratings"]
    ]
    complete = [row for row in rows if NONE not in row]
    for part, subjects in (
        ("all_12_subjects_with_missing", rows),
        ("complete_subjects_only", complete),
    ):
        found = agreement_of(ratings(subjects, range(len(names))), (TUMOR,))
        answers = given["irrcac"][part]
        for measure, name in (
            (Measure.AC1, "gwet_ac1"),
            (Measure.FLEISS, "fleiss"),
            (Measure.ALPHA, "krippendorff"),
        ):
            assert found[measure].value == pytest.approx(
                answers[name]["coefficient_value"], abs=1e-6
            )
        assert found[Measure.RAW].value == pytest.approx(answers["gwet_ac1"]["pa"], abs=1e-6)
    for name, answers in given["cohen_pairs"].items():
        if name == "mean":
            continue
        pair = [given["table"]["raters"].index(rater) for rater in name.split("-")]
        found = agreement_of_two(ratings(rows, range(len(names))).of_raters(*pair), (TUMOR,))
        assert found[Measure.COHEN].n == answers["n_pairs_used"]
        assert found[Measure.COHEN].value == pytest.approx(answers["sklearn"], abs=1e-6)
        assert found[Measure.RAW].value == pytest.approx(answers["observed_agreement"], abs=1e-6)
        assert found[Measure.AC1].value == pytest.approx(answers["irrcac_gwet_ac1_pair"], abs=1e-6)


def test_codes_need_not_be_in_order_or_next_to_each_other(ratings):
    renamed = np.array([9, 4, 100, 0, -1], dtype=np.int8)[np.array(ROWS)]
    found = agreement_of(ratings(renamed, (0, 100, 9, 4)), (0,))
    plain = agreement_of(ratings(ROWS, CATEGORIES), (TUMOR,))
    assert values(found, Measure) == pytest.approx(values(plain, Measure))
