"""Figures of weighted groups of patches, for thousands of weightings at once.

A bootstrap draw weighs each group by how often it was drawn, and a permutation weighs one of two
models' versions of each group by 1 and the other by 0: both are weightings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.judging.resampling import Floats, Groups
from training.judging.scores import Scores

METRICS: tuple[str, ...] = (
    "auc",
    "average_precision",
    "f1",
    "precision",
    "recall",
    "specificity",
    "accuracy",
    "kappa",
    "log_loss",
    "calibration_error",
    "percentage_error",
)
# Equal bins of probability, as in Guo et al. (2017), "On calibration of modern neural networks".
CALIBRATION_BINS = 15


@dataclass(frozen=True, slots=True)
class WeightedFigures:
    """What does not change from weighting to weighting, so that one costs a few array operations.

    `percentage_error` is the mean over groups of the absolute error of the percentage sclerotic,
    in percentage points; `calibration_error` the expected one over equal bins of probability.
    """

    # Patches in rising order of logit; ties share a block that starts at `tie_starts`.
    sorted_codes: NDArray[np.intp]
    sorted_positive: Floats
    tie_starts: NDArray[np.intp]
    # Sums per group, shape (groups, 5): tn, fp, fn, tp, loss.
    sums: Floats
    # Probability minus label summed per group and bin, shape (groups, CALIBRATION_BINS).
    gaps: Floats
    # Per group, shape (groups, 2): error in percentage points, and 1; zeros for no known group.
    percentages: Floats

    @classmethod
    def of(cls, scores: Scores, groups: Groups) -> WeightedFigures:
        order = np.argsort(scores.logits, kind="stable")
        ranked = scores.logits[order]
        starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        positive = scores.labels == 1
        calls = scores.calls
        sums = np.zeros((groups.count, 5))
        np.add.at(sums, (groups.codes, 2 * positive + calls), 1.0)
        np.add.at(sums[:, 4], groups.codes, scores.losses())
        probabilities = scores.probabilities
        edges = np.linspace(0.0, 1.0, CALIBRATION_BINS + 1)[1:-1]
        gaps = np.zeros((groups.count, CALIBRATION_BINS))
        np.add.at(gaps, (groups.codes, np.searchsorted(edges, probabilities)), probabilities)
        np.add.at(gaps, (groups.codes, np.searchsorted(edges, probabilities)), -1.0 * positive)
        return cls(
            groups.codes[order],
            positive[order].astype(np.float64),
            starts,
            sums,
            gaps,
            _percentages(sums, groups),
        )

    def weigh(self, weights: Floats) -> dict[str, Floats]:
        """Every metric for each row of `weights` (weightings, groups); NaN where undefined."""
        tn, fp, fn, tp, loss = (weights @ self.sums).T
        size = tn + fp + fn + tp
        error, known = (weights @ self.percentages).T
        with np.errstate(divide="ignore", invalid="ignore"):
            by_chance = ((tp + fp) * (tp + fn) + (tn + fn) * (tn + fp)) / size**2
            return {
                **self._ranking(weights),
                "f1": 2 * tp / (2 * tp + fp + fn),
                "precision": tp / (tp + fp),
                "recall": tp / (tp + fn),
                "specificity": tn / (tn + fp),
                "accuracy": (tp + tn) / size,
                "kappa": ((tp + tn) / size - by_chance) / (1.0 - by_chance),
                "log_loss": loss / size,
                "calibration_error": np.abs(weights @ self.gaps).sum(axis=1) / size,
                "percentage_error": error / known,
            }

    def _ranking(self, weights: Floats) -> dict[str, Floats]:
        """AUC: the chance that a sclerotic patch outranks another, a tie counting half.

        Average precision: the mean over sclerotic patches of the precision at their logit.
        """
        per_patch = weights[:, self.sorted_codes]
        positive = np.add.reduceat(per_patch * self.sorted_positive, self.tie_starts, axis=1)
        negative = np.add.reduceat(per_patch, self.tie_starts, axis=1) - positive
        positives, negatives = positive.sum(axis=1), negative.sum(axis=1)
        below = np.cumsum(negative, axis=1)
        auc = (positive * (below - negative / 2)).sum(axis=1) / (positives * negatives)
        found = positives[:, None] - np.cumsum(positive, axis=1) + positive
        called = found + negatives[:, None] - below + negative
        precision = np.divide(found, called, out=np.zeros_like(found), where=called > 0)
        return {
            "auc": auc,
            "average_precision": (positive * precision).sum(axis=1) / positives,
        }


def _percentages(sums: Floats, groups: Groups) -> Floats:
    tn, fp, fn, tp, _ = sums.T
    known = (tn + fp + fn + tp > 0) & groups.known
    size = np.where(known, tn + fp + fn + tp, 1.0)
    error = np.where(known, 100.0 * np.abs(fp - fn) / size, 0.0)
    return np.stack([error, known.astype(np.float64)], axis=1)
