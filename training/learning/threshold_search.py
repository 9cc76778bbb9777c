"""Threshold search on calibrated logits: what a false alarm and a missed lesion are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.config import Threshold, UserError
from training.judging.resampling import Floats
from training.threshold_rule import Rule

# Beyond the last logit there is no neighbour to lie halfway to.
_BEYOND = 1.0


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Every threshold that calls differently, halfway between neighbouring logits, rising."""

    logits: Floats
    gaps: Floats
    true_calls: Floats
    false_calls: Floats

    @classmethod
    def of(cls, logits: Floats, labels: NDArray[np.int8]) -> _Candidates:
        values, block = np.unique(logits, return_inverse=True)
        positive = np.bincount(block, weights=labels == 1, minlength=len(values))
        negative = np.bincount(block, weights=labels == 0, minlength=len(values))
        # At candidate i the blocks i and above are called 1; the last candidate calls none.
        true_calls = np.r_[np.cumsum(positive[::-1])[::-1], 0.0]
        false_calls = np.r_[np.cumsum(negative[::-1])[::-1], 0.0]
        # A midpoint of neighbouring floats may round onto the lower one, which it must not call.
        halfway = np.maximum(
            values[:-1] / 2 + values[1:] / 2, np.nextafter(values[:-1], values[1:])
        )
        placed = np.r_[values[0] - _BEYOND, halfway, values[-1] + _BEYOND]
        return cls(placed, np.r_[0.0, np.diff(values), 0.0], true_calls, false_calls)


def search_threshold(logits: Floats, labels: NDArray[np.int8], rule: str) -> Threshold:
    """The threshold that serves `rule` best on calibrated `logits` and `labels`, shape (patches,).

    Among equally good ones that in the widest gap between patches is taken, then that nearest
    to a probability of one half. UserError where a class is missing or the rule can't be met.
    """
    parsed = Rule.parse(rule)
    logits = np.asarray(logits, dtype=np.float64)
    if not np.isfinite(logits).all():
        raise UserError("The threshold can't be searched: a logit is not a finite number.")
    if len(np.unique(labels)) < 2:
        raise UserError(
            "The threshold can't be searched: it takes patches of both classes, "
            f"and here are {int(np.sum(labels == 1))} sclerotic of {len(labels)}."
        )
    candidates = _Candidates.of(logits, labels)
    return Threshold(_best(candidates, _merit(candidates, parsed)), str(parsed))


def _merit(candidates: _Candidates, rule: Rule) -> Floats:
    """What is to be as high as can be at each candidate; -inf where the rule is not met."""
    found, alarms = candidates.true_calls, candidates.false_calls
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


def _best(candidates: _Candidates, merit: Floats) -> float:
    tied = np.flatnonzero(merit >= merit.max() - 1e-12)
    order = np.lexsort((np.abs(candidates.logits[tied]), -candidates.gaps[tied]))
    return float(candidates.logits[tied[order[0]]])
