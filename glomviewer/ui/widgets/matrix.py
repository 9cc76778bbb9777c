"""A confusion matrix as values. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

NAMES = ("not sclerotic", "sclerotic")
"""What the two classes are called where there is little room, by target."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by reference label (row) and call (column): [[tn, fp], [fn, tp]]."""

    title: str
    counts: tuple[tuple[int, int], tuple[int, int]]
