"""Permutation test by group: would the difference be as large had the two models' outputs been
swapped in any of the cases or slides?

Under the null hypothesis it does not matter which of two recipes gave which output, and whole
groups are swapped since the patches of one are not independent. AUC and average precision are
those of ranks within each recipe, as in the paired test of Bandos, Rockette and Gur (2005),
Statistics in Medicine 24:2873: swapped logits of another scale would compare scales. Drawn
permutations count the one that was observed, so that p is never 0: Phipson and Smyth (2010),
Stat. Appl. Genet. Mol. Biol. 9:39.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import rankdata

from training.judging.resampling import Floats, Groups
from training.judging.scores import Scores
from training.judging.weighted_figures import METRICS, WeightedFigures

PERMUTATIONS = 10_000
# Up to so many groups every swap is tried: 2^12 = 4,096.
EXACT_UP_TO = 12
_CELLS_AT_ONCE = 4_000_000
# What is equal up to rounding is as large.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Permuted:
    """Two-sided p of each metric, None where the difference is undefined; `tried` swaps."""

    p: Mapping[str, float | None]
    tried: int
    exact: bool


def permutation_test(
    first: Scores, second: Scores, groups: Groups, *, draws: int = PERMUTATIONS, seed: int = 0
) -> Permuted:
    """Of two models' scores on the same patches. A swap that leaves a metric undefined counts as
    one that is as large, which can only raise p."""
    both = _prepared(first, second, _doubled(groups))
    kept = np.ones((1, groups.count))
    observed = _differences(both, 1.0 - kept)
    exact = groups.count <= EXACT_UP_TO
    as_large = dict.fromkeys(METRICS, 0)
    tried = 0
    for swapped in _swaps(groups, exact=exact, draws=draws, seed=seed):
        tried += len(swapped)
        for metric, difference in _differences(both, swapped).items():
            below = np.abs(difference) < np.abs(observed[metric][0]) - _ROUNDING
            as_large[metric] += int(np.sum(~below))
    # All swaps hold the one that was observed, drawn ones are given it.
    extra = 0 if exact else 1
    return Permuted(
        {
            metric: (count + extra) / (tried + extra) if np.isfinite(observed[metric][0]) else None
            for metric, count in as_large.items()
        },
        tried,
        exact,
    )


def _prepared(first: Scores, second: Scores, groups: Groups) -> WeightedFigures:
    """Both models' versions, in the order of their own ranks for what only depends on order."""
    ranked = WeightedFigures.of(_stacked(_by_rank(first), _by_rank(second)), groups)
    return replace(
        WeightedFigures.of(_stacked(first, second), groups),
        sorted_codes=ranked.sorted_codes,
        sorted_positive=ranked.sorted_positive,
        tie_starts=ranked.tie_starts,
    )


def _by_rank(scores: Scores) -> Scores:
    """Ranks among the model's own logits in place of them; ties share the middle of theirs."""
    return replace(scores, logits=np.asarray(rankdata(scores.logits), dtype=np.float64))


def _stacked(first: Scores, second: Scores) -> Scores:
    """Both models' versions of every patch, one after the other."""
    size = len(first.labels)
    thresholds = [np.broadcast_to(one.threshold, size) for one in (first, second)]
    return Scores(
        np.r_[first.labels, second.labels],
        np.r_[first.logits, second.logits],
        np.concatenate(thresholds),
    )


def _doubled(groups: Groups) -> Groups:
    """The second model's version of each group is numbered after all of the first's."""
    alone = (*groups.alone, *(code + groups.count for code in groups.alone))
    codes = np.r_[groups.codes, groups.codes + groups.count]
    return Groups(codes, 2 * groups.count, groups.unit, alone)


def _differences(both: WeightedFigures, swapped: Floats) -> dict[str, Floats]:
    """First minus second in each metric, where `swapped` (swaps, groups) is 1 or else 0."""
    first = both.weigh(np.concatenate([1.0 - swapped, swapped], axis=1))
    second = both.weigh(np.concatenate([swapped, 1.0 - swapped], axis=1))
    return {metric: first[metric] - second[metric] for metric in METRICS}


def _swaps(groups: Groups, *, exact: bool, draws: int, seed: int) -> Iterator[Floats]:
    """Blocks (swaps, groups) of 0 and 1: every one there is, or so many drawn at random."""
    total = 2**groups.count if exact else draws
    block = max(1, _CELLS_AT_ONCE // max(1, 2 * len(groups.codes)))
    generator = np.random.default_rng(seed)
    for start in range(0, total, block):
        size = min(block, total - start)
        if exact:
            numbers = np.arange(start, start + size)[:, None]
            yield (numbers >> np.arange(groups.count) & 1).astype(np.float64)
        else:
            yield generator.integers(0, 2, (size, groups.count)).astype(np.float64)
