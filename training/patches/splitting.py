"""Which patches train, validate and judge: by group, each pixel in one place only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from training.config import UserError
from training.patches.manifest import ManifestRow, Split

# A head can be fitted on fewer, but neither folds nor a validation set can be cut from them.
FEWEST_PER_CLASS = 4
_LOCKED_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Splits:
    """The rows of a run by part; `left_out` counts locked ones by reason; notes tell of all."""

    train: list[ManifestRow]
    validation: list[ManifestRow]
    locked: list[ManifestRow]
    left_out: dict[str, int]
    notes: list[str]

    @property
    def tuned(self) -> list[ManifestRow]:
        """Everything that the candidate is trained or tuned on."""
        return [*self.train, *self.validation]


def prepare_splits(rows: Sequence[ManifestRow], *, share: float, seed: int) -> Splits:
    """Sort rows (with hashes) into parts, cut validation from train where there is none.

    UserError, one sentence, where nothing can be trained on them.
    """
    sound, dropped = without_duplicates(rows)
    labelled = [row for row in sound if row.label is not None]
    train = [row for row in labelled if row.split == "train"]
    validation = [row for row in labelled if row.split == "validation"]
    locked = [row for row in labelled if row.split == "locked" and row.gate]
    dropped += [("unlabelled", row) for row in sound if row.label is None]
    dropped += [("not_for_gate", row) for row in labelled if row.split == "locked" and not row.gate]
    counted = Counter(why for why, _ in dropped)
    left_out = dict(Counter(why for why, row in dropped if row.split == "locked"))
    notes = [f"{count} patches left out: {_REASONS[why]}" for why, count in counted.items()]
    _check_classes([*train, *validation])
    if not validation:
        train, validation, note = _cut_validation(train, share=share, seed=seed)
        notes.append(note)
    for part, name in ((train, "training"), (validation, "validation")):
        _check_both(part, name)
    return Splits(train, validation, locked, left_out, notes)


_REASONS = {
    "two_labels": "the same pixels bear both labels",
    "two_splits": "the same pixels lie in two splits",
    "duplicate": "the same pixels as another patch of the split",
    "unlabelled": "no label that counts",
    "not_for_gate": "locked, but labelled with the call in view",
}


def without_duplicates(
    rows: Sequence[ManifestRow],
) -> tuple[list[ManifestRow], list[tuple[str, ManifestRow]]]:
    """The rows that stay, in their order, and those that leave, each with the reason."""
    by_hash: defaultdict[str, list[ManifestRow]] = defaultdict(list)
    for row in rows:
        by_hash[row.hash or f"unread {row.patch}"].append(row)
    dropped: list[tuple[str, ManifestRow]] = []
    for same in by_hash.values():
        reason = _clash(same)
        if reason:
            dropped += [(reason, row) for row in same]
        else:
            kept = next((row for row in same if row.label is not None), same[0])
            dropped += [("duplicate", row) for row in same if row is not kept]
    gone = {row.patch for _, row in dropped}
    return [row for row in rows if row.patch not in gone], dropped


def _clash(same: Sequence[ManifestRow]) -> str | None:
    if len({row.label for row in same} - {None}) > 1:
        return "two_labels"
    return "two_splits" if len({row.split for row in same} - {""}) > 1 else None


def _check_classes(rows: Sequence[ManifestRow]) -> None:
    counts = Counter(row.label for row in rows)
    if not rows:
        raise UserError("There is no labelled training patch: label some, or check the split.")
    for label, name in ((1, "globally sclerotic"), (0, "not globally sclerotic")):
        if not counts[label]:
            raise UserError(
                f"All {len(rows)} labelled training patches are of one class: "
                f"none is labelled {name}, and training needs both."
            )
    if min(counts[0], counts[1]) < FEWEST_PER_CLASS:
        raise UserError(
            f"Training takes at least {FEWEST_PER_CLASS} patches of each class, and here are "
            f"{counts[1]} sclerotic and {counts[0]} not: label more."
        )


def _check_both(rows: Sequence[ManifestRow], name: str) -> None:
    counts = Counter(row.label for row in rows)
    if not counts[0] or not counts[1]:
        raise UserError(
            f"The {name} set holds {counts[1]} sclerotic patches and {counts[0]} others, and needs "
            "both classes: move a case of the missing one there, or let it be cut anew."
        )


def group_folds(
    rows: Sequence[ManifestRow], *, folds: int, seed: int
) -> list[tuple[list[int], list[int]]]:
    """(rest, fold) as row numbers: whole groups, both classes in each rest; fewer if need be.

    UserError where all patches are of one group.
    """
    labels = np.array([row.label for row in rows])
    groups = np.array([row.group or f"alone {i}" for i, row in enumerate(rows)])
    distinct = len(set(groups.tolist()))
    if distinct < 2:
        raise UserError(
            f"All {len(rows)} labelled training patches are of one case or slide, so none can be "
            "set aside to tune on: add patches of another."
        )
    smallest = int(min(np.sum(labels == 0), np.sum(labels == 1)))
    if not smallest:
        raise UserError(
            f"All {len(rows)} labelled patches are of one class, and both are needed: label some "
            "of the other."
        )
    for count in range(min(folds, distinct, smallest), 1, -1):
        splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
        parts = [
            (rest.tolist(), fold.tolist())
            for rest, fold in splitter.split(np.zeros(len(rows)), labels, groups)
        ]
        if all(fold and len(set(labels[rest].tolist())) == 2 for rest, fold in parts):
            return parts
    raise UserError(
        "The patches of one class are all of one case or slide, so none can be set aside to tune "
        "on: add another case of that class."
    )


def _cut_validation(
    train: list[ManifestRow], *, share: float, seed: int
) -> tuple[list[ManifestRow], list[ManifestRow], str]:
    """The fold nearest to `share` of the patches and to the prevalence becomes validation."""
    labels = np.array([row.label for row in train])
    candidates = [
        fold
        for attempt in range(5)
        for _, fold in group_folds(train, folds=max(2, round(1 / share)), seed=seed + attempt)
        if 0 < labels[fold].sum() < len(fold)
        and 0 < np.delete(labels, fold).sum() < len(train) - len(fold)
    ]
    if not candidates:
        raise UserError(
            "No validation set with both classes can be cut from these training cases: add cases, "
            "or name validation in a split column."
        )
    prevalence = float(labels.mean())

    def misfit(fold: list[int]) -> float:
        off = abs(len(fold) / len(train) - share)
        return off + abs(float(labels[fold].mean()) - prevalence)

    chosen = set(min(candidates, key=misfit))
    kept = [row for i, row in enumerate(train) if i not in chosen]
    cut = [_in_split(row, "validation") for i, row in enumerate(train) if i in chosen]
    unknown = sum(1 for row in train if not row.group)
    by = "by case or slide"
    if unknown:
        by = f"by patch where neither case nor slide is known ({unknown}), which flatters it"
    return kept, cut, f"validation was cut from train {by}: {len(cut)} of {len(train)} patches"


def cut_locked(rows: Sequence[ManifestRow], *, seed: int) -> list[ManifestRow]:
    """Rows without any split, with a fifth of their groups locked and the rest train."""
    labelled = [row for row in rows if row.label is not None]
    _check_classes(labelled)
    _, locked, _ = _cut_validation(labelled, share=_LOCKED_SHARE, seed=seed)
    names = {row.patch for row in locked}
    return [
        replace(row, split="locked", gate=True) if row.patch in names else _in_split(row, "train")
        for row in rows
    ]


def _in_split(row: ManifestRow, split: Split) -> ManifestRow:
    return replace(row, split=split)
