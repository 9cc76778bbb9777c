"""A cohort as files: `patches/`, `labels.csv` as people bring it, and `truth.csv` beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from glomviewer.drawn.patch import DrawnPatch

LABEL_COLUMNS = ("name", "ground truth", "case", "slide", "split", "microns_per_pixel")
TRUTH_COLUMNS = ("name", "truth", "written", "wrong", "kind", "difficulty", "serial_of")


@dataclass(frozen=True, slots=True)
class Written:
    """What a cohort came to."""

    patches: int
    sclerotic: int
    wrong: int
    unlabelled: int
    cases: int
    bytes: int


def write_cohort(
    folder: Path, patches: Iterable[DrawnPatch], images: str = "patches", quality: int = 74
) -> Written:
    """Write each patch as it comes, then both tables; the name's suffix decides the format."""
    (folder / images).mkdir(parents=True, exist_ok=True)
    labels: list[tuple[object, ...]] = []
    truths: list[tuple[object, ...]] = []
    cases: set[str] = set()
    size = sclerotic = wrong = unlabelled = 0
    for patch in patches:
        path = folder / images / patch.name
        write_patch(path, patch, quality)
        size += path.stat().st_size
        cases.add(patch.case)
        misread = patch.label is not None and patch.label != patch.truth
        sclerotic += patch.label == 1
        wrong += misread
        unlabelled += patch.label is None
        written, truth = _cell(patch.label), _cell(patch.truth)
        scale = f"{patch.microns_per_pixel:g}"
        labels.append((patch.name, written, patch.case, patch.slide, patch.split, scale))
        truths.append(
            (
                patch.name,
                truth or "not a glomerulus",
                written,
                int(misread),
                patch.kind,
                f"{patch.difficulty:g}",
                patch.serial_of,
            )
        )
    _write_table(folder / "labels.csv", LABEL_COLUMNS, labels)
    _write_table(folder / "truth.csv", TRUTH_COLUMNS, truths)
    return Written(len(labels), sclerotic, wrong, unlabelled, len(cases), size)


def write_patch(path: Path, patch: DrawnPatch, quality: int = 74) -> None:
    """One picture; JPEG by `quality`, PNG without loss."""
    picture = Image.fromarray(patch.pixels)
    if path.suffix.lower() in (".jpg", ".jpeg"):
        picture.save(path, quality=quality, subsampling=2, optimize=True)
    else:
        picture.save(path, compress_level=6)


def _cell(label: int | None) -> str:
    return "" if label is None else str(label)


def _write_table(path: Path, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)
