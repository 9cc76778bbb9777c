"""Figures of one model on labelled patches, with bootstrap intervals by case or slide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn import metrics as sk

from training.judging.resampling import DRAWS, Floats, Groups, bounds, group_weights, groups_of
from training.judging.scores import Scores as Scores
from training.judging.weighted_figures import METRICS as METRICS
from training.judging.weighted_figures import WeightedFigures

# Groups drawn again make a calibration error look larger than it is: its percentile interval held
# the truth in 45 % of simulations, and may not even hold the figure. Its differences are sound.
WITHOUT_INTERVAL = frozenset({"calibration_error"})


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its two-sided 95 % interval; None where it is undefined."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, float | None]:
        return {"value": self.value, "low": self.low, "high": self.high}

    def __str__(self) -> str:
        if self.value is None:
            return "undefined"
        if self.low is None or self.high is None:
            return f"{self.value:.3f}"
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a model achieves on a set of patches, and how far the set can be trusted."""

    values: Mapping[str, Interval]
    confusion: tuple[tuple[int, int], tuple[int, int]]
    patches: int
    sclerotic: int
    groups: int
    unit: str
    reliable: bool
    draws: int
    undefined_draws: int

    def to_json(self) -> dict[str, Any]:
        return {
            **{name: interval.to_json() for name, interval in self.values.items()},
            "confusion": [list(row) for row in self.confusion],
            "patches": self.patches,
            "sclerotic": self.sclerotic,
            "groups": self.groups,
            "unit": self.unit,
            "reliable": self.reliable,
            "draws": self.draws,
            "undefined_draws": self.undefined_draws,
        }


def confusion(scores: Scores) -> tuple[tuple[int, int], tuple[int, int]]:
    """((tn, fp), (fn, tp)): rows are the labels, columns the calls."""
    if not len(scores.labels):
        return (0, 0), (0, 0)
    matrix = sk.confusion_matrix(scores.labels, scores.calls.astype(np.int8), labels=[0, 1])
    (tn, fp), (fn, tp) = matrix.tolist()
    return (tn, fp), (fn, tp)


def point_values(scores: Scores, groups: Groups | None = None) -> dict[str, float | None]:
    """Every metric on the set as it is; None where it is undefined.

    Without `groups` the error of the percentage sclerotic per case or slide is undefined.
    """
    (tn, fp), (fn, tp) = confusion(scores)
    size = tn + fp + fn + tp
    both = 0 < tp + fn < size
    ranked = (scores.labels, scores.logits)
    return {
        "auc": float(sk.roc_auc_score(*ranked)) if both else None,
        "average_precision": float(sk.average_precision_score(*ranked)) if both else None,
        "f1": _ratio(2 * tp, 2 * tp + fp + fn),
        "precision": _ratio(tp, tp + fp),
        "recall": _ratio(tp, tp + fn),
        "specificity": _ratio(tn, tn + fp),
        "accuracy": _ratio(tp + tn, size),
        "kappa": _kappa(tn, fp, fn, tp) if size else None,
        "log_loss": _ratio(float(scores.losses().sum()), size),
        **_grouped_values(scores, groups or groups_of([""] * size)),
    }


def _kappa(tn: int, fp: int, fn: int, tp: int) -> float | None:
    """Cohen's, between labels and calls; undefined where both are of one class only."""
    size = tn + fp + fn + tp
    by_chance = ((tp + fp) * (tp + fn) + (tn + fn) * (tn + fp)) / size**2
    return _ratio((tp + tn) / size - by_chance, 1.0 - by_chance)


def _grouped_values(scores: Scores, groups: Groups) -> dict[str, float | None]:
    names = ("calibration_error", "percentage_error")
    if not groups.count:
        return dict.fromkeys(names)
    found = WeightedFigures.of(scores, groups).weigh(np.ones((1, groups.count)))
    values = {name: float(found[name][0]) for name in names}
    return {name: value if np.isfinite(value) else None for name, value in values.items()}


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def resample(
    models: Sequence[Scores], groups: Groups, *, draws: int = DRAWS, seed: int = 0
) -> list[dict[str, Floats]]:
    """Each metric in each draw, shape (draws,), the models paired: all see the same draws.

    An undefined draw (one class only, nothing called) is NaN.
    """
    prepared = [WeightedFigures.of(scores, groups) for scores in models]
    blocks = [
        [model.weigh(weights) for model in prepared]
        for weights in group_weights(groups, draws=draws, seed=seed)
    ]
    return [
        {name: np.concatenate([block[i][name] for block in blocks]) for name in METRICS}
        for i in range(len(prepared))
    ]


def figures(
    scores: Scores, group_names: Sequence[str], *, draws: int = DRAWS, seed: int = 0
) -> Figures:
    """All figures of one model with their intervals; `group_names` holds "" where unknown."""
    groups = groups_of(group_names)
    drawn = resample([scores], groups, draws=draws, seed=seed)[0] if groups.count else {}
    return summarise(scores, groups, drawn, draws=draws)


def summarise(
    scores: Scores, groups: Groups, drawn: Mapping[str, Floats], *, draws: int = DRAWS
) -> Figures:
    """Put point values and the draws made for them together."""
    values = {
        name: Interval(value)
        if value is None or name in WITHOUT_INTERVAL
        else Interval(value, *(bounds(drawn[name], groups.count) or (None, None)))
        for name, value in point_values(scores, groups).items()
    }
    return Figures(
        values=values,
        confusion=confusion(scores),
        patches=len(scores.labels),
        sclerotic=int(np.sum(scores.labels == 1)),
        groups=groups.count,
        unit=groups.unit,
        reliable=groups.reliable,
        draws=draws,
        undefined_draws=undefined_draws(drawn),
    )


def undefined_draws(drawn: Mapping[str, Floats]) -> int:
    """In how many draws AUC or F1 was undefined."""
    if not drawn:
        return 0
    return int(np.sum(~np.isfinite(drawn["auc"]) | ~np.isfinite(drawn["f1"])))
