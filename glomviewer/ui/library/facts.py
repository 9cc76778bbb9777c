"""What the page of the library counts in the live table. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glomviewer.domain.labels import NO_LABEL, LabelSet, Split
from glomviewer.domain.patch_table import PatchTable
from glomviewer.domain.records import Patch

SPLIT_NAMES = {
    Split.TRAIN: "Training",
    Split.VALIDATION: "Validation",
    Split.LOCKED: "Locked test",
    Split.FINAL: "Final",
    Split.NONE: "None yet",
}
SPLIT_TIPS = {
    Split.TRAIN: "What models learn from.",
    Split.VALIDATION: "Where early stopping, calibration and threshold look.",
    Split.LOCKED: "What the gate judges on. No model may ever learn from it.",
    Split.FINAL: "What no gate reads: kept for one last look.",
    Split.NONE: "Not assigned to any set, and in none of them.",
}


@dataclass(frozen=True, slots=True)
class SplitCounts:
    """Patches of one split; classes by reference label. `groups` are cases, else slides."""

    split: Split
    patches: int
    sclerotic: int
    not_sclerotic: int
    groups: int


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """Numbers of patches, but for `cases` and `slides`; `per_label` by reference label."""

    patches: int
    cases: int
    slides: int
    per_label: dict[int, int]
    disputed: int
    missing: int
    excluded: int
    duplicates: int
    splits: tuple[SplitCounts, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Patches of one case that were excluded for one reason."""

    case: str
    reason: str
    patches: tuple[int, ...]


def count_library(table: PatchTable) -> LibraryCounts:
    reference = table["reference"]
    codes, numbers = np.unique(reference, return_counts=True)
    return LibraryCounts(
        patches=len(table),
        cases=_known(table["case"]),
        slides=_known(table["slide"]),
        per_label={int(code): int(number) for code, number in zip(codes, numbers, strict=True)},
        disputed=int(np.count_nonzero(table["disputed"])),
        missing=int(np.count_nonzero(table["missing"])),
        excluded=int(np.count_nonzero(table["excluded"])),
        duplicates=int(np.count_nonzero(table["duplicate"])),
        splits=tuple(_splits(table)),
    )


def _splits(table: PatchTable) -> list[SplitCounts]:
    target = table.target_of(table["reference"])  # type: ignore[arg-type]
    counts = []
    for split in SPLIT_NAMES:
        rows = table["split"] == int(split)
        patches = int(np.count_nonzero(rows))
        if patches or split in (Split.TRAIN, Split.VALIDATION, Split.LOCKED):
            counts.append(
                SplitCounts(
                    split=split,
                    patches=patches,
                    sclerotic=int(np.count_nonzero(rows & (target == 1))),
                    not_sclerotic=int(np.count_nonzero(rows & (target == 0))),
                    groups=_groups(table["case"][rows], table["slide"][rows]),
                )
            )
    return counts


def _known(codes: np.ndarray) -> int:
    return int(np.unique(codes[codes >= 0]).size)


def _groups(cases: np.ndarray, slides: np.ndarray) -> int:
    return _known(cases) + _known(slides[cases < 0])


def places_text(counts: LibraryCounts) -> str:
    """`214 cases, 402 slides`, as far as they are known."""
    if counts.cases:
        return f"{counts.cases:,} cases, {counts.slides:,} slides"
    return f"{counts.slides:,} slides, no case known" if counts.slides else "no case or slide known"


def labels_text(counts: LibraryCounts, labels: LabelSet) -> str:
    """`1,204 globally sclerotic, 4,300 not globally sclerotic, …, 120 without a label`."""
    parts = [
        f"{counts.per_label[label.code]:,} {label.name}"
        for label in labels.labels
        if counts.per_label.get(label.code)
    ]
    if counts.disputed:
        parts.append(f"{counts.disputed:,} disputed")
    without = counts.per_label.get(NO_LABEL, 0) - counts.disputed
    if without > 0:
        parts.append(f"{without:,} without a label")
    return ", ".join(parts)


def exclusions_of(patches: Sequence[Patch]) -> list[Exclusion]:
    """Excluded patches by case and reason, as the list shows them."""
    groups: dict[tuple[str, str], list[int]] = {}
    for patch in patches:
        groups.setdefault((patch.case, patch.exclusion_reason), []).append(patch.id)
    return [
        Exclusion(case, reason, tuple(ids))
        for (case, reason), ids in sorted(groups.items(), key=lambda item: item[0])
    ]
