"""What a threshold would do on the validation set and to the cases. No Qt here."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.labels import Split
from glomviewer.domain.patch_table import PatchTable

CUT_OFF = 0.20
"""The share of globally sclerotic glomeruli at which a biopsy changes category."""

BEST_F1 = "best F1 on validation"
RECALL = "recall at least 0.98 on validation"
COSTS = "a miss costs three false alarms"
BY_HAND = "by hand"
RULES = (BEST_F1, RECALL, COSTS, BY_HAND)
RECALL_AT_LEAST = 0.98
COST_OF_A_MISS = 3.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated logits of one model: `logit` and `target` of the labelled validation patches,
    and every patch's logit with its case (code, -1 for none) for what happens beyond them."""

    logit: NDArray[np.float64]
    target: NDArray[np.bool_]
    all_logit: NDArray[np.float64]
    all_case: NDArray[np.int64]
    threshold: float


@dataclass(frozen=True, slots=True)
class Effects:
    """Counts on the validation set, and what would change in the whole library."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int
    changed_calls: int
    crossing_cases: int

    @property
    def patches(self) -> int:
        return self.true_positive + self.false_positive + self.false_negative + self.true_negative

    @property
    def precision(self) -> float:
        return _share(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> float:
        return _share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def f1(self) -> float:
        twice = 2 * self.true_positive
        return _share(twice, twice + self.false_positive + self.false_negative)


def scores_of(table: PatchTable) -> Scores:
    """The scores of the model in view. Locked and final patches are left out of everything,
    so that moving a threshold neither fits nor shows what the gate stands on."""
    split = table["split"]
    excluded = table["excluded"].astype(np.bool_)
    guarded = (split == Split.LOCKED) | (split == Split.FINAL)
    logit = table.view.logit.astype(np.float64)
    usable = ~np.isnan(logit) & ~excluded & ~guarded
    target = table.target_of(table["reference"])  # type: ignore[arg-type]
    validation = usable & (split == Split.VALIDATION) & (target >= 0)
    return Scores(
        logit=logit[validation],
        target=target[validation] == 1,
        all_logit=logit[usable],
        all_case=table["case"][usable].astype(np.int64),
        threshold=table.view.threshold,
    )


def effects_of(scores: Scores, threshold: float) -> Effects:
    call = scores.logit >= threshold
    before = scores.all_logit >= scores.threshold
    after = scores.all_logit >= threshold
    return Effects(
        true_positive=int(np.count_nonzero(call & scores.target)),
        false_positive=int(np.count_nonzero(call & ~scores.target)),
        false_negative=int(np.count_nonzero(~call & scores.target)),
        true_negative=int(np.count_nonzero(~call & ~scores.target)),
        changed_calls=int(np.count_nonzero(before != after)),
        crossing_cases=_crossing(scores.all_case, before, after),
    )


def threshold_by(rule: str, scores: Scores) -> float | None:
    """The threshold that the rule picks on the validation set; None where it picks none.

    Among equally good ones the middle of the widest gap between scores, which is least moved
    by one patch more.
    """
    if rule == BY_HAND or not scores.target.any() or scores.target.all():
        return None
    cuts = _cuts(scores.logit)
    order = np.sort(scores.logit[scores.target]), np.sort(scores.logit[~scores.target])
    found = order[0].size - np.searchsorted(order[0], cuts)
    alarms = order[1].size - np.searchsorted(order[1], cuts)
    missed = order[0].size - found
    if rule == RECALL:
        enough = found >= RECALL_AT_LEAST * order[0].size
        worth = np.where(enough, -alarms.astype(np.float64), -math.inf)
    elif rule == COSTS:
        worth = -(COST_OF_A_MISS * missed + alarms)
    else:
        worth = 2.0 * found / np.maximum(2 * found + alarms + missed, 1)
    best = np.flatnonzero(worth >= worth.max() - 1e-12)
    values = np.unique(scores.logit)
    below = np.concatenate([[values[0] - 2.0], values])
    above = np.concatenate([values, [values[-1] + 2.0]])
    gaps = (above - below)[best]
    return float(cuts[best[int(np.argmax(gaps))]])


def _cuts(logit: NDArray[np.float64]) -> NDArray[np.float64]:
    """One threshold below all scores, one between each two, one above all."""
    values = np.unique(logit)
    between = (values[1:] + values[:-1]) / 2
    return np.concatenate([[values[0] - 1.0], between, [values[-1] + 1.0]])


def _crossing(case: NDArray[np.int64], before: NDArray[np.bool_], after: NDArray[np.bool_]) -> int:
    known = case >= 0
    if not known.any():
        return 0
    size = np.bincount(case[known])
    occupied = size > 0
    old = np.bincount(case[known & before], minlength=size.size)[occupied] / size[occupied]
    new = np.bincount(case[known & after], minlength=size.size)[occupied] / size[occupied]
    return int(np.count_nonzero((old >= CUT_OFF) != (new >= CUT_OFF)))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
