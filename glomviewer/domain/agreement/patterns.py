"""Rows that are alike are counted once: 100,000 patches and 5 readers make few patterns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TABLE = 1 << 20
"""Up to so many possible keys, a table of them is faster than sorting those that occur."""
_LARGEST_KEY = 1 << 62


@dataclass(frozen=True, slots=True)
class Patterns:
    """The different rows of a table.

    `rows`, shape (patterns, columns); `of_subject`, shape (subjects,): the pattern of each.
    """

    rows: Ints
    of_subject: Ints

    @classmethod
    def of(cls, table: NDArray[np.integer], base: int) -> Patterns:
        """Of a table of whole numbers from 0 to `base` - 1, shape (subjects, columns)."""
        key = np.zeros(len(table), dtype=np.int64)
        size = 1
        for column in table.T:
            if size > _LARGEST_KEY // base:
                size, key = _renumbered(key, size)
            key *= base
            key += column
            size *= base
        number, of_subject = _renumbered(key, size)
        example = np.zeros(number, dtype=np.int64)
        example[of_subject] = np.arange(len(table))
        return cls(rows=table[example].astype(np.int64), of_subject=of_subject)

    @property
    def counts(self) -> Ints:
        return np.bincount(self.of_subject, minlength=len(self.rows))


@dataclass(frozen=True, slots=True)
class GroupSums:
    """What a bootstrap over groups needs: sums of terms over the subjects of a group.

    `sums`, shape (kinds, terms): groups of one subject that are alike are one kind;
    `groups`, shape (kinds,): how many groups are of each.
    """

    sums: Floats
    groups: Ints

    @classmethod
    def of(cls, patterns: Patterns, terms: Floats, group: NDArray[np.integer]) -> GroupSums:
        """`terms` has a row for each pattern, `group` an entry for each subject."""
        if not len(group):
            return cls(np.zeros((0, terms.shape[1])), np.zeros(0, dtype=np.int64))
        alone = np.bincount(group)[group] == 1
        single = np.bincount(patterns.of_subject[alone], minlength=len(terms))
        _, together = np.unique(group[~alone], return_inverse=True)
        several = summed(terms, patterns.of_subject[~alone], together.reshape(-1))
        return cls(
            sums=np.concatenate([terms[single > 0], several]),
            groups=np.concatenate([single[single > 0], np.ones(len(several), dtype=np.int64)]),
        )


def summed(terms: Floats, pattern: Ints, group: Ints, groups: int | None = None) -> Floats:
    """The terms of all subjects of each group, shape (groups, terms)."""
    number = (int(group.max()) + 1 if len(group) else 0) if groups is None else groups
    sums = np.empty((number, terms.shape[1]))
    for place, column in enumerate(terms.T):
        sums[:, place] = np.bincount(group, weights=column[pattern], minlength=number)
    return sums


def _renumbered(key: Ints, size: int) -> tuple[int, Ints]:
    """How many keys occur, and a number from 0 on for each in their order."""
    if size > _TABLE:
        occurring, numbers = np.unique(key, return_inverse=True)
        return len(occurring), numbers.reshape(-1).astype(np.int64)
    occurs = np.zeros(size, dtype=np.bool_)
    occurs[key] = True
    numbers = np.cumsum(occurs) - 1
    return int(np.count_nonzero(occurs)), numbers[key]
