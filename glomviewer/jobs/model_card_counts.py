"""What a model was made with: patches by split and class, and their groups. No name is read."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

SPLITS = ("train", "validation", "locked")


@dataclass(frozen=True, slots=True)
class SplitCounts:
    """Patches of one split by class, and how many cases or slides they come from."""

    split: str
    others: int
    sclerotic: int
    groups: int

    @property
    def patches(self) -> int:
        return self.others + self.sclerotic


def manifest_counts(manifest: Path) -> tuple[SplitCounts, ...]:
    """Of a run's manifest.csv, in the order of `SPLITS`; empty where it isn't there any more."""
    if not manifest.is_file():
        return ()
    numbers: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    groups: dict[str, set[str]] = defaultdict(set)
    with manifest.open(encoding="utf-8", newline="") as file:
        for place, row in enumerate(csv.DictReader(file)):
            split, label = row.get("split") or "", row.get("label")
            if label not in ("0", "1"):
                continue
            numbers[split][int(label)] += 1
            groups[split].add(row.get("group") or f"alone {place}")
    return tuple(
        SplitCounts(split, numbers[split][0], numbers[split][1], len(groups[split]))
        for split in SPLITS
        if split in numbers
    )
