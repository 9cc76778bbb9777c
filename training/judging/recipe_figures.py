"""Figures of recipes on out-of-fold predictions, and of the differences between each two."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.judging.folds import FoldPlan
from training.judging.holm import holm
from training.judging.mcnemar import McNemar, mcnemar
from training.judging.metrics import Interval, confusion, point_values, resample
from training.judging.out_of_fold import OutOfFold
from training.judging.permutation import PERMUTATIONS, permutation_test
from training.judging.resampling import DRAWS, Floats, Groups, bounds, groups_of
from training.judging.scores import Scores
from training.judging.weighted_figures import METRICS

# The mean over folds of the AUC within each: no calibration across folds can change it.
AUC_BY_FOLD = "auc_by_fold"
FIGURES = ("auc", AUC_BY_FOLD, *METRICS[1:])


@dataclass(frozen=True, slots=True)
class RecipeFigures:
    """Each figure with its interval, and in how many draws it was undefined."""

    name: str
    values: Mapping[str, Interval]
    undefined: Mapping[str, int]
    fold_auc: list[float | None]
    confusion: tuple[tuple[int, int], tuple[int, int]]

    def to_json(self) -> dict[str, Any]:
        return {
            "figures": {name: one.to_json() for name, one in self.values.items()},
            "undefined_draws": dict(self.undefined),
            "auc_of_each_fold": list(self.fold_auc),
            "confusion": [list(row) for row in self.confusion],
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second: a figure with its interval, and the permutation's p."""

    interval: Interval
    undefined: int
    p: float | None
    p_holm: float | None

    def to_json(self) -> dict[str, Any]:
        return {
            **self.interval.to_json(),
            "undefined_draws": self.undefined,
            "p": self.p,
            "p_holm": self.p_holm,
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """Two recipes on the same patches. `permutations` swaps were tried, all where `exact`."""

    first: str
    second: str
    differences: Mapping[str, Difference]
    mcnemar: McNemar
    mcnemar_holm: float | None
    permutations: int
    exact: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "first": self.first,
            "second": self.second,
            "differences": {name: one.to_json() for name, one in self.differences.items()},
            "mcnemar": {**self.mcnemar.to_json(), "p_holm": self.mcnemar_holm},
            "permutations": self.permutations,
            "exact": self.exact,
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that is said of some recipes on the same folds."""

    recipes: list[RecipeFigures]
    pairs: list[Pair]
    groups: int
    unit: str
    reliable: bool
    draws: int


def judge_recipes(
    found: Sequence[OutOfFold],
    plan: FoldPlan,
    *,
    draws: int = DRAWS,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Judgement:
    """Figures and differences, all recipes on the same bootstrap draws of groups."""
    groups = groups_of([row.group for row in plan.rows])
    drawn = _drawn(found, groups, draws=draws, seed=seed)
    values = [_values(one, groups) for one in found]
    recipes = [
        RecipeFigures(
            one.name,
            {name: _interval(own[name], mine[name], groups) for name in FIGURES},
            {name: int(np.sum(~np.isfinite(mine[name]))) for name in FIGURES},
            _fold_auc(one),
            confusion(one.scores),
        )
        for one, own, mine in zip(found, values, drawn, strict=True)
    ]
    pairs = [
        _pair(
            (found[i], found[j]),
            (values[i], values[j]),
            (drawn[i], drawn[j]),
            groups,
            permutations=permutations,
            seed=seed,
        )
        for i, j in itertools.combinations(range(len(found)), 2)
    ]
    return Judgement(recipes, _corrected(pairs), groups.count, groups.unit, groups.reliable, draws)


def _drawn(
    found: Sequence[OutOfFold], groups: Groups, *, draws: int, seed: int
) -> list[dict[str, Floats]]:
    """Every figure of every recipe in the same draws."""
    whole = resample([one.scores for one in found], groups, draws=draws, seed=seed)
    by_fold = [np.full((draws, 0), np.nan) for _ in found]
    for number in np.unique(found[0].folds).tolist():
        inside = found[0].folds == number
        within = Groups(groups.codes[inside], groups.count, groups.unit, groups.alone)
        parts = [_part(one, inside) for one in found]
        for i, one in enumerate(resample(parts, within, draws=draws, seed=seed)):
            by_fold[i] = np.column_stack([by_fold[i], one["auc"]])
    return [
        {**one, AUC_BY_FOLD: _mean_of_defined(folds)}
        for one, folds in zip(whole, by_fold, strict=True)
    ]


def _mean_of_defined(columns: Floats) -> Floats:
    """(rows,) means over finite entries; NaN where a row has none."""
    defined = np.isfinite(columns)
    count = defined.sum(axis=1)
    total = np.where(defined, columns, 0.0).sum(axis=1)
    return np.divide(total, count, out=np.full(len(columns), np.nan), where=count > 0)


def _part(one: OutOfFold, inside: np.ndarray[Any, np.dtype[np.bool_]]) -> Scores:
    return Scores(one.labels[inside], one.calibrated[inside], one.thresholds[inside])


def _fold_auc(one: OutOfFold) -> list[float | None]:
    numbers = np.unique(one.folds).tolist()
    return [point_values(_part(one, one.folds == number))["auc"] for number in numbers]


def _values(one: OutOfFold, groups: Groups) -> dict[str, float | None]:
    defined = [auc for auc in _fold_auc(one) if auc is not None]
    return {
        **point_values(one.scores, groups),
        AUC_BY_FOLD: float(np.mean(defined)) if defined else None,
    }


def _interval(value: float | None, drawn: Floats, groups: Groups) -> Interval:
    """Expanded for few groups: see resampling.expanded_level."""
    if value is None:
        return Interval(None)
    return Interval(value, *(bounds(drawn, groups.count, expanded=True) or (None, None)))


def _pair(
    found: tuple[OutOfFold, OutOfFold],
    values: tuple[Mapping[str, float | None], Mapping[str, float | None]],
    drawn: tuple[Mapping[str, Floats], Mapping[str, Floats]],
    groups: Groups,
    *,
    permutations: int,
    seed: int,
) -> Pair:
    first, second = found
    permuted = permutation_test(first.scores, second.scores, groups, draws=permutations, seed=seed)
    differences = {}
    for name in FIGURES:
        left, right = values[0][name], values[1][name]
        value = None if left is None or right is None else left - right
        draws = drawn[0][name] - drawn[1][name]
        differences[name] = Difference(
            _interval(value, draws, groups),
            int(np.sum(~np.isfinite(draws))),
            permuted.p.get(name),
            None,
        )
    tested = mcnemar(first.right, second.right)
    return Pair(first.name, second.name, differences, tested, None, permuted.tried, permuted.exact)


def _corrected(pairs: Sequence[Pair]) -> list[Pair]:
    """With Holm's correction over the pairs, for each figure by itself."""
    by_name = {name: holm([pair.differences[name].p for pair in pairs]) for name in FIGURES}
    calls = holm([pair.mcnemar.p for pair in pairs])
    return [
        Pair(
            pair.first,
            pair.second,
            {
                name: Difference(one.interval, one.undefined, one.p, by_name[name][i])
                for name, one in pair.differences.items()
            },
            pair.mcnemar,
            calls[i],
            pair.permutations,
            pair.exact,
        )
        for i, pair in enumerate(pairs)
    ]
