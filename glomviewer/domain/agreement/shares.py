"""Shares of patches, several of one table at once, with intervals by cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.agreement.bootstrap import Bootstrap, drawn
from glomviewer.domain.agreement.formula import quotient
from glomviewer.domain.agreement.patterns import Floats, GroupSums, Patterns
from glomviewer.domain.agreement.ratings import Places
from glomviewer.domain.agreement.statistic import Share, Statistic

Counts = NDArray[np.integer] | NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counted:
    """`above` of `below`, each shape (patches,): how much each patch adds to the numerator and
    to the denominator. `empty` says why there is no share where the denominator is 0."""

    above: Counts
    below: Counts
    empty: str


def shares_of(
    counted: Sequence[Counted], groups: Places, plan: Bootstrap | None = None
) -> list[Share]:
    """The share of each; `n` counts the patches in its denominator. All see the same draws.

    Raises:
        Stopped: the drawing was cancelled.
    """
    plain = [_plain(one) for one in counted]
    if plan is None:
        return plain
    table = np.stack([column for one in counted for column in (one.above, one.below)], axis=1)
    patterns = Patterns.of(table.astype(np.int64), int(table.max(initial=0)) + 1)
    found = drawn(
        GroupSums.of(patterns, patterns.rows.astype(np.float64), groups),
        {place: _ratio(place) for place in range(len(plain))},
        {place: _below(place) for place in range(len(plain))},
        plan,
    )
    return [
        Share(one.count, one.of, found.bound(place, one.share)) for place, one in enumerate(plain)
    ]


def _plain(counted: Counted) -> Share:
    count, of = int(counted.above.sum()), int(counted.below.sum())
    patches = int(np.count_nonzero(counted.below))
    if not of:
        return Share(count, of, Statistic(None, counted.empty, patches))
    return Share(count, of, Statistic(count / of, "", patches))


def _ratio(place: int) -> Callable[[Floats], Floats]:
    return lambda rows: quotient(rows[:, 2 * place], rows[:, 2 * place + 1])


def _below(place: int) -> Callable[[Floats], Floats]:
    return lambda rows: rows[:, 2 * place + 1]
