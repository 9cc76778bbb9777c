import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from training.judging.metrics import Scores, confusion, figures, point_values, resample
from training.judging.resampling import bounds, expanded_level, group_weights, groups_of
from training.judging.weighted_figures import CALIBRATION_BINS


def some_scores(seed: int = 0, patches: int = 60) -> Scores:
    generator = np.random.default_rng(seed)
    labels = (generator.random(patches) < 0.3).astype(np.int8)
    labels[:2] = [0, 1]
    # Rounded, so that ties occur.
    logits = np.round(generator.normal(labels * 1.5, 1.0), 1)
    return Scores(labels, logits, 0.4)


def test_unknown_groups_stand_for_themselves() -> None:
    groups = groups_of(["a", "", "a", ""])
    assert groups.count == 3
    assert groups.codes[0] == groups.codes[2]
    assert groups.unit == "case or slide"


def test_without_any_group_the_unit_is_the_patch() -> None:
    groups = groups_of(["", "", ""])
    assert (groups.count, groups.unit) == (3, "patch")


def test_a_group_named_like_an_index_is_not_mixed_up_with_a_lone_patch() -> None:
    assert groups_of(["1", "", ""]).count == 3


def test_every_draw_holds_as_many_groups_as_there_are_and_blocks_change_nothing() -> None:
    groups = groups_of(list("aabbccd"))
    whole = np.concatenate(list(group_weights(groups, draws=50, seed=3)))
    parts = np.concatenate(list(group_weights(groups, draws=50, seed=3, cells=21)))
    assert (whole.sum(axis=1) == 4).all()
    assert np.array_equal(whole, parts)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_each_draw_is_what_scikit_learn_says_of_the_drawn_patches(seed: int) -> None:
    scores = some_scores(seed)
    groups = groups_of([str(i % 9) for i in range(60)])
    drawn = resample([scores], groups, draws=5, seed=seed)[0]
    weights = np.concatenate(list(group_weights(groups, draws=5, seed=seed)))
    for i, weight in enumerate(weights):
        per_patch = weight[groups.codes].astype(int)
        labels = np.repeat(scores.labels, per_patch)
        logits = np.repeat(scores.logits, per_patch)
        calls = (logits >= 0.4).astype(int)
        if len(np.unique(labels)) == 2:
            assert drawn["auc"][i] == pytest.approx(sk.roc_auc_score(labels, logits))
            assert drawn["recall"][i] == pytest.approx(sk.recall_score(labels, calls))
            probabilities = 1 / (1 + np.exp(-logits))
            assert drawn["log_loss"][i] == pytest.approx(sk.log_loss(labels, probabilities))
            precision = sk.average_precision_score(labels, logits)
            assert drawn["average_precision"][i] == pytest.approx(precision)
            assert drawn["kappa"][i] == pytest.approx(sk.cohen_kappa_score(labels, calls))
            error = expected_calibration_error(labels, probabilities)
            assert drawn["calibration_error"][i] == pytest.approx(error)
        assert drawn["accuracy"][i] == pytest.approx(sk.accuracy_score(labels, calls))
        if labels.any() or calls.any():
            assert drawn["f1"][i] == pytest.approx(sk.f1_score(labels, calls, zero_division=0))  # type: ignore[arg-type]


