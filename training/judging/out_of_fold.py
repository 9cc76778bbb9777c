"""Out-of-fold predictions of a recipe: each patch by the model that was not fitted on its group."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from training import atomic
from training.judging.fold_parts import Part
from training.judging.folds import FoldPlan
from training.judging.resampling import Floats
from training.judging.scores import Scores
from training.learning.calibration import apply_calibration

COLUMNS = (
    *("patch", "group", "centre", "fold", "label", "raw_logit", "calibrated_logit"),
    *("probability", "threshold", "call"),
)


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """(N,) in the order of the plan's rows; `folds` is the number of each patch's fold.

    Thresholds are on the calibrated logit, and each fold's own.
    """

    name: str
    labels: NDArray[np.int8]
    folds: NDArray[np.intp]
    raw: Floats
    calibrated: Floats
    thresholds: Floats

    @classmethod
    def of(cls, name: str, plan: FoldPlan, parts: Sequence[Part]) -> OutOfFold:
        size = len(plan.rows)
        raw, calibrated, thresholds = np.empty(size), np.empty(size), np.empty(size)
        for fold, part in zip(plan.folds, parts, strict=True):
            logits = np.array([part.logits[plan.rows[i].patch] for i in fold.held_out])
            raw[fold.held_out] = logits
            calibrated[fold.held_out] = apply_calibration(part.calibration, logits)
            thresholds[fold.held_out] = part.threshold.logit
        return cls(name, plan.labels, plan.numbers, raw, calibrated, thresholds)

    @property
    def scores(self) -> Scores:
        """Ranked by calibrated logit, called by each fold's own threshold."""
        return Scores(self.labels, self.calibrated, self.thresholds)

    @property
    def right(self) -> NDArray[np.bool_]:
        return self.scores.calls == (self.labels == 1)


def write_out_of_fold(path: Path, plan: FoldPlan, found: OutOfFold) -> None:
    """A CSV with a line a patch."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    probabilities, calls = expit(found.calibrated), found.scores.calls
    for i, row in enumerate(plan.rows):
        known = (row.patch, row.group, row.centre, plan.folds[found.folds[i]].name, row.label)
        numbers = (found.raw[i], found.calibrated[i], probabilities[i], found.thresholds[i])
        writer.writerow((*known, *(f"{number:.9g}" for number in numbers), int(calls[i])))
    atomic.write_text(path, buffer.getvalue())
