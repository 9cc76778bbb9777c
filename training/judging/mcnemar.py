"""Exact McNemar test: do two models' calls on the same patches differ in how often they are right?

McNemar (1947), Psychometrika 12:153. It takes patches for independent, which those of one slide
are not: read it beside the permutation by group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest


@dataclass(frozen=True, slots=True)
class McNemar:
    """Patches that only the first, or only the second, called right; two-sided p."""

    only_first: int
    only_second: int
    p: float

    def to_json(self) -> dict[str, float | int]:
        return {"only_first": self.only_first, "only_second": self.only_second, "p": self.p}


def mcnemar(right_first: NDArray[np.bool_], right_second: NDArray[np.bool_]) -> McNemar:
    """Of whether each model called each patch right, both (N,); p is 1 where none disagree."""
    first = int(np.sum(right_first & ~right_second))
    second = int(np.sum(~right_first & right_second))
    if not first + second:
        return McNemar(0, 0, 1.0)
    return McNemar(first, second, float(binomtest(first, first + second, 0.5).pvalue))
