"""The two files by which children and library speak: a manifest goes in, predictions come out."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

MANIFEST_COLUMNS = ("patch", "path", "hash", "group", "split", "label", "gate")

ManifestLine = tuple[int, str, str, str, str, int | None, bool]
"""Patch, absolute path, pixel hash, group, split's name, label 1, 0 or None, may count in gate."""

PredictionLine = tuple[int, float | None, str]
"""Patch, raw logit, and why there is none."""


def write_manifest(path: Path, lines: Iterable[ManifestLine]) -> int:
    """Write a manifest under its name only when it is whole; gives the number of patches."""
    part = path.with_name(f"{path.name}.part")
    count = 0
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(MANIFEST_COLUMNS)
        for patch, location, pixel_hash, group, split, label, gate in lines:
            shown = "" if label is None else label
            writer.writerow((patch, location, pixel_hash, group, split, shown, int(gate)))
            count += 1
    part.replace(path)
    return count


def read_predictions(path: Path) -> Iterator[PredictionLine]:
    """The predictions that a child has written; a torn or meaningless line is left out."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            line = _prediction(row)
            if line is not None:
                yield line


def read_logits(path: Path) -> dict[int, float]:
    """Logits by patch; empty where the file isn't there."""
    if not path.exists():
        return {}
    return {patch: logit for patch, logit, _ in read_predictions(path) if logit is not None}


def _prediction(row: dict[str, str | None]) -> PredictionLine | None:
    error = row.get("error")
    if error is None:
        return None
    try:
        patch = int(row.get("patch") or "")
        logit = float(row.get("logit") or "nan")
    except ValueError:
        return None
    if math.isfinite(logit):
        return patch, logit, error
    return (patch, None, error) if error else None
