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
    """A case, or a `slide` whose case nobody knows, of `glomeruli` called patches, of which so
    many are called sclerotic."""

    case: str
    slide: str
    glomeruli: int
    before: int
    after: int

    @property
    def name(self) -> str:
        return self.case or self.slide

    @property
    def shares(self) -> tuple[float, float]:
        return self.before / self.glomeruli, self.after / self.glomeruli


@dataclass(frozen=True, slots=True)
class CaseCalls:
    """Every called glomerulus of the library that is free to be looked at, by logit.

    `patch` are ids; all of (n,) ascend by logit; `case` is a place in `names` or -1; `names` are
    cases, from place `slides_from` on slides whose case nobody knows; `size` are the glomeruli
    of each.
    """

    patch: IntArray
    logit: Floats
    case: IntArray
    names: tuple[str, ...]
    slides_from: int
    size: IntArray

    @classmethod
    def of(
        cls,
        patch: IntArray,
        logit: Floats,
        case: IntArray,
        names: tuple[str, ...],
        slides_from: int | None = None,
    ) -> CaseCalls:
        order = np.argsort(logit, kind="stable")
        ranked = np.asarray(case, dtype=np.int64)[order]
        size = np.bincount(ranked[ranked >= 0], minlength=len(names))
        values = np.asarray(logit, dtype=np.float64)[order]
        first_slide = len(names) if slides_from is None else slides_from
        return cls(patch[order], values, ranked, names, first_slide, size)

    def called(self, threshold: float) -> IntArray:
        """How many of each case are called sclerotic."""
        return self._count(int(np.searchsorted(self.logit, threshold)), len(self.logit))

    @property
    def cases(self) -> int:
        """How many cases, or slides of no known case, have a called glomerulus."""
        return int(np.count_nonzero(self.size))

    @property
    def unit(self) -> str:
        """What most of them are."""
        slides = int(np.count_nonzero(self.size[self.slides_from :]))
        return "slide" if 2 * slides > self.cases else "case"

    def changed(self, before: float, after: float) -> IntArray:
        """The patches whose calls differ between two thresholds, with and without a case."""
        low, high = sorted(np.searchsorted(self.logit, [before, after]).tolist())
        return self.patch[low:high]

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
                case=self.names[place] if place < self.slides_from else "",
                slide="" if place < self.slides_from else self.names[place],
                glomeruli=int(self.size[place]),
                before=int(called_before[place]),
                after=int(called_after[place]),
            )
            for place in moved[crossed][order].tolist()
        ]

    def _count(self, start: int, end: int) -> IntArray:
        case = self.case[start:end]
        return np.bincount(case[case >= 0], minlength=len(self.names))
