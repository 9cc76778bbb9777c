"""Where a rule puts the threshold: as `training.learning.threshold_search`, without scikit-learn.

Both are tried on the same arrays by the tests, so that the window and a training agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.patch_table import IntArray
from glomviewer.domain.thresholds.scores import Floats, RankedScores
from training.threshold_rule import Rule

_BEYOND = 1.0
"""Beyond the last logit there is no neighbour to lie halfway to."""


class NoThresholdError(Exception):
    """No threshold serves a rule; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every threshold that calls differently, rising; `gap` is how far the logits on either side
    lie apart, `below` how many patches are called 0 there, `found` and `alarms` how many
    sclerotic and other ones are called 1."""

    logit: Floats
    gap: Floats
    below: IntArray
    found: Floats
    alarms: Floats

    @classmethod
    def of(cls, scores: RankedScores) -> Candidates:
        """Halfway between neighbouring logits, and beyond the first and the last. There has to
        be a patch."""
        first = np.flatnonzero(np.r_[True, scores.logit[1:] != scores.logit[:-1]])
        values = scores.logit[first]
        places = np.r_[first, len(scores)]
        found = scores.sclerotic - scores.sclerotic_below[places]
        # A midpoint of neighbouring floats may round onto the lower one, which it must not call.
        halfway = np.maximum(
            values[:-1] / 2 + values[1:] / 2, np.nextafter(values[:-1], values[1:])
        )
        return cls(
            logit=np.r_[values[0] - _BEYOND, halfway, values[-1] + _BEYOND],
            gap=np.r_[0.0, np.diff(values), 0.0],
            below=places,
            found=found.astype(np.float64),
            alarms=(len(scores) - places - found).astype(np.float64),
        )

    def moved(self, place: int, steps: int) -> float:
        """The candidate so many steps up or down from a threshold that has `place` patches
        below it; each step calls otherwise."""
        at = int(np.searchsorted(self.below, place)) + steps
        return float(self.logit[min(max(at, 0), len(self.logit) - 1)])


def search_threshold(scores: RankedScores, candidates: Candidates, rule: Rule) -> float:
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
    merit = _merit(candidates, rule)
    tied = np.flatnonzero(merit >= merit.max() - 1e-12)
    order = np.lexsort((np.abs(candidates.logit[tied]), -candidates.gap[tied]))
    return float(candidates.logit[tied[order[0]]])


def _merit(candidates: Candidates, rule: Rule) -> NDArray[np.float64]:
    """What is to be as high as can be at each candidate; -inf where the rule is not met."""
    found, alarms = candidates.found, candidates.alarms
    positives = found[0]
    missed = positives - found
    if rule.kind == "best-f1":
        return 2 * found / (2 * found + alarms + missed)
    if rule.kind == "cost":
        return -(rule.amount * missed + alarms)
    if rule.kind == "recall":
        return np.where(found >= rule.amount * positives - 1e-9, -alarms, -np.inf)
    called = found + alarms
    enough = (called > 0) & (found >= rule.amount * called - 1e-9)
    if not enough.any():
        raise NoThresholdError(
            f"No threshold reaches a precision of {rule.amount:g} on these patches; ask for less."
        )
    return np.where(enough, found, -np.inf)
