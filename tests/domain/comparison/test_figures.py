"""Figures and curves against scikit-learn on the same arrays, ties included."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from glomviewer.domain.comparison.curves import calibration_bins, precision_recall_curve, roc_curve
from glomviewer.domain.comparison.figures import (
    METRICS,
    Weighted,
    chance_figures,
    confusion,
    point_figures,
    why_undefined,
)
from glomviewer.domain.comparison.scored import Scored

# Few distinct scores, so that most examples hold ties.
ROWS = st.lists(st.tuples(st.integers(-6, 6), st.booleans()), min_size=2, max_size=60)
BOTH = ROWS.filter(lambda rows: {truth for _, truth in rows} == {True, False})


def scored(rows, threshold=0.5):
    return Scored(
        np.array([truth for _, truth in rows]),
        np.array([score / 2 for score, _ in rows]),
        threshold,
    )


@given(BOTH)
def test_every_figure_is_that_of_scikit_learn(rows):
    one = scored(rows)
    found, target, calls = point_figures(one), one.target, one.calls
    expected = {
        "auc": sk.roc_auc_score(target, one.logit),
        "average_precision": sk.average_precision_score(target, one.logit),
        "recall": sk.recall_score(target, calls),
        "specificity": sk.recall_score(~target, ~calls),
        "log_loss": sk.log_loss(target, one.probability, labels=[False, True]),
        "kappa": sk.cohen_kappa_score(target, calls),
        "f1": sk.f1_score(target, calls),
    }
    if calls.any():
        expected["precision"] = sk.precision_score(target, calls)
    else:
        assert found["precision"] is None
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-9)
    assert confusion(one).rows == tuple(map(tuple, sk.confusion_matrix(target, calls).tolist()))


@given(BOTH)
def test_curves_are_those_of_scikit_learn(rows):
    one = scored(rows)
    roc, both = roc_curve(one), precision_recall_curve(one)
    assert roc is not None and both is not None
    x, y, _ = sk.roc_curve(one.target, one.logit, drop_intermediate=False)
    np.testing.assert_allclose((roc.x, roc.y), (x, y))
    precision, recall, _ = sk.precision_recall_curve(one.target, one.logit)
    np.testing.assert_allclose((both.x, both.y), (recall[::-1], precision[::-1]))


@given(BOTH)
def test_the_marked_thresholds_lie_where_the_calls_put_them(rows):
    one = scored(rows)
    roc, both = roc_curve(one), precision_recall_curve(one)
    assert roc is not None and both is not None
    found = point_figures(one)
    specificity = found["specificity"]
    assert specificity is not None
    assert roc.at_threshold == pytest.approx((1 - specificity, found["recall"]))
    precision = 1.0 if found["precision"] is None else found["precision"]
    assert both.at_threshold == pytest.approx((found["recall"], precision))


@given(ROWS)
def test_calibration_bins_are_those_of_scikit_learn(rows):
    one = scored(rows)
    observed, predicted = calibration_curve(one.target, one.probability, n_bins=10)
    bins = calibration_bins(one)
    assert [each.observed for each in bins] == pytest.approx(observed.tolist())
    assert [each.predicted for each in bins] == pytest.approx(predicted.tolist())
    assert sorted(row for each in bins for row in each.rows.tolist()) == list(range(len(rows)))
    error = sum(abs(each.observed - each.predicted) * len(each.rows) for each in bins) / len(rows)
    assert point_figures(one)["calibration_error"] == pytest.approx(error)


@given(BOTH, st.lists(st.integers(0, 3), min_size=60, max_size=60))
def test_a_weighted_draw_equals_the_figures_of_the_patches_repeated(rows, times):
    """The vectorised draw against the plain figures of the sample that it stands for."""
    one, repeated = scored(rows), np.array(times[: len(rows)])
    sample = Scored(np.repeat(one.target, repeated), np.repeat(one.logit, repeated), one.threshold)
    drawn = Weighted.of(one, np.arange(len(rows)), len(rows)).figures(
        repeated[None, :].astype(float)
    )
    plain = point_figures(sample)
    for name in METRICS:
        value = plain[name]
        assert drawn[name][0] == pytest.approx(math.nan if value is None else value, nan_ok=True)


def many_scores(patches=9000):
    random = np.random.default_rng(3)
    target = random.random(patches) < 0.2
    return Scored(target, random.normal(np.where(target, 1.0, -1.0), 1.0), 0.0)


def test_figures_of_thousands_of_distinct_scores_are_exact():
    one = many_scores()
    found = point_figures(one)
    assert found["auc"] == pytest.approx(sk.roc_auc_score(one.target, one.logit), abs=1e-12)
    expected = sk.average_precision_score(one.target, one.logit)
    assert found["average_precision"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("groups", [30, 9000])
def test_draws_of_thousands_of_distinct_scores_are_as_good_as_exact(groups):
    """By a table of groups and blocks, and patch by patch where that would be too large."""
    one = many_scores()
    codes = np.arange(9000) % groups
    drawn = Weighted.of(one, codes, groups).figures(np.ones((1, groups)))
    exact = point_figures(one)
    for name in ("auc", "average_precision"):
        assert drawn[name][0] == pytest.approx(exact[name], abs=1e-3)


def test_chance_is_what_scikit_learn_gives_a_model_that_knows_only_the_share():
    target = np.arange(40) % 5 == 0
    share = np.full(40, 0.2)
    assert chance_figures(target) == pytest.approx(
        {
            "auc": sk.roc_auc_score(target, share),
            "average_precision": sk.average_precision_score(target, share),
            "f1": sk.f1_score(target, np.ones(40)),
            "precision": sk.precision_score(target, np.ones(40)),
            "recall": None,
            "specificity": None,
            "kappa": sk.cohen_kappa_score(target, np.ones(40)),
            "log_loss": sk.log_loss(target, share),
            "calibration_error": 0.0,
        }
    )
    assert chance_figures(np.ones(3, dtype=bool))["auc"] is None
    assert set(chance_figures(np.zeros(0, dtype=bool)).values()) == {None}


def test_with_one_class_what_needs_both_is_not_defined_and_says_why():
    one = scored([(1, True), (2, True), (-1, True)])
    found = point_figures(one)
    assert found["auc"] is found["specificity"] is None
    assert found["recall"] == pytest.approx(2 / 3)
    assert why_undefined("auc", one) == "one class only"
    assert why_undefined("specificity", one) == "no patch that is not sclerotic"
    assert roc_curve(one) is None
    assert precision_recall_curve(scored([(1, False)])) is None


def test_no_patch_at_all_defines_nothing():
    nothing = Scored(np.zeros(0, dtype=bool), np.zeros(0), 0.0)
    assert set(point_figures(nothing).values()) == {None}
    assert calibration_bins(nothing) == []
    assert why_undefined("f1", nothing) == "there is no patch"


def test_saturated_logits_keep_a_finite_log_loss():
    loss = point_figures(scored([(4000, False), (-4000, True)]))["log_loss"]
    assert loss == pytest.approx(2000.0)