def expected_calibration_error(labels, probabilities) -> float:
    bins = CALIBRATION_BINS
    rates, means = calibration_curve(labels, probabilities, n_bins=bins)
    # The curve leaves empty bins out and does not say how many patches the others hold.
    counts = np.bincount(np.ceil(probabilities * bins).astype(int))
    return float(np.abs(rates - means) @ counts[counts > 0] / len(labels))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_point_values_are_scikit_learns(seed: int) -> None:
    scores = some_scores(seed)
    calls, found = scores.calls.astype(int), point_values(scores)
    expected = {
        "auc": sk.roc_auc_score(scores.labels, scores.logits),
        "average_precision": sk.average_precision_score(scores.labels, scores.logits),
        "f1": sk.f1_score(scores.labels, calls),
        "precision": sk.precision_score(scores.labels, calls),
        "recall": sk.recall_score(scores.labels, calls),
        "specificity": sk.recall_score(scores.labels, calls, pos_label=0),
        "kappa": sk.cohen_kappa_score(scores.labels, calls),
        "log_loss": sk.log_loss(scores.labels, scores.probabilities),
        "calibration_error": expected_calibration_error(scores.labels, scores.probabilities),
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(float(value)), name


def test_the_error_of_the_percentage_sclerotic_is_a_mean_over_cases() -> None:
    # Case a: 1 of 4 labelled and 3 of 4 called; case b: both sclerotic, one found.
    labels = np.array([1, 0, 0, 0, 1, 1], np.int8)
    scores = Scores(labels, np.array([1.0, 1, 1, -1, 1, -1]), 0.0)
    groups = groups_of([*"aaaabb"])
    assert point_values(scores, groups)["percentage_error"] == pytest.approx(50.0)
    assert point_values(scores)["percentage_error"] is None
    # A patch of no known case is none, though it is drawn like one.
    lone = groups_of(["a", "a", "a", "a", "", ""])
    assert point_values(scores, lone)["percentage_error"] == pytest.approx(50.0)


def test_each_fold_may_call_by_its_own_threshold() -> None:
    logits = np.array([0.5, 0.5])
    scores = Scores(np.array([1, 0], np.int8), logits, np.array([0.4, 0.6]))
    assert confusion(scores) == ((1, 0), (0, 1))


def test_the_interval_holds_the_value_and_narrows_with_more_groups() -> None:
    few = figures(some_scores(1, 60), [str(i % 6) for i in range(60)])
    many = figures(some_scores(1, 1000), [str(i % 100) for i in range(1000)])
    for found in (few, many):
        f1 = found.values["f1"]
        assert f1.value is not None and f1.low is not None and f1.high is not None
        assert f1.low <= f1.value <= f1.high
    assert not few.reliable
    assert many.reliable

    def width(found) -> float:
        return found.values["f1"].high - found.values["f1"].low

    assert width(many) < width(few)


def test_a_tied_group_is_drawn_whole() -> None:
    # Two groups, each of one label: in half of the draws only one class is left.
    scores = Scores(np.array([0, 0, 1, 1], np.int8), np.array([-1.0, -2, 1, 2]), 0.0)
    found = figures(scores, ["a", "a", "b", "b"])
    assert 850 < found.undefined_draws < 1150
    assert found.draws == 2000


def test_a_single_class_leaves_auc_undefined_and_says_so() -> None:
    scores = Scores(np.zeros(5, np.int8), np.linspace(-2, 2, 5), 0.0)
    found = figures(scores, [""] * 5)
    assert found.values["auc"].value is None
    assert str(found.values["auc"]) == "undefined"
    assert found.confusion == ((2, 3), (0, 0))
    assert found.to_json()["unit"] == "patch"


def test_no_patch_at_all_gives_undefined_figures() -> None:
    empty = Scores(np.array([], np.int8), np.array([]), 0.0)
    assert figures(empty, []).values["f1"].value is None


def test_a_saturated_logit_keeps_its_loss() -> None:
    scores = Scores(np.array([1, 0], np.int8), np.array([-800.0, -800.0]), 0.0)
    assert point_values(scores)["log_loss"] == pytest.approx(400.0)


def test_few_groups_read_further_out_percentiles() -> None:
    assert expanded_level(0.025, 5) < expanded_level(0.025, 20) < 0.025
    assert expanded_level(0.025, 100_000) == pytest.approx(0.025, abs=1e-4)


def test_bounds_of_one_group_are_unknown() -> None:
    assert bounds(np.array([0.5, 0.5]), 1) is None
