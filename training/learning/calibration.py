"""Platt scaling: calibrated logit = slope * logit + intercept, slope always above 0.

A slope and an intercept, since samplers, copies and class weights shift the prior, which a
temperature alone cannot undo.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression

from training.config import Calibration
from training.judging.resampling import Floats


def apply_calibration(calibration: Calibration, logits: Floats) -> Floats:
    """Calibrated logits of raw ones, any shape."""
    return calibration.slope * np.asarray(logits, dtype=np.float64) + calibration.intercept


def fit_calibration(logits: Floats, labels: NDArray[np.int8], *, fitted_on: str) -> Calibration:
    """Fit slope and intercept on `logits` and `labels`, both of shape (patches,).

    Targets are drawn in from 0 and 1 as in Platt (1999), so that perfectly separated patches
    give a finite slope. Where there is one class only nothing can be fitted and logits stay as
    they are; where higher logits go with the other class only the intercept is fitted.
    """
    positives = int(np.sum(labels == 1))
    negatives = int(np.sum(labels == 0))
    if not positives or not negatives:
        return Calibration(fitted_on=f"nothing: {fitted_on} holds one class only")
    targets = np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    slope, intercept = _fit(np.asarray(logits, dtype=np.float64), targets)
    if not (np.isfinite(slope) and np.isfinite(intercept) and slope > 0):
        shift = _intercept_only(np.asarray(logits, dtype=np.float64), float(targets.mean()))
        return Calibration(1.0, shift, f"{fitted_on} (intercept only: no rising slope fits)")
    return Calibration(slope, intercept, fitted_on)


def _fit(logits: Floats, targets: Floats) -> tuple[float, float]:
    centre, scale = float(logits.mean()), float(logits.std())
    if scale == 0.0:
        return float("nan"), float("nan")
    standardised = ((logits - centre) / scale)[:, None]
    # A soft target is two weighted patches: scikit-learn takes hard labels only.
    fitted = LogisticRegression(C=np.inf, max_iter=1000, tol=1e-8).fit(
        np.vstack([standardised, standardised]),
        np.r_[np.ones(len(targets)), np.zeros(len(targets))],
        sample_weight=np.r_[targets, 1.0 - targets],
    )
    slope = float(fitted.coef_[0, 0]) / scale
    return slope, float(fitted.intercept_[0]) - slope * centre


def _intercept_only(logits: Floats, prevalence: float) -> float:
    """The shift at which the mean probability equals the prevalence."""

    def surplus(shift: float) -> float:
        return float(np.mean(0.5 * (1.0 + np.tanh((logits + shift) / 2.0)))) - prevalence

    reach = float(np.abs(logits).max()) + 50.0
    return float(np.asarray(brentq(surplus, -reach, reach)).item())
