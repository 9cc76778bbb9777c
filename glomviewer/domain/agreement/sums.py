"""The sums over patches that every statistic of agreement is a quotient of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.agreement.patterns import Floats, GroupSums, Ints, Patterns, summed
from glomviewer.domain.agreement.ratings import Ratings

_ONE = ("rated", "pairable", "agreed", "coincident")
_DICHOTOMY = ("agreed_on_it", "pairs_with_it", "agreed_on_rest", "pairs_with_rest")
_DICHOTOMY_SIZES = ("with_it", "with_rest")
_PER_CLASS = ("share", "class_agreed", "compared_calls", "calls", "with_class", "both", "pairs")
_PER_CLASS_OF_TWO = ("first", "second")


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of terms over subjects; a row is a group, a draw of groups, or all there is.

    With n_ik raters calling subject i the category k, and r_i calls of it: `rated` counts
    r_i >= 1, `pairable` r_i >= 2. Over the pairable, `agreed` sums
    sum_k n_ik (n_ik - 1) / (r_i (r_i - 1)), `coincident` sum_k n_ik (n_ik - 1) / (r_i - 1),
    and per category `class_agreed` the former for the category against the rest,
    `compared_calls` n_ik, `with_class` n_ik > 0, `both` n_ik (n_ik - 1), `pairs`
    n_ik (r_i - 1). Over the rated, per category, `share` sums n_ik / r_i and `calls` n_ik.
    The dichotomy is that of the positive categories together against the rest. For two raters
    `first` and `second` count the calls of each where both called. `active`: raters with a call.
    """

    values: Floats
    categories: int
    raters: int

    def one(self, name: str) -> Floats:
        """A single sum by name, shape (rows,)."""
        return self.values[:, (*_ONE, *_DICHOTOMY, *_DICHOTOMY_SIZES).index(name)]

    def per_class(self, name: str) -> Floats:
        """Sums by category, shape (rows, categories)."""
        start = len(_ONE) + len(_DICHOTOMY) + len(_DICHOTOMY_SIZES)
        start += (*_PER_CLASS, *_PER_CLASS_OF_TWO).index(name) * self.categories
        return self.values[:, start : start + self.categories]

    @property
    def active(self) -> Ints:
        """How many raters have a call at all, shape (rows,)."""
        start = self.values.shape[1] - self.raters
        return np.count_nonzero(self.values[:, start:] > 0, axis=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """Ratings by pattern, with each pattern's terms. Subjects that nobody called have none."""

    patterns: Patterns
    terms: Floats
    group: NDArray[np.int32]
    categories: int
    raters: int

    @classmethod
    def of(
        cls, ratings: Ratings, positive: tuple[int, ...], *, only_compared: bool = False
    ) -> Tally:
        """`positive` are the codes of the class that positive agreement is about; with
        `only_compared` subjects that a single rater called count for nothing."""
        size = len(ratings.categories)
        place = np.zeros(256, dtype=np.int16)
        place[list(ratings.categories)] = np.arange(1, size + 1)
        patterns = Patterns.of(place[ratings.codes], size + 1)
        is_positive = np.isin(ratings.categories, positive)
        return cls(
            patterns=patterns,
            terms=_terms(patterns.rows, size, is_positive, 2 if only_compared else 1),
            group=ratings.groups,
            categories=size,
            raters=len(ratings.raters),
        )

    def total(self) -> Sums:
        """Over all subjects, one row."""
        return self.sums(self.patterns.counts[np.newaxis] @ self.terms)

    def by(self, group: Ints, groups: int) -> Sums:
        """Over the subjects of each group from 0 to `groups` - 1; `group` as `Tally.group`."""
        return self.sums(summed(self.terms, self.patterns.of_subject, group, groups))

    def by_group(self) -> GroupSums:
        """Of the groups in which anything counts."""
        counts = (self.terms[:, 0] > 0)[self.patterns.of_subject]
        patterns = Patterns(self.patterns.rows, self.patterns.of_subject[counts])
        return GroupSums.of(patterns, self.terms, self.group[counts])

    def sums(self, values: Floats) -> Sums:
        return Sums(values, self.categories, self.raters)


def _terms(
    rows: Ints, categories: int, is_positive: NDArray[np.bool_], calls_needed: int
) -> Floats:
    """The terms of each pattern; `rows` hold 0 for not read and else 1 + the category."""
    given = rows[:, :, np.newaxis] == np.arange(1, categories + 1)
    n = given.sum(axis=1).astype(np.float64)
    n[n.sum(axis=1) < calls_needed] = 0
    r = n.sum(axis=1, keepdims=True)
    compared = r >= 2
    pairs = np.where(compared, r * (r - 1), 1.0)
    both, rest = n * (n - 1), (r - n) * (r - n - 1)
    same = both.sum(axis=1, keepdims=True)
    it = n[:, is_positive].sum(axis=1, keepdims=True)
    columns = [
        r >= 1,
        compared,
        np.where(compared, same / pairs, 0.0),
        np.where(compared, same / np.maximum(r - 1, 1), 0.0),
        it * (it - 1),
        it * (r - 1),
        (r - it) * (r - it - 1),
        (r - it) * (r - 1),
        compared & (it > 0),
        compared & (it < r),
        n / np.maximum(r, 1),
        np.where(compared, (both + rest) / pairs, 0.0),
        np.where(compared, n, 0.0),
        n,
        compared & (n > 0),
        both,
        n * (r - 1),
    ]
    if rows.shape[1] == 2:
        columns += [given[:, 0] & compared, given[:, 1] & compared]
    columns.append(rows > 0)
    return np.concatenate([column.astype(np.float64) for column in columns], axis=1)
