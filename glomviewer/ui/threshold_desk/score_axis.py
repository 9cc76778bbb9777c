"""The axis of calibrated scores: where a logit stands, what is in view, what is drawn along it.

No Qt here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.patch_table import IntArray
from glomviewer.domain.thresholds.scores import Floats, RankedScores
from glomviewer.ui.widgets.probabilities import logit_of

TICKS = (0.0001, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999)
"""Probabilities that the axis is marked with, where there is room."""
PADDING = 0.4
NARROWEST = 1e-3


@dataclass(slots=True)
class ScoreAxis:
    """Logits from `low` to `high`, of which `left` to `right` are in view between the margins
    of `width` pixels."""

    low: float = -1.0
    high: float = 1.0
    left: float = -1.0
    right: float = 1.0
    width: float = 100.0
    margin: float = 40.0

    def fit(self, logits: Floats, current: float) -> None:
        """Take in all of these, and show them all."""
        values = np.append(logits, current)
        self.low, self.high = float(values.min()) - PADDING, float(values.max()) + PADDING
        self.left, self.right = self.low, self.high

    @property
    def shows_all(self) -> bool:
        return self.left <= self.low and self.right >= self.high

    def x_of(self, logit: float) -> float:
        return self.margin + (logit - self.left) / (self.right - self.left) * self._room

    def logit_at(self, x: float) -> float:
        """Never beyond the ends of the axis."""
        logit = self.left + (x - self.margin) / self._room * (self.right - self.left)
        return min(max(logit, self.low), self.high)

    def zoom(self, factor: float, around: float) -> None:
        """Show `factor` times as much, with the logit `around` where it is."""
        share = (around - self.left) / (self.right - self.left)
        span = min(max((self.right - self.left) * factor, NARROWEST), self.high - self.low)
        self._show(around - share * span, span)

    def reveal(self, logit: float) -> bool:
        """Bring a logit into view; whether the view had to move."""
        span = self.right - self.left
        if self.left <= logit <= self.right:
            return False
        self._show(logit - span / 2, span)
        return True

    def ticks(self) -> list[tuple[float, float]]:
        """(probability, x) of the marks in view."""
        there = [(one, self.x_of(logit_of(one))) for one in TICKS]
        return [(one, x) for one, x in there if self.margin <= x <= self.margin + self._room]

    def bars(self, ascending: Floats, step: float) -> IntArray:
        """How many of these logits fall into each `step` pixels of the view."""
        number = max(1, int(self._room // step))
        edges = np.linspace(self.left, self.left + self._span_of(number * step), number + 1)
        return np.diff(np.searchsorted(ascending, edges))

    def spaced(self, scores: RankedScores, step: float) -> list[int]:
        """Places of patches in view that stand at least `step` pixels apart, each where its
        score is, so that none is drawn over another."""
        places: list[int] = []
        place = int(np.searchsorted(scores.logit, self.left))
        end = int(np.searchsorted(scores.logit, self.right, side="right"))
        apart = self._span_of(step)
        while place < end:
            places.append(place)
            place = int(np.searchsorted(scores.logit, scores.logit[place] + apart))
        return places

    @property
    def _room(self) -> float:
        return max(1.0, self.width - 2 * self.margin)

    def _span_of(self, pixels: float) -> float:
        return pixels / self._room * (self.right - self.left)

    def _show(self, left: float, span: float) -> None:
        self.left = min(max(left, self.low), self.high - span)
        self.right = self.left + span


def by_class(scores: RankedScores) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ascending logits of the patches that are not sclerotic, and of those that are."""
    return scores.logit[~scores.target], scores.logit[scores.target]
