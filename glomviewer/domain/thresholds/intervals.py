"""Bootstrap intervals by case: whole cases are drawn, since patches of one are not independent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.thresholds.counts import CELLS, Intervals, Range
from glomviewer.domain.thresholds.scores import Floats, RankedScores

DRAWS = 2000
RELIABLE_FROM_GROUPS = 20
MOST_GROUPS = 50_000
"""With more groups the draws would fill 100 MB, and Wilson's intervals are as good."""

_BLOCK_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class GroupDraws:
    """How often each group was drawn, (draws, groups) in whole numbers; drawn once for a set."""

    weights: NDArray[np.uint8]

    @classmethod
    def of(cls, groups: int, *, draws: int = DRAWS, seed: int = 0) -> GroupDraws:
        """The draws that `training.judging.resampling` makes for the same number and seed."""
        weights = np.empty((draws, groups), dtype=np.uint8)
        if groups:
            generator = np.random.default_rng(seed)
            chances = np.full(groups, 1.0 / groups)
            block = max(1, _BLOCK_CELLS // groups)
            for start in range(0, draws, block):
                size = min(block, draws - start)
                drawn = generator.multinomial(groups, chances, size=size)
                weights[start : start + size] = np.minimum(drawn, 255)
        return cls(weights)

    def totals(self, sums: Floats) -> Floats:
        """The sums of each draw, (draws, k), from the sums of each group, (groups, k)."""
        draws, groups = self.weights.shape
        block = max(1, _BLOCK_CELLS // max(1, groups))
        parts = [
            self.weights[start : start + block].astype(np.float64) @ sums
            for start in range(0, draws, block)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, sums.shape[1]))


def can_be_drawn(scores: RankedScores) -> bool:
    """Whether a bootstrap by group says more here than Wilson's formula does."""
    return 2 <= scores.groups <= MOST_GROUPS and scores.groups < len(scores)


def bootstrap_intervals(scores: RankedScores, draws: GroupDraws, threshold: float) -> Intervals:
    """Percentile intervals of every figure and cell at one threshold, 95 %, two-sided."""
    totals = draws.totals(_group_sums(scores, threshold))
    tn, fp, fn, tp = totals.T
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = {
            "precision": tp / (tp + fp),
            "recall": tp / (tp + fn),
            "f1": 2 * tp / (2 * tp + fp + fn),
            "specificity": tn / (tn + fp),
            **dict(zip(CELLS, (tn, fp, fn, tp), strict=True)),
        }
    return Intervals(
        values={name: _bounds(values, scores.groups) for name, values in drawn.items()},
        unit=scores.unit,
        groups=scores.groups,
        draws=len(totals),
        undefined=int(np.count_nonzero(~np.isfinite(drawn["f1"]))),
    )


def _group_sums(scores: RankedScores, threshold: float) -> Floats:
    """tn, fp, fn and tp of each group, (groups, 4)."""
    call = (np.arange(len(scores)) >= scores.place_of(threshold)).astype(np.int64)
    key = 4 * scores.group + 2 * scores.target + call
    return np.bincount(key, minlength=4 * scores.groups).reshape(-1, 4).astype(np.float64)


def _bounds(drawn: Floats, groups: int) -> Range | None:
    defined = drawn[np.isfinite(drawn)]
    if not len(defined) or groups < 2:
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return float(low), float(high)
