"""Threshold search on calibrated logits: what a false alarm and a missed lesion are worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.config import Threshold, UserError
from training.threshold_choice import Floats, Placed, choose_threshold
from training.threshold_rule import Rule


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
    values, block = np.unique(logits, return_inverse=True)
    found = _called(block, labels == 1, len(values))
    alarms = _called(block, labels == 0, len(values))
    return Threshold(choose_threshold(Placed.between(values), found, alarms, parsed), str(parsed))


def _called(block: NDArray[np.intp], counted: NDArray[np.bool_], values: int) -> Floats:
    """How many of `counted` lie in block i or above, for each i; the last threshold calls none."""
    each = np.bincount(block, weights=counted, minlength=values)
    return np.r_[np.cumsum(each[::-1])[::-1], 0.0]
