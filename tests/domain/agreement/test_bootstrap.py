"""Intervals by cases: reproducible, told of while they are drawn, and none where they can't be."""

import numpy as np
import pytest

from glomviewer.domain.agreement.bootstrap import DRAWS_ALIKE, ONE_CASE, Bootstrap, Stopped, drawn
from glomviewer.domain.agreement.measuring import agreement_of
from glomviewer.domain.agreement.patterns import GroupSums, Patterns
from glomviewer.domain.agreement.statistic import Measure, Statistic


def drawn_codes(patches, readers=3, seed=3):
    random = np.random.default_rng(seed)
    truth = random.random((patches, 1)) < 0.3
    codes = np.where(random.random((patches, readers)) < 0.1, ~truth, truth).astype(np.int8)
    codes[random.random(codes.shape) < 0.1] = -1
    return codes


def bounds(figure: Statistic) -> tuple[float, float, float]:
    """Its lower bound, value and upper bound."""
    assert figure.low is not None
    assert figure.value is not None
    assert figure.high is not None
    return figure.low, figure.value, figure.high


def width(figure):
    low, _, high = bounds(figure)
    return high - low


def figures(agreement):
    return {measure: agreement[measure] for measure in Measure if agreement[measure].defined}


@pytest.mark.parametrize("groups", ["patches", "cases"])
def test_intervals_hold_the_figures_and_come_again_with_the_seed(ratings, groups):
    codes = drawn_codes(300)
    cases = np.arange(300) if groups == "patches" else np.arange(300) // 10
    made = ratings(codes, groups=cases)
    found = figures(agreement_of(made, (1,), Bootstrap(draws=400, seed=1)))
    assert found == figures(agreement_of(made, (1,), Bootstrap(draws=400, seed=1)))
    assert found != figures(agreement_of(made, (1,), Bootstrap(draws=400, seed=2)))
    assert len(found) == 6
    for one in found.values():
        low, value, high = bounds(one)
        assert low < value < high
        assert high - low < 0.3


def test_draws_are_of_whole_cases(ratings):
    """Ten times the same patches in a case say no more than once: the interval is as wide."""
    codes = drawn_codes(60)
    once = agreement_of(ratings(codes), (1,), Bootstrap(draws=2000))[Measure.AC1]
    tenfold = ratings(np.repeat(codes, 10, axis=0), groups=np.repeat(np.arange(60), 10))
    often = agreement_of(tenfold, (1,), Bootstrap(draws=2000))[Measure.AC1]
    assert often.value == pytest.approx(once.value)
    assert width(often) == pytest.approx(width(once), rel=0.1)


@pytest.mark.parametrize("alike", [False, True])
def test_a_mean_is_drawn_as_its_variance_says(alike):
    """By groups one after the other where they differ, and by kinds where many are alike."""
    random = np.random.default_rng(8)
    values = random.integers(0, 2, size=400) if alike else random.permutation(400)
    patterns = Patterns.of(values[:, np.newaxis], 400)
    groups = GroupSums.of(patterns, patterns.rows.astype(float), np.arange(400))
    assert len(groups.groups) == (2 if alike else 400)
    found = drawn(
        groups,
        {"mean": lambda rows: rows[:, 0] / 400},
        {"mean": lambda rows: np.ones(len(rows))},
        Bootstrap(draws=4000),
    )
    means = found.values["mean"]
    assert means.mean() == pytest.approx(values.mean(), abs=4 * values.std() / 20 / 63)
    assert means.std() == pytest.approx(values.std() / 20, rel=0.05)
    assert found.groups["mean"] == 400


def test_one_case_has_no_interval_and_says_so(ratings):
    found = agreement_of(ratings(drawn_codes(30), groups=[0] * 30), (1,), Bootstrap(draws=50))
    assert found.cases == 1
    for one in figures(found).values():
        assert (one.low, one.high, one.reason) == (None, None, ONE_CASE)


def test_one_case_in_which_the_class_occurs_gives_positive_agreement_no_interval(ratings):
    made = ratings([(1, 1), (1, 0), (0, 0), (0, 0), (0, 0)], groups=[0, 0, 1, 2, 3])
    found = agreement_of(made, (1,), Bootstrap(draws=200))
    assert found[Measure.POSITIVE].reason == ONE_CASE
    assert found[Measure.RAW].low is not None


def test_draws_without_a_value_are_counted_and_left_out(ratings):
    """With three patches a draw is often of one class alone, and kappa has no value there."""
    found = agreement_of(ratings([(1, 1), (0, 0), (0, 0)]), (1,), Bootstrap(draws=500))
    kappa = found[Measure.FLEISS]
    # All three are of one class in (2/3)^3 + (1/3)^3 = 1/3 of the draws.
    assert kappa.undefined_draws == pytest.approx(500 / 3, abs=45)
    assert (kappa.value, kappa.low, kappa.high, kappa.reason) == (1.0, None, None, DRAWS_ALIKE)
    assert found[Measure.RAW].undefined_draws == 0


def test_draws_that_are_all_alike_make_no_interval_of_no_width(ratings):
    """12 of 12 the same in each of four cases is no certainty: there is nothing to draw from."""
    agreed = [(1, 1), (0, 0), (0, 0)] * 4
    found = agreement_of(ratings(agreed, groups=np.arange(12) // 3), (1,), Bootstrap(draws=200))
    for measure in (Measure.RAW, Measure.COHEN, Measure.AC1):
        assert (found[measure].value, found[measure].reason) == (1.0, DRAWS_ALIKE)
        assert found[measure].low is found[measure].high is None


def test_progress_reaches_the_end_and_never_goes_back(ratings):
    told = []
    plan = Bootstrap(draws=300, progress=lambda done, every: told.append((done, every)))
    agreement_of(ratings(drawn_codes(20_000)), (1,), plan.part(1, 3))
    assert told[0] == (300, 900)
    assert told[-1] == (600, 900)
    assert told == sorted(told)


def test_cancelling_stops_between_blocks(ratings):
    made = ratings(drawn_codes(40_000), groups=np.arange(40_000) // 2)
    told = []
    plan = Bootstrap(
        draws=500,
        progress=lambda done, every: told.append(done),
        cancelled=lambda: len(told) > 1,
    )
    with pytest.raises(Stopped):
        agreement_of(made, (1,), plan)
    assert 0 < told[-1] < 500
