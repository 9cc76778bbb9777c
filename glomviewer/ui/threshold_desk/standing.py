"""The set in use with what is made of it once, and what is worked out beside the window's thread.

No Qt here.
"""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.thresholds.counts import Intervals, wilson_intervals
from glomviewer.domain.thresholds.intervals import (
    GroupDraws,
    bootstrap_intervals,
    can_be_drawn,
)
from glomviewer.domain.thresholds.scores import RankedScores
from glomviewer.domain.thresholds.search import PlacedThresholds
from glomviewer.jobs.threshold_desk import LockedFigures


@dataclass(slots=True)
class Standing:
    """`threshold` is where the line stands, a calibrated logit; `draws` come with the first
    rest."""

    name: str
    scores: RankedScores
    placed: PlacedThresholds
    threshold: float
    draws: GroupDraws | None = None


def intervals_at(standing: Standing, threshold: float) -> tuple[GroupDraws, Intervals]:
    """The intervals by case, and the draws that they were made with, to be kept."""
    draws = standing.draws or GroupDraws.of(standing.scores.groups)
    return draws, bootstrap_intervals(standing.scores, draws, threshold)


def locked_at(locked: LockedFigures, threshold: float) -> tuple[LockedFigures, Intervals]:
    scores = locked.scores
    if not can_be_drawn(scores):
        return locked, wilson_intervals(scores.counts(threshold))
    return locked, bootstrap_intervals(scores, GroupDraws.of(scores.groups), threshold)
