"""The four counts of a confusion matrix and the figures that are made of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from glomviewer.domain.cases import wilson

FIGURES = ("precision", "recall", "f1", "specificity")
CELLS = ("true_negative", "false_positive", "false_negative", "true_positive")

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Counts:
    """Patches by reference label and call. Figures are NaN where they are undefined."""

    true_negative: int
    false_positive: int
    false_negative: int
    true_positive: int

    @property
    def patches(self) -> int:
        return self.true_negative + self.false_positive + self.false_negative + self.true_positive

    @property
    def precision(self) -> float:
        return _share(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> float:
        return _share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def specificity(self) -> float:
        return _share(self.true_negative, self.true_negative + self.false_positive)

    @property
    def f1(self) -> float:
        twice = 2 * self.true_positive
        return _share(twice, twice + self.false_positive + self.false_negative)

    def figure(self, name: str) -> float:
        """One of `FIGURES`."""
        return float(getattr(self, name))

    def cell(self, target: int, call: int) -> int:
        return int(getattr(self, cell_name(target, call)))


@dataclass(frozen=True, slots=True)
class Intervals:
    """95 % intervals by name of figure or cell, None where undefined. `unit` is what was drawn
    (case, slide or patch), `groups` how many; `draws` is 0 for Wilson's formula, which takes
    patches for independent; `undefined` counts draws in which F1 was undefined."""

    values: Mapping[str, Range | None]
    unit: str
    groups: int
    draws: int = 0
    undefined: int = 0


def cell_name(target: int, call: int) -> str:
    """The name in `CELLS` of a reference label and a call."""
    return CELLS[2 * target + call]


def wilson_intervals(counts: Counts) -> Intervals:
    """Wilson's score interval of each figure, as if patches were independent.

    F1 is no proportion, but a rising function of one, tp / (tp + fp + fn), whose interval is
    carried over (Lam, Gopal and Qian 2023, arXiv 2309.14621, "Wilson indirect"). The cells of
    a row are their shares of it, as counts.
    """
    found, alarms, missed = counts.true_positive, counts.false_positive, counts.false_negative
    rejected = counts.true_negative
    overlap = _wilson(found, found + alarms + missed)
    values: dict[str, Range | None] = {
        "precision": _wilson(found, found + alarms),
        "recall": _wilson(found, found + missed),
        "specificity": _wilson(rejected, rejected + alarms),
        "f1": None if overlap is None else (_f1_of(overlap[0]), _f1_of(overlap[1])),
    }
    for target, row in enumerate(((rejected, alarms), (missed, found))):
        total = sum(row)
        for call, count in enumerate(row):
            share = _wilson(count, total)
            values[cell_name(target, call)] = (
                None if share is None else (share[0] * total, share[1] * total)
            )
    return Intervals(values, "patch", counts.patches)


def _f1_of(overlap: float) -> float:
    return 2 * overlap / (1 + overlap)


def _wilson(part: int, whole: int) -> Range | None:
    if not whole:
        return None
    proportion = wilson(part, whole)
    return proportion.low, proportion.high


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
