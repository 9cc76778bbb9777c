"""Where a rule puts the threshold, among patches that are ranked already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.domain.patch_table import IntArray
from glomviewer.domain.thresholds.scores import Floats, RankedScores
from training.json_fields import UserError
from training.threshold_choice import Placed, choose_threshold
from training.threshold_rule import Rule


class NoThresholdError(Exception):
    """No threshold serves a rule; the sentence says why."""


@dataclass(frozen=True, slots=True)
class PlacedThresholds:
    """Every threshold that calls differently; `below` is how many patches are called 0 there,
    `found` and `alarms` how many sclerotic and other ones are called 1."""

    placed: Placed
    below: IntArray
    found: Floats
    alarms: Floats

    @classmethod
    def of(cls, scores: RankedScores) -> PlacedThresholds:
        """Halfway between neighbouring logits, and beyond the first and the last. There has to
        be a patch."""
        first = np.flatnonzero(np.r_[True, scores.logit[1:] != scores.logit[:-1]])
        values = scores.logit[first]
        places = np.r_[first, len(scores)]
        found = scores.sclerotic - scores.sclerotic_below[places]
        return cls(
            placed=Placed.between(values),
            below=places,
            found=found.astype(np.float64),
            alarms=(len(scores) - places - found).astype(np.float64),
        )

    @property
    def logit(self) -> Floats:
        """Rising."""
        return self.placed.logit

    def moved(self, place: int, steps: int) -> float:
        """The threshold so many steps up or down from a threshold that has `place` patches
        below it; each step calls otherwise."""
        at = int(np.searchsorted(self.below, place)) + steps
        return float(self.logit[min(max(at, 0), len(self.logit) - 1)])


def search_threshold(scores: RankedScores, placed: PlacedThresholds, rule: Rule) -> float:
    """The calibrated logit that serves `rule` best.

    Among equally good ones that in the widest gap between patches is taken, then that nearest
    to a probability of one half.

    Raises:
        NoThresholdError: a class is missing, or the rule can't be met.
    """
    if not scores.has_both_classes:
        raise NoThresholdError(
            "A rule takes patches of both classes, and here are "
            f"{scores.sclerotic} sclerotic of {len(scores)}."
        )
    try:
        return choose_threshold(placed.placed, placed.found, placed.alarms, rule)
    except UserError as error:
        raise NoThresholdError(str(error)) from error
