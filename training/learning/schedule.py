"""The learning rate over a run: a linear rise, then a cosine down to a hundredth."""

from __future__ import annotations

import math

_FLOOR = 0.01


def rate_factor(step: int, *, steps: int, warmup: int, cosine: bool = True) -> float:
    """What the top learning rate is multiplied by in `step` (0-based) of `steps`."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    if not cosine:
        return 1.0
    done = min(1.0, (step - warmup) / max(1, steps - warmup))
    return _FLOOR + (1.0 - _FLOOR) * 0.5 * (1.0 + math.cos(math.pi * done))
