"""Which of several thresholds serves a rule best. Numpy only: the window chooses by it too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.json_fields import UserError
from training.threshold_rule import Rule

Floats = NDArray[np.float64]
# Beyond the last logit there is no neighbour to lie halfway to.
_BEYOND = 1.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Every threshold that calls differently, rising, shape (values + 1,), and its `gap`: how far
    the logits on either side lie apart."""

    logit: Floats
    gap: Floats

    @classmethod
    def between(cls, values: Floats) -> Placed:
        """Halfway between neighbours of `values` (distinct, rising, at least one), and beyond
        the first and the last."""
        # A midpoint of neighbouring floats may round onto the lower one, which it must not call.
        halfway = np.maximum(
            values[:-1] / 2 + values[1:] / 2, np.nextafter(values[:-1], values[1:])
        )
        return cls(
            np.r_[values[0] - _BEYOND, halfway, values[-1] + _BEYOND],
            np.r_[0.0, np.diff(values), 0.0],
        )


def choose_threshold(placed: Placed, found: Floats, alarms: Floats, rule: Rule) -> float:
    """The calibrated logit that serves `rule` best; `found` and `alarms` are how many sclerotic
    and other patches are called 1 at each of `placed`.

    Among equally good ones that in the widest gap between patches is taken, then that nearest to
    a probability of one half. UserError where no threshold reaches the rule's precision.
    """
    merit = _merit(found, alarms, rule)
    tied = np.flatnonzero(merit >= merit.max() - 1e-12)
    order = np.lexsort((np.abs(placed.logit[tied]), -placed.gap[tied]))
    return float(placed.logit[tied[order[0]]])


def _merit(found: Floats, alarms: Floats, rule: Rule) -> Floats:
    """What is to be as high as can be at each threshold; -inf where the rule is not met."""
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
        raise UserError(
            f"No threshold reaches a precision of {rule.amount:g} on these patches; ask for less."
        )
    return np.where(enough, found, -np.inf)
