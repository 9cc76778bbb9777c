"""The baseline that a model has to beat: logistic regression on the pixels of small squares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.calibration import apply_calibration, fit_calibration
from training.linear_head import fit_head
from training.manifest import ManifestRow
from training.metrics import Figures, Scores, figures
from training.pixel_cache import PixelCache
from training.splitting import Splits, group_folds
from training.threshold_rule import DEFAULT_RULE
from training.threshold_search import search_threshold

_SIDE = 32
_STRENGTHS = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Baseline:
    """Its figures out of fold on train and validation, and on the locked patches."""

    validation: Figures
    locked: Figures


def logistic_baseline(splits: Splits, cache: PixelCache, *, seed: int = 0) -> Baseline:
    """Fit, calibrate and place the threshold just as the quick way does, on pixels alone."""
    rows = splits.tuned
    labels = _labels(rows)
    folds = group_folds(rows, folds=_FOLDS, seed=seed)
    pixels = small_pixels(cache, rows)
    fitted = fit_head([pixels], labels, folds, strengths=_STRENGTHS, balanced=True)
    calibration = fit_calibration(fitted.out_of_fold, labels, fitted_on="out of fold")
    told = apply_calibration(calibration, fitted.out_of_fold)
    threshold = search_threshold(told, labels, DEFAULT_RULE).logit
    raw = fitted.head.logits(small_pixels(cache, splits.locked))
    locked = Scores(_labels(splits.locked), apply_calibration(calibration, raw), threshold)
    return Baseline(
        figures(Scores(labels, told, threshold), [row.group for row in rows], seed=seed),
        figures(locked, [row.group for row in splits.locked], seed=seed),
    )


def small_pixels(cache: PixelCache, rows: Sequence[ManifestRow]) -> NDArray[np.float32]:
    """(N, 3072) means over blocks of the cached squares, in 0..1: 32 x 32 px in colour."""
    block = cache.preprocessing.size // _SIDE
    edge = block * _SIDE
    small = [
        cache.array(row.hash)[:edge, :edge]
        .reshape(_SIDE, block, _SIDE, block, 3)
        .mean(axis=(1, 3), dtype=np.float32)
        for row in rows
    ]
    return (np.stack(small).reshape(len(rows), -1) / 255.0).astype(np.float32)


def _labels(rows: Sequence[ManifestRow]) -> NDArray[np.int8]:
    return np.array([row.label for row in rows], dtype=np.int8)
