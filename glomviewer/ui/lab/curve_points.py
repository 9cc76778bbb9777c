"""Which epochs are drawn, and their figures as a plot takes them. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from training.events import Epoch

MOST_POINTS = 320
"""A plot is about as many pixels wide: more points cost time and show nothing."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One figure over the epochs; NaN where it wasn't measured."""

    training: tuple[float, ...]
    validation: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CurvePoints:
    """`numbers` counts all epochs of the run from 1, whatever stage they belong to; `best` is
    such a number."""

    numbers: tuple[int, ...] = ()
    loss: Curve = Curve((), ())
    accuracy: Curve = Curve((), ())
    auc: Curve = Curve((), ())
    best: int | None = None
    total: int = 1


def points_of(
    epochs: Sequence[Epoch], *, over: bool = False, most: int = MOST_POINTS
) -> CurvePoints:
    """The points of a run so far, thinned out to `most`, with its best and its last epoch. One
    that is over leaves no room for epochs that won't come."""
    if not epochs:
        return CurvePoints()
    best = max((place for place, epoch in enumerate(epochs) if epoch.best), default=None)
    places = _thinned(len(epochs), most, best)
    chosen = [epochs[place] for place in places]
    ahead = 0 if over else epochs[-1].epochs - epochs[-1].epoch
    return CurvePoints(
        numbers=tuple(place + 1 for place in places),
        loss=_curve([(one.train_loss, one.validation_loss) for one in chosen]),
        accuracy=_curve([(one.train_accuracy, one.validation_accuracy) for one in chosen]),
        auc=_curve([(one.train_auc, one.validation_auc) for one in chosen]),
        best=None if best is None else best + 1,
        total=len(epochs) + max(0, ahead),
    )


def last_known(values: Sequence[float]) -> float | None:
    return next((value for value in reversed(values) if not math.isnan(value)), None)


def _thinned(number: int, most: int, best: int | None) -> list[int]:
    if number <= most:
        return list(range(number))
    step = number / most
    kept = {int(place * step) for place in range(most)} | {number - 1}
    return sorted(kept if best is None else kept | {best})


def _curve(pairs: Sequence[tuple[float | None, float | None]]) -> Curve:
    return Curve(
        tuple(math.nan if one is None else float(one) for one, _ in pairs),
        tuple(math.nan if one is None else float(one) for _, one in pairs),
    )
