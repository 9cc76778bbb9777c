"""Bootstrap over groups: draws whole cases or slides, since patches of one are not independent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

DRAWS = 2000
RELIABLE_FROM_GROUPS = 20
# Weights of this many patches (draws x patches) are held at once: 64 MB in float64.
_CELLS_AT_ONCE = 8_000_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Which group each patch belongs to: `codes` are 0..count-1, shape (patches,).

    `alone` are the codes of patches of an unknown case or slide, each a group of its own.
    """

    codes: NDArray[np.intp]
    count: int
    unit: str
    alone: tuple[int, ...] = ()

    @property
    def known(self) -> NDArray[np.bool_]:
        """(count,) whether the group is a case or slide, and not a patch of which none is known."""
        known = np.full(self.count, self.unit != "patch")
        known[list(self.alone)] = False
        return known

    @property
    def reliable(self) -> bool:
        """Whether there are groups enough for an interval to mean what it says."""
        return self.count >= RELIABLE_FROM_GROUPS


def groups_of(names: Sequence[str]) -> Groups:
    """Code the case or slide of each patch; an unknown one ("") stands for itself alone."""
    if not any(names):
        return Groups(np.arange(len(names)), len(names), "patch")
    keys = [("known", name) if name else ("alone", str(i)) for i, name in enumerate(names)]
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    codes = np.array([number[key] for key in keys], dtype=np.intp)
    alone = tuple(i for (kind, _), i in number.items() if kind == "alone")
    return Groups(codes, len(number), "case or slide", alone)


def group_weights(
    groups: Groups, *, draws: int = DRAWS, seed: int = 0, cells: int = _CELLS_AT_ONCE
) -> Iterator[Floats]:
    """Yield blocks of draws: how often each group was drawn, shape (draws in block, groups)."""
    generator = np.random.default_rng(seed)
    block = max(1, cells // max(1, len(groups.codes), groups.count))
    chances = np.full(groups.count, 1.0 / groups.count)
    for start in range(0, draws, block):
        size = min(block, draws - start)
        yield generator.multinomial(groups.count, chances, size=size).astype(np.float64)


def expanded_level(level: float, groups: int) -> float:
    """The percentile to read so that a percentile interval holds its level with few groups.

    Plain percentile intervals are too narrow in small samples by sqrt((n-1)/n) and for using
    normal where t quantiles are due; Hesterberg (2015), "What teachers should know about the
    bootstrap", The American Statistician 69(4), section 4.4 ("expanded percentile interval").
    """
    if groups < 2:
        return 0.0
    widened = np.sqrt(groups / (groups - 1)) * stats.t.ppf(level, groups - 1)
    return float(stats.norm.cdf(widened))


def bounds(
    draws: Floats, groups: int, *, tail: float = 0.025, expanded: bool = False
) -> tuple[float, float] | None:
    """Lower and upper percentile bound, each leaving `tail` outside; None without defined draws.

    `expanded` widens them for few groups: for decisions, where a bound too narrow does harm.
    """
    defined = draws[np.isfinite(draws)]
    if not len(defined) or groups < 2:
        return None
    level = expanded_level(tail, groups) if expanded else tail
    low, high = np.quantile(defined, [level, 1.0 - level])
    return float(low), float(high)
