"""splits.csv in a model's folder: what it was trained, tuned and judged on, without a name.

    hash,split,label,group

In the order in which training took the patches. `group` is a number, in the order of the names of
cases or slides (which folds depend on), and empty where none was known.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from training.config import UserError
from training.patches.manifest import Split
from training.patches.splitting import Splits

SPLITS_FILE = "splits.csv"
_COLUMNS = ("hash", "split", "label", "group")
_PARTS: tuple[Split, ...] = ("train", "validation", "locked")


@dataclass(frozen=True, slots=True)
class RecordedPatch:
    """A patch by its pixel hash; `group` is a number as text, "" unknown."""

    hash: str
    split: Split
    label: int
    group: str


def recorded(splits: Splits) -> list[RecordedPatch]:
    rows = [*splits.train, *splits.validation, *splits.locked]
    names = sorted({row.group for row in rows} - {""})
    width = len(str(len(names)))
    numbers = {name: f"{place:0{width}}" for place, name in enumerate(names)}
    return [
        RecordedPatch(row.hash, row.split, int(row.label or 0), numbers.get(row.group, ""))
        for row in rows
    ]


def splits_text(patches: Iterable[RecordedPatch]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for patch in patches:
        writer.writerow((patch.hash, patch.split, patch.label, patch.group))
    return buffer.getvalue()


def read_splits(folder: Path) -> list[RecordedPatch]:
    """UserError where the model's folder has no such record, or a damaged one."""
    path = folder / SPLITS_FILE
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise UserError(
            f"{folder} has no {SPLITS_FILE}: it was imported, or made by an earlier version, and "
            "doesn't tell which patches it was trained on."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} could not be read ({error}).") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != _COLUMNS:
        raise UserError(f"{path} is no record of splits: its columns should be {_COLUMNS}.")
    return [_patch(values, f"{path}, line {reader.line_num}") for values in reader]


def _patch(values: dict[str, str | None], where: str) -> RecordedPatch:
    split, label = values.get("split"), values.get("label")
    if not values.get("hash") or split not in _PARTS or label not in ("0", "1"):
        raise UserError(f"{where} is damaged: the record of splits can't be read.")
    return RecordedPatch(
        hash=values["hash"] or "",
        split=cast("Split", split),
        label=int(label),
        group=values.get("group") or "",
    )


def digests(patches: Sequence[RecordedPatch]) -> dict[str, Any]:
    """For model.json: by part how many patches, and a SHA-256 over them in any order."""
    found: dict[str, Any] = {}
    for part in _PARTS:
        lines = sorted(f"{one.hash} {one.label}\n" for one in patches if one.split == part)
        found[part] = {
            "patches": len(lines),
            "hash": hashlib.sha256("".join(lines).encode("ascii")).hexdigest(),
        }
    return found
