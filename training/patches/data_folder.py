"""A data folder: labels.csv (or public.csv) with its images beside it, or two class folders."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.config import UserError
from training.decode import SUFFIXES
from training.patches.class_folders import CLASS_FOLDERS, FoldedPatch, class_folder_patches
from training.patches.manifest import ManifestRow, Split

LABEL_FILES = ("labels.csv", "public.csv")
NAME_COLUMNS = ("name", "patch", "file", "filename")
_LABEL = ("ground truth", "ground_truth", "label")
_GROUPS = ("case", "slide")
_CENTRE = ("centre", "center", "laboratory", "site")
_SPLITS: dict[str, Split] = {
    "": "",
    "train": "train",
    "training": "train",
    "validation": "validation",
    "val": "validation",
    "valid": "validation",
    "test": "locked",
    "locked": "locked",
    "final": "final",
}
# S-2001-001234_PAS_1of2_0123456789abcdef01234567: case, stain, slide k of n, 24 hex digits.
COMMON_NAME = re.compile(
    r"(?P<case>.+)_(?P<stain>[A-Za-z]+)_\d+of\d+_[0-9a-f]{24}(?P<copy>_[123])?", re.IGNORECASE
)
# SESCAM_1_0, AIDPATH-12: a laboratory's capitals before a number; one letter names none.
_CENTRE_BEFORE_NUMBER = re.compile(r"(?P<centre>[A-Z]{2,})[_-]\d")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """`rows` carry the CSV's name as patch; `notes` tell what was left out and why."""

    rows: list[ManifestRow]
    notes: list[str]
    has_split: bool
    unit: str


def read_data_folder(folder: Path) -> DataFolder:
    """The labelled patches of `folder`; UserError where it holds no such data."""
    for name in LABEL_FILES:
        if (folder / name).is_file():
            images = folder / "images"
            return read_labels(folder / name, images if images.is_dir() else folder)
    patches = class_folder_patches(folder)
    if not patches:
        raise UserError(
            f"{folder} holds neither {' nor '.join(LABEL_FILES)} nor the class folders "
            f"{' and '.join(CLASS_FOLDERS)}; a data folder needs one or the other."
        )
    return _read_class_folders(patches)


def _read_class_folders(patches: Sequence[FoldedPatch]) -> DataFolder:
    rows, notes = _without_copies(
        [
            ManifestRow(
                patch=patch.path.name,
                path=patch.path,
                group=_case_in(patch.path.name),
                split=_SPLITS[patch.split],
                label=patch.label,
                case=_case_in(patch.path.name),
                centre=_centre_in(patch.path.stem),
            )
            for patch in patches
        ]
    )
    unit = "case" if any(row.group for row in rows) else "patch"
    return DataFolder(rows, notes, any(patch.split for patch in patches), unit)


def read_labels(labels: Path, images: Path) -> DataFolder:
    """The rows of the CSV `labels` whose files are found under `images`, in file order."""
    header, records = read_csv(labels)
    name_column = column_named(header, NAME_COLUMNS)
    label_column = column_named(header, _LABEL)
    if name_column is None or label_column is None:
        raise UserError(
            f"{labels}: it should have the columns 'name' and 'ground truth', and has "
            f"{', '.join(repr(column) for column in header)}."
        )
    group_columns = [column for name in _GROUPS if (column := column_named(header, (name,)))]
    case_column = column_named(header, ("case",))
    slide_column = column_named(header, ("slide",))
    centre_column = column_named(header, _CENTRE)
    split_column = column_named(header, ("split",))
    files = _files_by_name(images)
    rows: list[ManifestRow] = []
    missing: list[str] = []
    seen: set[str] = set()
    for line, record in enumerate(records, start=2):
        name = record[name_column].strip()
        where = f"{labels}, line {line}"
        if name in seen:
            raise UserError(f"{where}: {name!r} is there twice.")
        seen.add(name)
        path = files.get(name.lower())
        if path is None:
            missing.append(name)
            continue
        rows.append(
            ManifestRow(
                patch=name,
                path=path,
                group=_group(record, group_columns, name),
                split=_split(record, split_column, where),
                label=_label(record[label_column], where),
                case=_text(record, case_column) or _case_in(name),
                slide=_text(record, slide_column),
                centre=_text(record, centre_column)
                or _centre_in(_text(record, slide_column) or Path(name).stem),
            )
        )
    if not rows:
        raise UserError(f"None of the patches that {labels} names lies under {images}.")
    rows, notes = _without_copies(rows)
    if missing:
        notes.append(f"{len(missing)} patches of {labels.name} have no file (such as {missing[0]})")
    unit = group_columns[0] if group_columns else "case" if any(r.group for r in rows) else "patch"
    return DataFolder(rows, notes, split_column is not None, unit)


