"""ROC, precision-recall and calibration curves, as scikit-learn draws them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.domain.cases import wilson
from glomviewer.domain.comparison.scored import Floats, Ints, Scored

BINS = 10
"""Equal bins of probability for the calibration curve and its error."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points from left to right, and the one where the model's threshold lies."""

    x: Floats
    y: Floats
    at_threshold: tuple[float, float]


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Patches within one bin of probability: the mean of what was predicted, the share that is
    positive with Wilson's 95 % interval, and the rows of the patches."""

    predicted: float
    observed: float
    low: float
    high: float
    rows: Ints


def roc_curve(scored: Scored) -> Curve | None:
    """False positive rate (x) and recall (y) at every distinct score; None with one class only.

    Equal to `sklearn.metrics.roc_curve(..., drop_intermediate=False)`.
    """
    if not scored.has_both_classes:
        return None
    found, alarms = _counts_from_the_top(scored)
    positives, negatives = found[-1], alarms[-1]
    calls = scored.calls
    point = (
        float(np.count_nonzero(calls & ~scored.target) / negatives),
        float(np.count_nonzero(calls & scored.target) / positives),
    )
    return Curve(_from_zero(alarms) / negatives, _from_zero(found) / positives, point)


def precision_recall_curve(scored: Scored) -> Curve | None:
    """Recall (x) and precision (y) at every distinct score; None without positives.

    Equal to `sklearn.metrics.precision_recall_curve`, in rising order of recall and with its
    closing point (0, 1).
    """
    if not scored.target.any():
        return None
    found, alarms = _counts_from_the_top(scored)
    calls = scored.calls
    called = int(np.count_nonzero(calls))
    hits = int(np.count_nonzero(calls & scored.target))
    return Curve(
        _from_zero(found) / found[-1],
        np.concatenate([[1.0], found / (found + alarms)]),
        (float(hits / found[-1]), hits / called if called else 1.0),
    )


def calibration_bins(scored: Scored, bins: int = BINS) -> list[CalibrationBin]:
    """Occupied bins from 0 to 1; means and shares equal
    `sklearn.calibration.calibration_curve(strategy="uniform")`."""
    probability = scored.probability
    number = bin_of(probability, bins)
    made = []
    for one in range(bins):
        rows = np.flatnonzero(number == one)
        if len(rows):
            share = wilson(int(np.count_nonzero(scored.target[rows])), len(rows))
            predicted = float(probability[rows].mean())
            made.append(CalibrationBin(predicted, share.value, share.low, share.high, rows))
    return made


def bin_of(probability: Floats, bins: int = BINS) -> Ints:
    """The bin of each probability; a value on an edge belongs to the bin on its left."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    return np.searchsorted(edges[1:-1], probability).astype(np.int64)


def _counts_from_the_top(scored: Scored) -> tuple[Floats, Floats]:
    """How many positives and negatives score at least each distinct score, highest first."""
    order = np.argsort(-scored.logit, kind="stable")
    ranked, positive = scored.logit[order], scored.target[order]
    last_of_tie = np.flatnonzero(np.concatenate([ranked[1:] != ranked[:-1], [True]]))
    found = np.cumsum(positive)[last_of_tie].astype(np.float64)
    return found, 1.0 + last_of_tie - found


def _from_zero(counts: Floats) -> Floats:
    return np.concatenate([[0.0], counts])
