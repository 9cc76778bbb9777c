"""Medians and percentiles of repeated measurements, and the words for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds."""

    count: int
    p50: float
    p99: float
    largest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        """Percentiles of at least one measurement; p99 is the largest of fewer than 100."""
        values = np.asarray(seconds, dtype=np.float64)
        p99 = float(np.quantile(values, 0.99, method="higher"))
        return cls(len(values), float(np.median(values)), p99, float(values.max()))

    @property
    def text(self) -> str:
        return f"p50 {short(self.p50)}, p99 {short(self.p99)}"

    def values(self) -> dict[str, float]:
        return {"count": self.count, "p50": self.p50, "p99": self.p99, "max": self.largest}


def median_seconds(work: Callable[[], object], repeats: int) -> float:
    """The median of `repeats` calls; one call before them warms up."""
    work()
    return float(np.median([seconds(work) for _ in range(repeats)]))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def short(seconds: float) -> str:
    """0.0123 -> "12 ms", 1.234 -> "1.23 s"."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"
