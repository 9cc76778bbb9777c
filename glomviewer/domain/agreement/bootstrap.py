"""95 % intervals by drawing whole cases again: patches of one case are not independent.

Percentile intervals (Efron & Tibshirani, An Introduction to the Bootstrap, chapter 13). A draw is
a matrix product: how often each group was drawn, times the sums of each group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from glomviewer.domain.agreement.patterns import Floats, GroupSums, Ints
from glomviewer.domain.agreement.statistic import Statistic
from glomviewer.domain.comparison.bootstrap import DRAWS, Progress

_CELLS_AT_ONCE = 1_000_000
"""Draws times kinds of groups that are weighed at once: 8 MB, a fraction of a second."""
_GROUPS_A_KIND = 4
"""From so many on, drawing by kinds is faster than drawing one group after the other."""

_NOTHING = 1e-9
"""An interval no wider than this would look as if there were no doubt."""

ONE_CASE = "no interval: intervals are drawn by cases, and all this is from one"
DRAWS_ALIKE = "no interval: all draws of cases give the same, which says nothing of its doubt"
NO_DRAW_DEFINED = "no interval: the figure has no value in any draw"

Cancelled = Callable[[], bool]
K = TypeVar("K")


class Stopped(Exception):  # noqa: N818 - no error: nobody wants the intervals any more
    """The work was cancelled between two blocks of draws."""


def _silent(_done: int, _all: int) -> None:
    """Nobody looks."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How intervals are drawn. `progress` is told (draws done, draws in all); once `cancelled`
    answers True the work ends in `Stopped`."""

    draws: int = DRAWS
    seed: int = 0
    progress: Progress = _silent
    cancelled: Cancelled = _never

    def part(self, number: int, parts: int) -> Bootstrap:
        """For one of several tables, `number` from 0 on: its progress is part of the whole."""

        def tell(done: int, _all: int) -> None:
            self.progress(number * self.draws + done, parts * self.draws)

        return replace(self, progress=tell)


@dataclass(frozen=True, slots=True)
class Drawn(Generic[K]):
    """Figures by name: their values in each draw, shape (draws,), NaN where there is none, and
    in how many groups there is anything to take them from."""

    values: Mapping[K, Floats]
    groups: Mapping[K, int]

    def bound(self, name: K, plain: Statistic) -> Statistic:
        """The same statistic with its interval, or with the reason why there is none."""
        if plain.value is None:
            return plain
        if self.groups[name] < 2:
            return replace(plain, reason=ONE_CASE)
        values = self.values[name]
        defined = values[np.isfinite(values)]
        undefined = len(values) - len(defined)
        if not len(defined):
            return replace(plain, reason=NO_DRAW_DEFINED, undefined_draws=undefined)
        low, high = np.quantile(defined, [0.025, 0.975]).tolist()
        if high - low < _NOTHING:
            return replace(plain, reason=DRAWS_ALIKE, undefined_draws=undefined)
        return replace(plain, low=low, high=high, undefined_draws=undefined)


def drawn(
    groups: GroupSums,
    figures: Mapping[K, Callable[[Floats], Floats]],
    sizes: Mapping[K, Callable[[Floats], Floats]],
    plan: Bootstrap,
) -> Drawn[K]:
    """Draw groups with replacement and compute every figure from the sums of each draw.

    `figures` give a value for each row of sums, `sizes` what it rests on, 0 for nothing.

    Raises:
        Stopped: it was cancelled.
    """
    values = {name: np.full(plan.draws, np.nan) for name in figures}
    resting_on = {
        name: int(groups.groups[size(groups.sums) > 0].sum()) for name, size in sizes.items()
    }
    plan.progress(0, plan.draws)
    if max(resting_on.values(), default=0) >= 2:
        done = 0
        for weights in _weights(groups, plan):
            totals = weights @ groups.sums
            for name, figure in figures.items():
                values[name][done : done + len(weights)] = figure(totals)
            done += len(weights)
            plan.progress(done, plan.draws)
    else:
        plan.progress(plan.draws, plan.draws)
    return Drawn(values, resting_on)


def _weights(groups: GroupSums, plan: Bootstrap) -> Iterator[Floats]:
    """Blocks of draws: how many groups of each kind, shape (draws in block, kinds)."""
    generator = np.random.default_rng(plan.seed)
    number, kinds = int(groups.groups.sum()), len(groups.groups)
    few_kinds = number > _GROUPS_A_KIND * kinds
    block = max(1, _CELLS_AT_ONCE // (kinds if few_kinds else number))
    for start in range(0, plan.draws, block):
        if plan.cancelled():
            raise Stopped
        size = min(block, plan.draws - start)
        if few_kinds:
            drawn_kinds = generator.multinomial(number, groups.groups / number, size=size)
        else:
            drawn_kinds = _one_by_one(generator, groups.groups, size)
        yield drawn_kinds.astype(np.float64)


def _one_by_one(generator: np.random.Generator, groups: Ints, draws: int) -> Ints:
    """What `multinomial` gives, faster where hardly two groups are of a kind."""
    number, kinds = int(groups.sum()), len(groups)
    kind_of = np.repeat(np.arange(kinds), groups)
    picked = kind_of[generator.integers(0, number, size=(draws, number))]
    picked += np.arange(draws)[:, np.newaxis] * kinds
    return np.bincount(picked.reshape(-1), minlength=draws * kinds).reshape(draws, kinds)
