"""manifest.csv: the patches of a run, as opaque ids, paths, hashes, groups, splits and labels."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from training.atomic import write_text
from training.config import UserError

COLUMNS = ("patch", "path", "hash", "group", "split", "label", "gate", "case", "slide", "centre")
Split = Literal["train", "validation", "locked", "final", ""]
SPLITS: tuple[Split, ...] = ("train", "validation", "locked", "final", "")
_LABELS = {"1": 1, "0": 0, "": None}
_GATES = {"1": True, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """`hash` is the pixel hash, `group` the case or else the slide; texts are "" where unknown."""

    patch: str
    path: Path
    hash: str = ""
    group: str = ""
    split: Split = ""
    label: int | None = None
    gate: bool = False
    case: str = ""
    slide: str = ""
    centre: str = ""


def read_manifest(path: Path) -> list[ManifestRow]:
    """The rows in file order; extra columns are ignored. UserError names the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} could not be read as a manifest ({error}).") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = reader.fieldnames or []
    absent = [name for name in ("patch", "path") if name not in names]
    if absent:
        raise UserError(f"{path}: the column {absent[0]!r} is missing.")
    rows: list[ManifestRow] = []
    known: set[str] = set()
    try:
        for values in reader:
            row = _row(values, f"{path}, line {reader.line_num}")
            if row.patch in known:
                raise UserError(
                    f"{path}, line {reader.line_num}: patch {row.patch!r} is there twice."
                )
            known.add(row.patch)
            rows.append(row)
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: {error}.") from error
    return rows


def _row(values: dict[str, str | None], where: str) -> ManifestRow:
    def text(name: str) -> str:
        return (values.get(name) or "").strip()

    if not text("patch") or not text("path"):
        raise UserError(f"{where}: patch and path should not be empty.")
    if text("split") not in SPLITS:
        raise UserError(
            f"{where}: split is {text('split')!r}; it should be train, validation, locked or final."
        )
    for name, allowed in (("label", _LABELS), ("gate", _GATES)):
        if text(name) not in allowed:
            raise UserError(f"{where}: {name} is {text(name)!r}; it should be 1, 0 or empty.")
    return ManifestRow(
        patch=text("patch"),
        path=Path(values["path"] or ""),
        hash=text("hash"),
        group=text("group"),
        split=cast("Split", text("split")),
        label=_LABELS[text("label")],
        gate=_GATES[text("gate")],
        case=text("case"),
        slide=text("slide"),
        centre=text("centre"),
    )


def write_manifest(path: Path, rows: Iterable[ManifestRow]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        label = "" if row.label is None else str(row.label)
        known = (row.patch, row.path, row.hash, row.group, row.split, label, int(row.gate))
        writer.writerow((*known, row.case, row.slide, row.centre))
    write_text(path, buffer.getvalue())
