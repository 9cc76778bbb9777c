"""AUC and average precision of many bootstrap draws at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.comparison.scored import Floats, Ints, Scored

MOST_BLOCKS = 4096
LEAST_BLOCKS = 1024
TABLE_CELLS = 12_000_000
"""Groups times blocks that are kept as one table, 48 MB for each class."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Patches in falling order of score, equal scores in one block.

    Unless it is to be exact, neighbours among more than some thousand distinct scores share a
    block too: a draw counts them as tied, which moves the end of an interval by less than one
    in a thousand and saves most of the time.

    `positive` and `negative` count by group and block, shape (groups, blocks), where the table
    is small enough; else draws are weighed patch by patch in the order of `codes`.
    """

    codes: Ints
    is_positive: Floats
    starts: Ints
    positive: NDArray[np.float32] | None
    negative: NDArray[np.float32] | None

    @classmethod
    def of(cls, scored: Scored, codes: Ints, groups: int, *, exact: bool) -> Ranking:
        order = np.argsort(-scored.logit, kind="stable")
        starts = _block_starts(scored.logit[order], groups, exact)
        ranked, target = codes[order], scored.target[order]
        if groups * len(starts) > TABLE_CELLS:
            return cls(ranked, target.astype(np.float64), starts, None, None)
        block = np.zeros(len(order), dtype=np.int64)
        block[starts[1:]] = 1
        cell = ranked * len(starts) + np.cumsum(block)
        tables = [
            np.bincount(cell[rows], minlength=groups * len(starts))
            .reshape(groups, len(starts))
            .astype(np.float32)
            for rows in (target, ~target)
        ]
        return cls(ranked, target.astype(np.float64), starts, tables[0], tables[1])

    def figures(self, weights: Floats) -> tuple[Floats, Floats]:
        """(AUC, average precision) of each draw, NaN where not defined.

        AUC is the chance that a positive patch outranks another, a tie counting half; average
        precision the sum over blocks of the step in recall times the precision there.
        `weights` say how often each group was drawn, shape (draws, groups).
        """
        if not len(self.starts):
            nothing = np.full(len(weights), np.nan)
            return nothing, nothing.copy()
        positive, negative = self._blocks(weights)
        found, alarms = np.cumsum(positive, axis=1), np.cumsum(negative, axis=1)
        positives, negatives = found[:, -1], alarms[:, -1]
        outranked = negatives[:, None] - alarms + negative / 2
        called = found + alarms
        precision = np.divide(found, called, out=np.zeros_like(found), where=called > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            auc = (positive * outranked).sum(axis=1) / (positives * negatives)
            return auc, (positive * precision).sum(axis=1) / positives

    def _blocks(self, weights: Floats) -> tuple[Floats, Floats]:
        """How many positives and negatives of each draw lie in each block, (draws, blocks)."""
        if self.positive is not None and self.negative is not None:
            light = weights.astype(np.float32)
            return (
                (light @ self.positive).astype(np.float64),
                (light @ self.negative).astype(np.float64),
            )
        per_patch = weights[:, self.codes]
        positive = np.add.reduceat(per_patch * self.is_positive, self.starts, axis=1)
        return positive, np.add.reduceat(per_patch, self.starts, axis=1) - positive


def _block_starts(ranked: Floats, groups: int, exact: bool) -> Ints:
    """Where blocks begin: at every new score, or at the new score next to equal steps."""
    if not len(ranked):
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    most = max(LEAST_BLOCKS, min(MOST_BLOCKS, TABLE_CELLS // max(1, groups)))
    if exact or len(starts) <= most:
        return starts
    return starts[np.unique(np.linspace(0, len(starts) - 1, most).astype(np.int64))]
