"""The folds of a cross-validation: the same for every recipe, whole groups or one centre each."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.config import UserError
from training.patches.manifest import ManifestRow
from training.patches.splitting import group_folds, without_duplicates

Grouping = Literal["auto", "slide", "case", "centre"]


@dataclass(frozen=True, slots=True)
class Fold:
    """Row numbers: `train` is all that a recipe may see, `held_out` what it is judged on."""

    name: str
    train: list[int]
    held_out: list[int]


@dataclass(frozen=True, slots=True)
class FoldPlan:
    """Labelled patches, each pixel once, in folds. `row.group` is what is never divided."""

    rows: list[ManifestRow]
    folds: list[Fold]
    grouping: Grouping
    notes: list[str]

    @property
    def labels(self) -> NDArray[np.int8]:
        return np.array([row.label for row in self.rows], dtype=np.int8)

    @property
    def numbers(self) -> NDArray[np.intp]:
        """(N,) the number of the fold that holds each row out."""
        numbers = np.zeros(len(self.rows), dtype=np.intp)
        for number, fold in enumerate(self.folds):
            numbers[fold.held_out] = number
        return numbers

    def part(self, numbers: Sequence[int]) -> list[ManifestRow]:
        return [self.rows[i] for i in numbers]

    @property
    def data_hash(self) -> str:
        """Of pixels, labels and groups, in any order."""
        return rows_hash(self.rows)


def rows_hash(rows: Sequence[ManifestRow]) -> str:
    """SHA-256 of these rows' pixel hashes, labels, groups and centres, in any order."""
    lines = sorted(f"{row.hash} {row.label} {row.group!r} {row.centre!r}\n" for row in rows)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def wanted_rows(rows: Sequence[ManifestRow], *, keep_locked: bool) -> list[ManifestRow]:
    """The labelled rows that take part: never the final ones, the locked ones unless kept."""
    out = {"final", "locked"} if keep_locked else {"final"}
    return [row for row in rows if row.label is not None and row.split not in out]


def plan_folds(
    rows: Sequence[ManifestRow], *, folds: int, grouping: Grouping, seed: int
) -> FoldPlan:
    """Put labelled rows with hashes into folds. UserError where they can't be.

    The data's own split is forgotten: here every patch is held out once.
    """
    sound, dropped = without_duplicates([replace(row, split="", gate=False) for row in rows])
    counted = Counter(why for why, _ in dropped)
    notes = [f"{count} patches left out: {_LEFT_OUT[why]}" for why, count in counted.items()]
    if not sound:
        raise UserError("There is no labelled patch to cross-validate on: label some first.")
    if grouping == "centre":
        known = [row for row in sound if row.centre]
        if len(known) < len(sound):
            notes.append(f"{len(sound) - len(known)} patches left out: no centre is known")
        return FoldPlan(known, _by_centre(known), grouping, notes)
    grouped = _grouped(sound, grouping)
    notes += _warnings(grouped)
    pairs = group_folds(grouped, folds=folds, seed=seed)
    if len(pairs) < folds:
        notes.append(f"only {len(pairs)} folds can be cut of {folds}: too few groups of a class")
    cut = [Fold(str(number), rest, held) for number, (rest, held) in enumerate(pairs, start=1)]
    return FoldPlan(grouped, cut, grouping, notes)


_LEFT_OUT = {
    "two_labels": "the same pixels bear both labels",
    "duplicate": "the same pixels as another patch",
}


def _grouped(rows: Sequence[ManifestRow], grouping: Grouping) -> list[ManifestRow]:
    """By slide or case as asked; a patch without one stays with what else is known of it."""
    if grouping == "auto":
        return list(rows)
    wanted = [row.slide if grouping == "slide" else row.case for row in rows]
    if not any(wanted):
        raise UserError(
            f"To group by {grouping}, the patches' {grouping}s have to be known, and none is: give "
            f"labels.csv a column '{grouping}', or group by auto."
        )
    return [replace(row, group=own or row.group) for row, own in zip(rows, wanted, strict=True)]


def _warnings(rows: Sequence[ManifestRow]) -> list[str]:
    notes = []
    lone = sum(1 for row in rows if not row.group)
    if lone:
        notes.append(
            f"{lone} patches are of no known group and stand alone: neighbours of one slide may "
            "lie on both sides of a fold, which flatters every recipe"
        )
    of_case: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.case:
            of_case[row.case].add(row.group)
    divided = sum(1 for groups in of_case.values() if len(groups) > 1)
    if divided:
        notes.append(
            f"{divided} cases have slides in more than one group, so that a case may lie on both "
            "sides of a fold: group by case"
        )
    return notes


def _by_centre(rows: Sequence[ManifestRow]) -> list[Fold]:
    centres = sorted({row.centre for row in rows})
    if len(centres) < 2:
        named = f"only {centres[0]} is known" if centres else "none is known"
        raise UserError(
            f"To leave one centre out takes two or more, and {named}: give labels.csv a column "
            "'centre', or group by slide or case."
        )
    folds = []
    for centre in centres:
        held_out = [i for i, row in enumerate(rows) if row.centre == centre]
        train = [i for i, row in enumerate(rows) if row.centre != centre]
        if len({rows[i].label for i in train}) < 2:
            raise UserError(
                f"Without the centre {centre} the patches are of one class only, and training "
                "needs both: group by slide or case."
            )
        folds.append(Fold(centre, train, held_out))
    return folds
