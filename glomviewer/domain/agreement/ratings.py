"""Who called which patch what: the tables that every statistic of agreement is computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.records import Reader

Codes = NDArray[np.int8]
Places = NDArray[np.int32]
Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]

NOT_READ = NO_LABEL
"""The code of a patch that a reader has not called."""

NO_CASE = -1
"""The index of a patch whose case nobody knows."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """What raters called the same subjects.

    `codes`, shape (subjects, raters), hold codes of `categories`, or -1 where a rater did not
    read a subject. `groups`, shape (subjects,), are 0 or above: the case of each subject, one
    of its own where it has none; intervals are drawn by them. `categories` are those that could
    be given, used or not: Gwet's AC1 depends on their number. `subjects`, shape (subjects,),
    are ids of patches, for matrices whose cells open them.

    Raises:
        ValueError: the shapes do not fit each other, or a code is not listed.
    """

    codes: Codes
    raters: tuple[str, ...]
    groups: Places
    categories: tuple[int, ...]
    subjects: Ids | None = None

    def __post_init__(self) -> None:
        if self.codes.ndim != 2 or self.codes.shape[1] != len(self.raters):
            raise ValueError(
                f"Ratings of shape {self.codes.shape} do not fit {len(self.raters)} raters."
            )
        if self.groups.shape != (len(self.codes),) or (len(self.groups) and self.groups.min() < 0):
            raise ValueError("Every subject needs a group, numbered from 0 on.")
        if self.subjects is not None and self.subjects.shape != (len(self.codes),):
            raise ValueError(f"{len(self.subjects)} ids do not fit {len(self.codes)} subjects.")
        if len(set(self.categories)) != len(self.categories):
            raise ValueError("A category is listed twice.")
        unlisted = sorted(_unlisted(self.codes, self.categories))
        if unlisted:
            raise ValueError(f"The code {unlisted[0]} is used but is no listed category.")

    def __len__(self) -> int:
        return len(self.codes)

    def of_raters(self, *raters: int) -> Ratings:
        """The same subjects, of these raters alone."""
        return Ratings(
            codes=self.codes[:, list(raters)],
            raters=tuple(self.raters[place] for place in raters),
            groups=self.groups,
            categories=self.categories,
            subjects=self.subjects,
        )


@dataclass(frozen=True, slots=True)
class Repeats:
    """The patches that one reader was shown twice. All arrays have the shape (repeats,).

    `patches` are ids; `first` is his first call at the first showing and `again` his first call
    at the second, -1 where he has not made it; `after_reveal` marks those where the model's
    call of the patch had been shown to him before he called it again.
    """

    patches: Ids
    first: Codes
    again: Codes
    after_reveal: Mask

    @classmethod
    def none(cls) -> Repeats:
        return cls(
            patches=np.zeros(0, dtype=np.int64),
            first=np.zeros(0, dtype=np.int8),
            again=np.zeros(0, dtype=np.int8),
            after_reveal=np.zeros(0, dtype=np.bool_),
        )


@dataclass(frozen=True, slots=True)
class RatingTable:
    """All that is known of who called what, as the store hands it out.

    `patches` are ids, shape (patches,). Of shape (patches, readers): `first`, each reader's
    last label before any reveal, the one that counts in agreement; `final`, his latest; both -1
    where there is none; `revealed`, whether the model's call was shown to him before `final`;
    `made_at`, the UTC microsecond of the first call, 0 for none; `order`, the place in his list,
    -1 for none. Of shape (patches,): `case`, an index of `cases` or -1; `reference` and
    `reference_source`, as of `ReferenceSource`, what counts as true now; `untouched` and
    `untouched_source`, the same of nothing that a reveal can have touched (see `reference.RULE`),
    -1 and ADJUDICATED where the model's call was in view of whoever adjudicated; `call` of the
    model, a target (1, 0) or -1; `trained_on`, whether the model or an ancestor has learned from
    the patch. `repeats` has one entry per reader. `model` is its title, "" without one;
    `threshold` is a calibrated logit.

    Raises:
        ValueError: the shapes do not fit each other.
    """

    readers: tuple[Reader, ...]
    patches: Ids
    cases: tuple[str, ...]
    case: Places
    first: Codes
    final: Codes
    revealed: Mask
    made_at: Ids
    order: Places
    repeats: tuple[Repeats, ...]
    reference: Codes
    reference_source: Codes
    untouched: Codes
    untouched_source: Codes
    call: Codes
    trained_on: Mask
    model: str = ""
    threshold: float | None = None

    def __post_init__(self) -> None:
        wide = (len(self.patches), len(self.readers))
        for name in ("first", "final", "revealed", "made_at", "order"):
            self._check(name, wide)
        narrow = ("case", "reference", "reference_source", "untouched", "untouched_source")
        for name in (*narrow, "call", "trained_on"):
            self._check(name, wide[:1])
        if len(self.repeats) != len(self.readers):
            raise ValueError(
                f"{len(self.repeats)} lists of repeats do not fit {len(self.readers)} readers."
            )

    def _check(self, name: str, shape: tuple[int, ...]) -> None:
        found = getattr(self, name).shape
        if found != shape:
            raise ValueError(f"`{name}` has the shape {found} where {shape} is due.")

    def __len__(self) -> int:
        return len(self.patches)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(reader.name for reader in self.readers)

    def groups(self) -> Places:
        """The case of each patch, and a number of its own for each without one."""
        alone = self.case < 0
        groups = self.case.astype(np.int32)
        groups[alone] = len(self.cases) + np.arange(np.count_nonzero(alone), dtype=np.int32)
        return groups


def _unlisted(codes: Codes, categories: tuple[int, ...]) -> set[int]:
    """The codes that are no listed category."""
    listed = {NOT_READ, *categories}
    gapless = len(listed) == max(listed) - NOT_READ + 1
    # Half a million codes are counted only where their ends don't answer it.
    if gapless and (not codes.size or (codes.min() >= NOT_READ and codes.max() <= max(listed))):
        return set()
    return used_codes(codes) - listed


def used_codes(codes: Codes) -> set[int]:
    """The categories that occur among these codes."""
    counts = np.bincount(codes.reshape(-1).astype(np.int16) + 128, minlength=256)
    return set((np.flatnonzero(counts) - 128).tolist()) - {NOT_READ}
