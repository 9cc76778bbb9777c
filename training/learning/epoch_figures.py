"""An epoch's losses and logits as figures, and whether it is the best so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from training.judging.resampling import Floats


@dataclass(frozen=True, slots=True)
class SplitFigures:
    """Of one split, from raw logits; `called` is the share of patches at or above 0."""

    loss: float
    auc: float
    accuracy: float
    called: float


@dataclass(slots=True)
class RunProgress:
    """What changes from epoch to epoch beside the weights; it is checkpointed."""

    next_epoch: int = 0
    best_epoch: int = -1
    best_auc: float = -1.0
    best_loss: float = float("inf")
    # The AUC that has to be beaten by min_change, and for how many epochs it was not.
    bar: float = -1.0
    stale: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    # Kinds of hints that were told already.
    told: list[str] = field(default_factory=list)

    def take(self, found: SplitFigures, min_change: float) -> bool:
        """Count an epoch by its figures on validation; whether it is the best so far."""
        # A small validation set is soon ranked without a fault; the loss still tells epochs apart.
        best = (found.auc, -found.loss) > (self.best_auc, -self.best_loss)
        if best:
            self.best_auc, self.best_loss = found.auc, found.loss
            self.best_epoch = self.next_epoch
        raised = found.auc > self.bar + min_change
        self.bar = found.auc if raised else self.bar
        self.stale = 0 if raised else self.stale + 1
        return best


def split_figures(labels: NDArray[Any], logits: Floats, loss: float | None = None) -> SplitFigures:
    """Figures of (N,) labels and logits; log loss unless the loss is given."""
    if loss is None:
        loss = float(np.mean(np.logaddexp(0.0, np.where(labels == 1, -logits, logits))))
    called = logits >= 0
    return SplitFigures(
        loss=loss,
        auc=_auc(labels, logits),
        accuracy=float(np.mean(called == (labels == 1))),
        called=float(np.mean(called)),
    )


def _auc(labels: NDArray[Any], logits: Floats) -> float:
    """NaN would stop nothing, so a class that is missing counts as no knowledge at all."""
    return float(roc_auc_score(labels, logits)) if 0 < labels.sum() < len(labels) else 0.5
