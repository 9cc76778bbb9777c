"""One model's calibrated logits on labelled patches, with what it calls them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from training.judging.resampling import Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated logits and labels, shape (N,); a call is 1 where logit >= threshold.

    `threshold` is one for all, or (N,) where patches were called by different models (folds).
    """

    labels: NDArray[np.int8]
    logits: Floats
    threshold: float | Floats

    @property
    def calls(self) -> NDArray[np.bool_]:
        return self.logits >= self.threshold

    @property
    def probabilities(self) -> Floats:
        return np.asarray(expit(self.logits), dtype=np.float64)

    def losses(self) -> Floats:
        """Cross-entropy in nats per patch, exact where a probability would be saturated."""
        return np.logaddexp(0.0, np.where(self.labels == 1, -self.logits, self.logits))
