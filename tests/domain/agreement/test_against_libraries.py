"""Equal to scikit-learn and statsmodels, and to plain loops where readings are missing."""

import math
import warnings
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.agreement.measuring import agreement_of
from glomviewer.domain.agreement.pairs import agreement_of_two
from glomviewer.domain.agreement.statistic import Measure

CATEGORIES = (0, 1, 2, 3)


def tables(raters, *, missing):
    code = st.integers(-1 if missing else 0, 3)
    return st.lists(st.lists(code, min_size=raters, max_size=raters), min_size=1, max_size=25)


def same(found, expected):
    if expected is None or not math.isfinite(expected):
        assert found.value is None
        assert found.reason
    else:
        assert found.value == pytest.approx(expected, abs=1e-6)


@given(rows=tables(2, missing=False))
def test_cohen_is_scikit_learns(ratings, rows):
    metrics = pytest.importorskip("sklearn.metrics", exc_type=ImportError)
    first, second = zip(*rows, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = float(metrics.cohen_kappa_score(first, second))
    same(agreement_of_two(ratings(rows, CATEGORIES), (1,))[Measure.COHEN], expected)


@given(rows=tables(2, missing=False), code=st.sampled_from(CATEGORIES))
def test_cohen_of_a_class_is_scikit_learns_of_class_and_rest(ratings, rows, code):
    metrics = pytest.importorskip("sklearn.metrics", exc_type=ImportError)
    found = agreement_of_two(ratings(rows, CATEGORIES), (1,)).classes[code]
    first, second = (np.array(column) == code for column in zip(*rows, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same(found.kappa, float(metrics.cohen_kappa_score(first, second)))


@pytest.mark.parametrize("raters", [2, 3, 6])
@given(data=st.data())
def test_fleiss_is_statsmodels(ratings, raters, data):
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater", exc_type=ImportError)
    rows = data.draw(tables(raters, missing=False))
    counts = np.array([[row.count(code) for code in CATEGORIES] for row in rows])
    with np.errstate(all="ignore"):
        expected = float(inter_rater.fleiss_kappa(counts, method="fleiss"))
    same(agreement_of(ratings(rows, CATEGORIES), (1,))[Measure.FLEISS], expected)


def plain_answers(rows):
    """As the reference describes irrCAC, loop by loop."""
    rated = [Counter(code for code in row if code >= 0) for row in rows]
    rated = [counts for counts in rated if counts]
    paired = [counts for counts in rated if counts.total() > 1]
    if not paired:
        return None, None, None, None
    observed = sum(
        sum(n * (n - 1) for n in counts.values()) / (counts.total() * (counts.total() - 1))
        for counts in paired
    ) / len(paired)
    shares = [sum(c[code] / c.total() for c in rated) / len(rated) for code in CATEGORIES]
    by_ac1 = sum(p * (1 - p) for p in shares) / (len(CATEGORIES) - 1)
    by_fleiss = sum(p * p for p in shares)
    fleiss = None if max(shares) == 1 else (observed - by_fleiss) / (1 - by_fleiss)
    return observed, (observed - by_ac1) / (1 - by_ac1), fleiss, plain_alpha(rows)


def plain_alpha(rows):
    """One minus observed over expected disagreement, from the matrix of coincidences."""
    coincidences = np.zeros((4, 4))
    for row in rows:
        calls = [code for code in row if code >= 0]
        for first, second in permutations(calls, 2):
            coincidences[first, second] += 1 / (len(calls) - 1)
    by_class = coincidences.sum(axis=1)
    n = by_class.sum()
    expected = (n * n - (by_class**2).sum()) / (n - 1) if n > 1 else 0
    if expected == 0:
        return None
    return float(1 - (n - np.trace(coincidences)) / expected)


@pytest.mark.parametrize("raters", [2, 4])
@given(data=st.data())
def test_missing_readings_as_in_a_plain_recomputation(ratings, raters, data):
    rows = data.draw(tables(raters, missing=True))
    found = agreement_of(ratings(rows, CATEGORIES), (1,))
    raw, ac1, fleiss, alpha = plain_answers(rows)
    same(found[Measure.RAW], raw)
    same(found[Measure.AC1], ac1)
    same(found[Measure.FLEISS], fleiss)
    same(found[Measure.ALPHA], alpha)


@given(rows=tables(3, missing=True))
def test_positive_and_negative_agreement_pool_the_pairs(ratings, rows):
    found = agreement_of(ratings(rows, CATEGORIES), (1, 3))
    pairs = [
        (first in (1, 3), second in (1, 3))
        for row in rows
        for first, second in permutations(row, 2)
        if first >= 0 and second >= 0
    ]
    for measure, meant in ((Measure.POSITIVE, True), (Measure.NEGATIVE, False)):
        calls = [second for first, second in pairs if first is meant]
        same(found[measure], calls.count(meant) / len(calls) if calls else None)
