"""Who called what where the other called what, cell by cell, with the patches in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.agreement.ratings import Codes, Ids, Ratings


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two raters' calls of the patches that both called.

    `counts`, shape (categories, categories): rows are the calls of the first rater, columns
    those of the second, both in the order of `categories`.
    """

    raters: tuple[str, str]
    categories: tuple[int, ...]
    counts: NDArray[np.int64]
    first: Codes
    second: Codes
    subjects: Ids

    @classmethod
    def of(cls, ratings: Ratings, first: int = 0, second: int = 1) -> Confusion:
        """Of two raters, by their columns. Without ids, subjects are told by their row."""
        size = len(ratings.categories)
        place = np.full(256, -1, dtype=np.int16)
        place[list(ratings.categories)] = np.arange(size)
        rows, columns = ratings.codes[:, first], ratings.codes[:, second]
        both = (rows >= 0) & (columns >= 0)
        cells = place[rows[both]].astype(np.int64) * size + place[columns[both]]
        ids = ratings.subjects
        return cls(
            raters=(ratings.raters[first], ratings.raters[second]),
            categories=ratings.categories,
            counts=np.bincount(cells, minlength=size * size).reshape(size, size),
            first=rows,
            second=columns,
            subjects=np.arange(len(ratings), dtype=np.int64) if ids is None else ids,
        )

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def count(self, first: int, second: int) -> int:
        """How many patches the first rater called `first` and the second `second` (codes)."""
        row, column = self.categories.index(first), self.categories.index(second)
        return int(self.counts[row, column])

    def patches(self, first: int, second: int) -> Ids:
        """The ids of the patches in a cell, given by the two codes, in the order of the table."""
        return self.subjects[(self.first == first) & (self.second == second)]

    def disputed(self) -> Ids:
        """The ids of the patches that both called, each something else."""
        both = (self.first >= 0) & (self.second >= 0)
        return self.subjects[both & (self.first != self.second)]
