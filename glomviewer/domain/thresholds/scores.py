"""Labelled patches in order of calibrated score, counted beforehand so that a line can be dragged.

A patch is called 1 where its logit reaches the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.patch_table import IntArray, Mask
from glomviewer.domain.thresholds.counts import Counts

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RankedScores:
    """One model on one set of n labelled patches, all arrays in ascending order of logit.

    `patch` are ids; `logit` is calibrated; `target` is True for globally sclerotic; `group` is
    0..groups-1, the case of a patch, else its slide, else the patch itself; `unit` says what
    most groups are. `sclerotic_below` (n + 1) counts the sclerotic ones among the first k.
    """

    patch: IntArray
    logit: Floats
    target: Mask
    group: IntArray
    groups: int
    unit: str
    sclerotic_below: IntArray

    @classmethod
    def of(
        cls,
        patch: IntArray,
        logit: NDArray[np.floating[Any]],
        target: Mask,
        group: IntArray | None = None,
        unit: str = "patch",
    ) -> RankedScores:
        """Rank patches; all arrays (n,). `group` holds any numbers, -1 for a patch of no known
        case or slide, which stands for itself.

        Raises:
            ValueError: a logit is not finite.
        """
        values = np.asarray(logit, dtype=np.float64)
        if not np.isfinite(values).all():
            raise ValueError("A threshold is chosen on finite logits only.")
        codes, groups = _codes(np.full(len(values), -1) if group is None else group)
        order = np.lexsort((patch, values))
        ranked = np.asarray(target, dtype=np.bool_)[order]
        return cls(
            patch=np.asarray(patch, dtype=np.int64)[order],
            logit=values[order],
            target=ranked,
            group=codes[order],
            groups=groups,
            unit=unit,
            sclerotic_below=np.concatenate([[0], np.cumsum(ranked, dtype=np.int64)]),
        )

    def __len__(self) -> int:
        return len(self.logit)

    @property
    def sclerotic(self) -> int:
        return int(self.sclerotic_below[-1])

    @property
    def has_both_classes(self) -> bool:
        return 0 < self.sclerotic < len(self)

    def place_of(self, threshold: float) -> int:
        """How many patches lie below the threshold: those before this place are called 0."""
        return int(np.searchsorted(self.logit, threshold, side="left"))

    def counts(self, threshold: float) -> Counts:
        place = self.place_of(threshold)
        missed = int(self.sclerotic_below[place])
        return Counts(
            true_negative=place - missed,
            false_positive=len(self) - place - (self.sclerotic - missed),
            false_negative=missed,
            true_positive=self.sclerotic - missed,
        )

    def beside(self, threshold: float, number: int) -> tuple[IntArray, IntArray]:
        """The places of up to `number` patches just below and just above, in rising order."""
        place = self.place_of(threshold)
        below = np.arange(max(0, place - number), place)
        return below, np.arange(place, min(len(self), place + number))

    def cell(self, target: int, call: int, threshold: float) -> tuple[int, ...]:
        """The ids of the patches in one cell of the confusion matrix, those nearest to the
        threshold first."""
        place = self.place_of(threshold)
        side = slice(place, None) if call else slice(0, place)
        chosen = self.patch[side][self.target[side] == bool(target)]
        return tuple((chosen if call else chosen[::-1]).tolist())


def _codes(group: IntArray) -> tuple[IntArray, int]:
    """Numbers 0..count-1 in order of first appearance; each -1 becomes a group of its own."""
    keys = np.asarray(group, dtype=np.int64).copy()
    alone = keys < 0
    keys[alone] = -1 - np.arange(int(alone.sum()))
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse.reshape(-1)], len(first)
