"""Intervals by cases: paired, reproducible, and honest about few of them."""

import numpy as np
import pytest
from scipy import stats

from glomviewer.domain.comparison.bootstrap import (
    expanded_tail,
    t_quantile,
    with_intervals,
    without_intervals,
)
from training.judging import metrics, resampling


def silent(_done, _all):
    """Nobody looks."""


def drawn_set(compared, cases=12, each=8, seed=4):
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(cases), each)
    target = random.random(len(group)) < 0.4
    first = np.round(random.normal(np.where(target, 1, -1), 1.2), 1)
    second = np.round(random.normal(np.where(target, 2, -2), 1.2), 1)
    return compared(target, first, second, group=group, threshold=0.2)


def test_intervals_are_those_that_the_gate_draws(compared):
    """The same seed, groups and draws as the judge of `training`, so that screens agree."""
    both = drawn_set(compared)
    found = with_intervals(both, progress=silent, draws=300)
    names = [f"c{code}" for code in both.group.tolist()]
    for ours, scored in ((found.first, both.first), (found.second, both.second)):
        theirs = metrics.figures(
            metrics.Scores(scored.target.astype(np.int8), scored.logit, scored.threshold),
            names,
            draws=300,
        ).values
        for name in ("auc", "f1", "precision", "recall", "specificity", "log_loss"):
            expected = theirs[name]
            mine = ours[name]
            assert (mine.value, mine.low, mine.high) == pytest.approx(
                (expected.value, expected.low, expected.high)
            )


def test_differences_are_paired_and_turn_round_with_the_models(compared):
    both = drawn_set(compared)
    turned = compared(
        both.target, both.second.logit, both.first.logit, group=both.group, threshold=0.2
    )
    there = with_intervals(both, progress=silent, draws=200).difference["auc"]
    back = with_intervals(turned, progress=silent, draws=200).difference["auc"]
    assert there.value is not None and back.low is not None and back.high is not None
    assert there.value > 0
    assert (there.value, there.low, there.high) == pytest.approx(
        (-(back.value or 0), -back.high, -back.low)
    )


def test_a_model_beside_itself_differs_by_nothing_in_every_draw(compared):
    both = drawn_set(compared)
    same = compared(both.target, both.first.logit, both.first.logit, group=both.group)
    for interval in with_intervals(same, progress=silent, draws=50).difference.values():
        assert (interval.value, interval.low, interval.high) == (0.0, 0.0, 0.0)


def test_draws_without_a_value_are_counted(compared):
    one = compared([True, False, False], [1, 1, -1], [1, -1, -1])
    found = with_intervals(one, progress=silent, draws=400)
    assert 0.2 < found.undefined["auc"] / 400 < 0.5
    assert found.undefined["log_loss"] == 0


def test_one_case_has_no_interval_and_few_are_unreliable(compared):
    alone = compared([True, False], [1, -1], [1, -1], group=[0, 0])
    found = with_intervals(alone, progress=silent)
    assert found.first["auc"].value == 1.0
    assert found.first["auc"].low is None
    assert not found.reliable
    assert with_intervals(drawn_set(compared, cases=20), progress=silent, draws=10).reliable


def test_progress_reaches_the_end_and_can_stop_the_work(compared):
    told = []
    with_intervals(drawn_set(compared), progress=lambda done, _: told.append(done), draws=100)
    assert told[0] == 0 and told[-1] == 100

    class StopError(Exception):
        pass

    def stop(_done, _all):
        raise StopError

    with pytest.raises(StopError):
        with_intervals(drawn_set(compared), progress=stop)


def test_figures_without_intervals_are_the_same_figures(compared):
    both = drawn_set(compared)
    plain, full = without_intervals(both), with_intervals(both, progress=silent, draws=20)
    assert {n: i.value for n, i in plain.second.items()} == {
        n: i.value for n, i in full.second.items()
    }
    assert plain.draws == 0


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 19, 100])
def test_the_t_quantile_is_that_of_scipy(freedom):
    assert t_quantile(0.025, freedom) == pytest.approx(stats.t.ppf(0.025, freedom), rel=0.011)


@pytest.mark.parametrize("groups", [2, 5, 20, 200])
def test_the_wider_tail_is_that_of_the_gate(groups):
    expected = resampling.expanded_level(0.025, groups)
    assert expanded_tail(0.025, groups) == pytest.approx(expected, abs=2e-4)
