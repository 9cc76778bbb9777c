"""A logistic head on embeddings: its strength chosen, and judged, on groups kept whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from training.judging.resampling import Floats
from training.learning.calibration import apply_calibration, fit_calibration
from training.progress import Cancelled, ShouldStop, never_stop

Fold = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class LinearHead:
    """logit = weight . embedding + bias; weight (D,)."""

    weight: Floats
    bias: float

    def logits(self, embeddings: NDArray[np.floating]) -> Floats:
        """(N,) of embeddings (N, D)."""
        return np.asarray(embeddings, dtype=np.float64) @ self.weight + self.bias


@dataclass(frozen=True, slots=True)
class FittedHead:
    """The head, and what heads that were not fitted on a patch's group said of it.

    `out_of_fold` (N,) is NaN for patches that are in no fold.
    """

    head: LinearHead
    strength: float
    out_of_fold: Floats


def fit_head(
    views: Sequence[NDArray[np.float32]],
    labels: NDArray[np.int8],
    folds: Sequence[Fold],
    *,
    strengths: Sequence[float],
    balanced: bool,
    fit_on: Sequence[int] | None = None,
    judged: NDArray[np.floating] | None = None,
    should_stop: ShouldStop = never_stop,
) -> FittedHead:
    """Fit on `views`, each (N, D) and of the same patches turned differently, labels (N,).

    The inverse strength of the penalty is that with the lowest out-of-fold log loss after
    calibration; out-of-fold logits are of `judged` (N, D), by default the first view. The head
    itself is fitted on the rows `fit_on`, on all of them where that is None.
    """
    told_of = views[0] if judged is None else judged
    rising = sorted(strengths)
    predicted = np.full((len(rising), len(labels)), np.nan)
    for rest, fold in folds:
        heads = _fit_path(
            _stacked(views, rest),
            _repeated(labels, rest, len(views)),
            rising,
            balanced,
            should_stop,
        )
        for i, head in enumerate(heads):
            predicted[i, list(fold)] = head.logits(told_of[list(fold)])
    told = np.isfinite(predicted[0])
    best = int(np.argmin([_calibrated_loss(one[told], labels[told]) for one in predicted]))
    every = range(len(labels)) if fit_on is None else fit_on
    chosen = _fit_path(
        _stacked(views, every),
        _repeated(labels, every, len(views)),
        rising[: best + 1],
        balanced,
        should_stop,
    )[-1]
    return FittedHead(chosen, rising[best], predicted[best])


def _stacked(views: Sequence[NDArray[np.float32]], rows: Sequence[int]) -> Floats:
    return np.concatenate([view[list(rows)] for view in views]).astype(np.float64)


def _repeated(labels: NDArray[np.int8], rows: Sequence[int], times: int) -> NDArray[np.int8]:
    return np.tile(labels[list(rows)], times)


def _fit_path(
    embeddings: Floats,
    labels: NDArray[np.int8],
    strengths: Sequence[float],
    balanced: bool,
    should_stop: ShouldStop,
) -> list[LinearHead]:
    """A head for each of the rising strengths, each started from the one before."""
    mean = embeddings.mean(axis=0)
    scale = embeddings.std(axis=0)
    scale[scale < 1e-6] = 1.0
    standardised = (embeddings - mean) / scale
    # More numbers than patches: the penalised fit lies in the patches' span, so fit it there.
    span = None
    if standardised.shape[1] > standardised.shape[0]:
        left, lengths, span = np.linalg.svd(standardised, full_matrices=False)
        standardised = left * lengths
    model = LogisticRegression(
        warm_start=True, max_iter=2000, class_weight="balanced" if balanced else None
    )
    heads = []
    for strength in strengths:
        if should_stop():
            raise Cancelled
        model.set_params(C=strength)
        model.fit(standardised, labels)
        rotated = np.asarray(model.coef_)[0]
        weight = (rotated if span is None else rotated @ span) / scale
        heads.append(LinearHead(weight, float(np.ravel(model.intercept_)[0] - weight @ mean)))
    return heads


def _calibrated_loss(logits: Floats, labels: NDArray[np.int8]) -> float:
    """Log loss once calibrated: balancing and penalty shift and shrink logits on purpose."""
    calibrated = apply_calibration(fit_calibration(logits, labels, fitted_on=""), logits)
    return float(np.mean(np.logaddexp(0.0, np.where(labels == 1, -calibrated, calibrated))))
