"""Which cases change category when a threshold moves: their share called sclerotic crosses a
cut-off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.domain.patch_table import IntArray
from glomviewer.domain.thresholds.scores import Floats

CUT_OFF = 0.20
"""The share of globally sclerotic glomeruli at which a biopsy changes category."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A case of `glomeruli` called patches, of which so many are called sclerotic."""

    case: str
    glomeruli: int
    before: int
    after: int

    @property
    def shares(self) -> tuple[float, float]:
        return self.before / self.glomeruli, self.after / self.glomeruli


@dataclass(frozen=True, slots=True)
class CaseCalls:
    """Every called glomerulus of the library that is free to be looked at, by logit.

    `logit` and `case` (n,) ascend by logit, `case` is a place in `names` or -1; `size` are the
    glomeruli of each case.
    """

    logit: Floats
    case: IntArray
    names: tuple[str, ...]
    size: IntArray

    @classmethod
    def of(cls, logit: Floats, case: IntArray, names: tuple[str, ...]) -> CaseCalls:
        order = np.argsort(logit, kind="stable")
        ranked = np.asarray(case, dtype=np.int64)[order]
        size = np.bincount(ranked[ranked >= 0], minlength=len(names))
        return cls(np.asarray(logit, dtype=np.float64)[order], ranked, names, size)

    def called(self, threshold: float) -> IntArray:
        """How many of each case are called sclerotic."""
        return self._count(int(np.searchsorted(self.logit, threshold)), len(self.logit))

    def changed(self, before: float, after: float) -> int:
        """How many calls differ between two thresholds, of patches with and without a case."""
        places = np.searchsorted(self.logit, [before, after])
        return abs(int(places[1]) - int(places[0]))

    def crossing(
        self, before: float, called_before: IntArray, after: float, cut_off: float = CUT_OFF
    ) -> list[Crossing]:
        """Cases whose share crosses `cut_off` (a fraction; reaching it counts as above), those
        whose share changes most first. `called_before` is `called(before)`: only patches
        between the two thresholds are counted here, so that this keeps up with a hand."""
        low, high = sorted(np.searchsorted(self.logit, [before, after]).tolist())
        difference = self._count(low, high)
        called_after = called_before + (difference if after < before else -difference)
        moved = np.flatnonzero(difference)
        size = self.size[moved]
        old, new = called_before[moved] / size, called_after[moved] / size
        crossed = (old >= cut_off) != (new >= cut_off)
        order = np.lexsort((moved[crossed], -np.abs(new - old)[crossed]))
        return [
            Crossing(
                case=self.names[place],
                glomeruli=int(self.size[place]),
                before=int(called_before[place]),
                after=int(called_after[place]),
            )
            for place in moved[crossed][order].tolist()
        ]

    def _count(self, start: int, end: int) -> IntArray:
        case = self.case[start:end]
        return np.bincount(case[case >= 0], minlength=len(self.names))
