"""Bootstrap by case, against the intervals that a training reports on the same arrays."""

import numpy as np
import pytest
from threshold_rows import ranked

from glomviewer.domain.thresholds.counts import FIGURES
from glomviewer.domain.thresholds.intervals import (
    GroupDraws,
    bootstrap_intervals,
    can_be_drawn,
)
from training.judging.metrics import Scores, figures


def drawn_rows(cases=30, each=12, seed=3):
    generator = np.random.default_rng(seed)
    rows = []
    for case in range(cases):
        share = generator.uniform(0.05, 0.6)
        for _ in range(each):
            target = int(generator.random() < share)
            rows.append((float(generator.normal(2 * target - 1, 1.2)), target, case))
    return rows


def test_they_are_those_of_the_training_for_the_same_draws():
    rows = drawn_rows()
    logit, target, case = (np.array(column) for column in zip(*rows, strict=True))
    scores = ranked(rows)
    found = bootstrap_intervals(scores, GroupDraws.of(scores.groups), 0.3)
    told = figures(Scores(target.astype(np.int8), logit, 0.3), [f"c{one}" for one in case])
    assert (found.groups, found.draws) == (told.groups, told.draws)
    for name in FIGURES:
        interval = told.values[name]
        assert found.values[name] == pytest.approx((interval.low, interval.high))


def test_blocks_of_draws_make_no_difference(monkeypatch):
    whole = GroupDraws.of(40, draws=50)
    monkeypatch.setattr("glomviewer.domain.thresholds.intervals._BLOCK_CELLS", 130)
    parts = GroupDraws.of(40, draws=50)
    assert (whole.weights == parts.weights).all()
    sums = np.random.default_rng(0).random((40, 4))
    assert parts.totals(sums) == pytest.approx(whole.weights.astype(float) @ sums)


def test_patches_of_one_case_that_agree_widen_the_interval():
    clumped = [(1.0, int(place // 36 % 3 > 0), place // 36) for place in range(360)]
    alone = [(logit, target, -1) for logit, target, _ in clumped]

    def width(rows):
        scores = ranked(rows)
        bounds = bootstrap_intervals(scores, GroupDraws.of(scores.groups), 0.0).values["f1"]
        assert bounds is not None
        return bounds[1] - bounds[0]

    assert width(clumped) > 2 * width(alone)


def test_undefined_draws_are_counted_and_left_out():
    scores = ranked([(1.0, 1, 0), (-1.0, 0, 1), (-2.0, 0, 1), (-1.5, 0, 2)])
    found = bootstrap_intervals(scores, GroupDraws.of(scores.groups), 0.0)
    assert 0 < found.undefined < found.draws
    assert found.values["f1"] == (1.0, 1.0)


@pytest.mark.parametrize(
    ("groups", "drawn"), [([0, 0, 0], False), ([0, 1, 2], False), ([0, 0, 1], True)]
)
def test_a_bootstrap_needs_groups_of_more_than_a_patch(groups, drawn):
    assert can_be_drawn(ranked([(0.0, 1, group) for group in groups])) is drawn
