"""Figures of one model on labelled patches, with bootstrap intervals by case or slide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from training.resampling import DRAWS, Floats, Groups, bounds, group_weights, groups_of

METRICS = ("auc", "f1", "precision", "recall", "specificity", "accuracy", "log_loss")


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
class Scores:
    """One model's calibrated logits on labelled patches; a call is 1 where logit >= threshold."""

    labels: NDArray[np.int8]
    logits: Floats
    threshold: float

    @property
    def calls(self) -> NDArray[np.bool_]:
        return self.logits >= self.threshold

    def losses(self) -> Floats:
        """Cross-entropy in nats per patch, exact where a probability would be saturated."""
        return np.logaddexp(0.0, np.where(self.labels == 1, -self.logits, self.logits))


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


def point_values(scores: Scores) -> dict[str, float | None]:
    """Every metric on the set as it is; None where it is undefined."""
    (tn, fp), (fn, tp) = confusion(scores)
    size = tn + fp + fn + tp
    both = 0 < tp + fn < size
    return {
        "auc": float(sk.roc_auc_score(scores.labels, scores.logits)) if both else None,
        "f1": _ratio(2 * tp, 2 * tp + fp + fn),
        "precision": _ratio(tp, tp + fp),
        "recall": _ratio(tp, tp + fn),
        "specificity": _ratio(tn, tn + fp),
        "accuracy": _ratio(tp + tn, size),
        "log_loss": _ratio(float(scores.losses().sum()), size),
    }


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def resample(
    models: Sequence[Scores], groups: Groups, *, draws: int = DRAWS, seed: int = 0
) -> list[dict[str, Floats]]:
    """Each metric in each draw, shape (draws,), the models paired: all see the same draws.

    An undefined draw (one class only, nothing called) is NaN.
    """
    prepared = [_Prepared.of(scores, groups) for scores in models]
    blocks = [
        [model.draw(weights) for model in prepared]
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
        name: Interval(value, *(bounds(drawn[name], groups.count) or (None, None)))
        if value is not None
        else Interval(None)
        for name, value in point_values(scores).items()
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


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What does not change from draw to draw, so that a draw costs a few array operations."""

    # Patches in rising order of logit; ties share a block that starts at `tie_starts`.
    sorted_codes: NDArray[np.intp]
    sorted_positive: Floats
    tie_starts: NDArray[np.intp]
    # Sums per group, shape (groups, 5): tn, fp, fn, tp, loss.
    sums: Floats

    @classmethod
    def of(cls, scores: Scores, groups: Groups) -> _Prepared:
        order = np.argsort(scores.logits, kind="stable")
        ranked = scores.logits[order]
        starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        cell = 2 * (scores.labels == 1) + scores.calls
        sums = np.zeros((groups.count, 5))
        np.add.at(sums, (groups.codes, cell), 1.0)
        np.add.at(sums[:, 4], groups.codes, scores.losses())
        positive = (scores.labels[order] == 1).astype(np.float64)
        return cls(groups.codes[order], positive, starts, sums)

    def draw(self, weights: Floats) -> dict[str, Floats]:
        tn, fp, fn, tp, loss = (weights @ self.sums).T
        size = tn + fp + fn + tp
        with np.errstate(divide="ignore", invalid="ignore"):
            return {
                "auc": self._auc(weights),
                "f1": 2 * tp / (2 * tp + fp + fn),
                "precision": tp / (tp + fp),
                "recall": tp / (tp + fn),
                "specificity": tn / (tn + fp),
                "accuracy": (tp + tn) / size,
                "log_loss": loss / size,
            }

    def _auc(self, weights: Floats) -> Floats:
        """The chance that a sclerotic patch outranks another, a tie counting half."""
        per_patch = weights[:, self.sorted_codes]
        positive = np.add.reduceat(per_patch * self.sorted_positive, self.tie_starts, axis=1)
        negative = np.add.reduceat(per_patch, self.tie_starts, axis=1) - positive
        below = np.cumsum(negative, axis=1) - negative / 2
        return (positive * below).sum(axis=1) / (positive.sum(axis=1) * negative.sum(axis=1))
