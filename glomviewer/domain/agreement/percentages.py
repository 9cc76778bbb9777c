"""What relabelling does to the percentage globally sclerotic of each case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glomviewer.domain.agreement.ratings import Codes, Places
from glomviewer.domain.cases import Proportion, wilson
from glomviewer.domain.labels import LabelSet
from glomviewer.domain.thresholds.crossing import CUT_OFF


@dataclass(frozen=True, slots=True)
class RelabelledCase:
    """A case's share of globally sclerotic glomeruli with Wilson's 95 % interval, before and
    after. The categories count the cut-offs that a share reaches, None without a glomerulus."""

    case: str
    before: Proportion
    after: Proportion
    category_before: int | None
    category_after: int | None

    @property
    def changes_category(self) -> bool:
        """Where a case had no glomerulus on one side, it has no category to change."""
        known = self.category_before is not None and self.category_after is not None
        return known and self.category_before != self.category_after

    @property
    def relabelled(self) -> bool:
        return (self.before.positive, self.before.total) != (self.after.positive, self.after.total)


@dataclass(frozen=True, slots=True)
class Relabelling:
    """`cases` by name, of those with a labelled patch; `cut_offs` ascend, as fractions.
    `patches` changed their label, those of no known case included."""

    cases: tuple[RelabelledCase, ...]
    cut_offs: tuple[float, ...]
    patches: int

    @property
    def changing(self) -> tuple[RelabelledCase, ...]:
        """The cases that change category, those whose share moves most first."""
        moved = [case for case in self.cases if case.changes_category]
        return tuple(sorted(moved, key=lambda case: -abs(case.after.value - case.before.value)))


def relabelling(
    cases: Sequence[str],
    case: Places,
    before: Codes,
    after: Codes,
    labels: LabelSet,
    cut_offs: Sequence[float] = (CUT_OFF,),
) -> Relabelling:
    """Compare two labels of every patch; labels without a target are in no denominator. Excluded
    patches and duplicates are for the caller to leave out.

    `case`, shape (patches,), indexes `cases`, -1 for no known one; `before` and `after`, shape
    (patches,), are codes of `labels`, -1 for none. A share that equals a cut-off reaches it.

    Raises:
        ValueError: a cut-off is not above 0 and at most 1.
    """
    for cut_off in cut_offs:
        if not 0.0 < cut_off <= 1.0:
            raise ValueError(
                f"The cut-off {cut_off:g} is no share; give one above 0 and at most 1, as 0.2."
            )
    limits = tuple(sorted(set(cut_offs)))
    old, new = (_counts(codes, case, len(cases), labels) for codes in (before, after))
    rows = [
        _case(name, old[place], new[place], limits)
        for place, name in enumerate(cases)
        if old[place][1] or new[place][1]
    ]
    return Relabelling(
        cases=tuple(sorted(rows, key=lambda row: row.case.casefold())),
        cut_offs=limits,
        patches=int(np.count_nonzero(before != after)),
    )


def _counts(codes: Codes, case: Places, cases: int, labels: LabelSet) -> list[tuple[int, int]]:
    """The globally sclerotic patches and all glomeruli of each case."""
    positive = np.isin(codes, labels.codes_of_target(1)) & (case >= 0)
    glomerulus = positive | (np.isin(codes, labels.codes_of_target(0)) & (case >= 0))
    return list(
        zip(
            np.bincount(case[positive], minlength=cases).tolist(),
            np.bincount(case[glomerulus], minlength=cases).tolist(),
            strict=True,
        )
    )


def _case(
    name: str, before: tuple[int, int], after: tuple[int, int], limits: tuple[float, ...]
) -> RelabelledCase:
    old, new = wilson(*before), wilson(*after)
    return RelabelledCase(name, old, new, _category(old, limits), _category(new, limits))


def _category(share: Proportion, limits: tuple[float, ...]) -> int | None:
    if not share.total:
        return None
    return sum(share.value >= limit for limit in limits)
