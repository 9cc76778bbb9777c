"""Predictions that another program made, as logits that this one can rank and cut."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SATURATED = 10.0
"""The logit of a call whose probability nobody wrote down: as sure as 0.99995."""

_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class ForeignCalls:
    """Raw logits in the order of the calls, and the threshold that gives those calls again.

    `contradictions` counts calls that no threshold on their probability can give.
    """

    logits: tuple[float, ...]
    threshold: float
    remark: str
    contradictions: int


def logits_of_calls(calls: Sequence[tuple[int, float | None]]) -> ForeignCalls:
    """(call, probability or None) → logits of class 1.

    Some programs write the probability of the class they call, others that of class 1. Where
    no call is less probable than 0.5 and some call is 0, it is taken for the former.
    """
    of_called_class = _of_called_class(calls)
    logits: list[float] = []
    for call, probability in calls:
        if probability is None:
            logits.append(SATURATED if call else -SATURATED)
        else:
            positive = probability if call or not of_called_class else 1.0 - probability
            logits.append(logit(positive))
    threshold = _threshold(calls, logits)
    wrong = sum(
        (value >= threshold) != bool(call) for (call, _), value in zip(calls, logits, strict=True)
    )
    remark = "its probabilities were those of the class called" if of_called_class else ""
    return ForeignCalls(tuple(logits), threshold, remark, wrong)


def logit(probability: float) -> float:
    """log(p / (1 - p)), finite for 0 and 1 too."""
    bounded = min(max(probability, _LEAST), 1.0 - _LEAST)
    return math.log(bounded / (1.0 - bounded))


def _of_called_class(calls: Sequence[tuple[int, float | None]]) -> bool:
    zeros = [probability for call, probability in calls if not call and probability is not None]
    ones = [probability for call, probability in calls if call and probability is not None]
    # A table of class 1's probabilities has small ones beside its zeros.
    return bool(zeros) and min(zeros) >= 0.5 and min(ones, default=1.0) >= 0.5


def _threshold(calls: Sequence[tuple[int, float | None]], logits: Sequence[float]) -> float:
    """0 where it agrees with the calls, else the middle of the gap between the classes."""
    zeros = [value for (call, _), value in zip(calls, logits, strict=True) if not call]
    ones = [value for (call, _), value in zip(calls, logits, strict=True) if call]
    top, bottom = max(zeros, default=-SATURATED), min(ones, default=SATURATED)
    if top < 0.0 <= bottom or top >= bottom:
        return 0.0
    return (top + bottom) / 2.0