def read_csv(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The header and the records of a table, comma, semicolon or tab between; UserError."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} could not be read ({error.strerror}).") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    try:
        records = [{k: v or "" for k, v in record.items() if k is not None} for record in reader]
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: {error}.") from error
    return list(reader.fieldnames or []), records


def column_named(header: Sequence[str], names: Sequence[str]) -> str | None:
    """The header's own spelling of the first of `names` that it has."""
    plain = {column.strip().lower(): column for column in reversed(header)}
    return next((plain[name] for name in names if name in plain), None)


def _files_by_name(images: Path) -> dict[str, Path]:
    """Files under `images` by lower-case name, with and without extension."""
    if not images.is_dir():
        raise UserError(f"{images} is no folder of images.")
    found: dict[str, Path] = {}
    for path in sorted(images.rglob("*")):
        if path.suffix.lower() in SUFFIXES and "masks" not in path.relative_to(images).parts[:-1]:
            absolute = path.absolute()
            found.setdefault(path.name.lower(), absolute)
            found.setdefault(path.stem.lower(), absolute)
    return found


def _group(record: dict[str, str], columns: Sequence[str], name: str) -> str:
    for column in columns:
        if record[column].strip():
            return record[column].strip()
    return _case_in(name)


def _text(record: dict[str, str], column: str | None) -> str:
    return record[column].strip() if column else ""


def _case_in(name: str) -> str:
    matched = COMMON_NAME.fullmatch(Path(name).stem)
    return matched["case"] if matched else ""


def _centre_in(slide: str) -> str:
    matched = _CENTRE_BEFORE_NUMBER.match(slide)
    return matched["centre"] if matched else ""


def _split(record: dict[str, str], column: str | None, where: str) -> Split:
    text = record[column].strip() if column else ""
    if text.lower() not in _SPLITS:
        raise UserError(
            f"{where}: split is {text!r}; it should be train, validation, test or final."
        )
    return _SPLITS[text.lower()]


def _label(text: str, where: str) -> int | None:
    if text.strip() in ("", "0", "1"):
        return int(text) if text.strip() else None
    raise UserError(f"{where}: the ground truth is {text!r}; it should be 1, 0 or empty.")


def _without_copies(rows: list[ManifestRow]) -> tuple[list[ManifestRow], list[str]]:
    """Drop the flipped copies NAME_1, _2, _3 of an old preparation whose original is there."""
    stems = {Path(row.patch).stem for row in rows}
    kept = [row for row in rows if not is_copy(Path(row.patch).stem, stems)]
    dropped = len(rows) - len(kept)
    note = f"{dropped} copies of an old preparation (_1, _2, _3) were left out"
    return kept, [note] if dropped else []


def is_copy(stem: str, stems: set[str]) -> bool:
    """Whether `stem` is a flipped copy, as system A names them, of another of `stems`."""
    matched = COMMON_NAME.fullmatch(stem)
    return bool(matched and matched["copy"] and stem[:-2] in stems)
