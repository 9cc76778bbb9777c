"""A model's scores and threshold as text. No Qt here."""

from __future__ import annotations

import math

from glomviewer.domain.thresholds.history import rule_in_words as rule_text

__all__ = ["logit_of", "probability_of", "probability_text", "rule_text"]


def probability_of(logit: float) -> float:
    """The logistic function, safe for any finite logit."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    raised = math.exp(logit)
    return raised / (1.0 + raised)


def logit_of(probability: float) -> float:
    """The inverse of `probability_of`; 0 and 1 are taken as one in a million from the end."""
    inside = min(max(probability, 1e-6), 1.0 - 1e-6)
    return math.log(inside / (1.0 - inside))


def probability_text(probability: float) -> str:
    """Two decimals, and more near 0 and 1, where two would read as certain."""
    if 0.01 <= probability <= 0.99:
        return f"{probability:.2f}"
    return f"{probability:.4f}"
