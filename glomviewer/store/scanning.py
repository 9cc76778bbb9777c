"""Looking at a folder or a table before an import: which files, which classes, which columns."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from glomviewer.domain.class_synonyms import label_meant, label_of_folder, split_meant
from glomviewer.domain.name_patterns import fitting_preset
from glomviewer.store.copies import turned_copies
from glomviewer.store.file_index import FileIndex
from glomviewer.store.import_columns import found_columns, read_table
from glomviewer.store.import_values import (
    Cancelled,
    ClassFolder,
    Columns,
    Finding,
    FindingKind,
    ImportCancelled,
    ImportOptions,
    ImportProgress,
    ImportRefused,
    ImportSource,
    Progress,
    SourceKind,
    Table,
    never_cancelled,
    no_progress,
)
from training.decode import SUFFIXES

TABLE_SUFFIXES = frozenset({".csv", ".tsv"})
_WHOLE_SLIDES = frozenset({".svs", ".ndpi", ".scn", ".mrxs", ".vms", ".bif", ".czi", ".isyntax"})
_NO_PATCHES = re.compile(r"(?:masks?|annotations?|overlays?|thumbnails?|__macosx)", re.IGNORECASE)
_IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"RIFF")
_SAMPLE = 2000


def read_source(
    path: Path,
    *,
    table: Path | None = None,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> ImportSource:
    """What lies in a folder, or in a table and the folder around it.

    `table` chooses the table to go by; else a folder's own best one is taken. Nothing is
    written; of the images at most 24 are decoded, where names look like those of copies.

    Raises:
        ImportRefused: there is nothing at `path`, or no image and no table in it.
        ImportCancelled: `cancelled` said so.
    """
    chosen, folder = _table_and_folder(path, table)
    walk = _Walk(folder, progress, cancelled)
    walk.run()
    files = tuple(sorted(walk.files, key=natural_key))
    findings = list(walk.findings)
    read, others = _best_table(chosen, walk.tables, findings)
    columns, is_call = _columns(read, files) if read else (Columns(), False)
    classes = _class_folders(files)
    kind = _kind(read, columns, is_call, classes, files)
    if kind is SourceKind.FOLDER and not files:
        raise ImportRefused(_nothing_here(folder, findings))
    names = [PurePosixPath(file).name for file in files[:: max(1, len(files) // _SAMPLE)]]
    pattern = None if columns.case or columns.slide else fitting_preset(names)
    return ImportSource(
        folder=folder,
        kind=kind,
        files=files,
        class_folders=classes,
        table=read,
        other_tables=others,
        copies=turned_copies(folder, files, cancelled=cancelled),
        findings=tuple(findings),
        notes=tuple(walk.notes()),
        proposed=ImportOptions(kind=kind, columns=columns, pattern=pattern),
    )


def natural_key(text: str) -> tuple[list[str | int], str]:
    """Order `a_2` before `a_10`."""
    parts = re.split(r"(\d+)", text.casefold())
    return [int(part) if part.isdecimal() else part for part in parts], text


def _table_and_folder(path: Path, table: Path | None) -> tuple[Path | None, Path]:
    if path.is_dir():
        if table is not None and not table.is_file():
            raise ImportRefused(f"There is no table {table}.")
        return table, path.absolute()
    if path.is_file() and path.suffix.lower() in TABLE_SUFFIXES | {".txt"}:
        return path, path.absolute().parent
    if path.is_file():
        raise ImportRefused(
            f"{path.name} is neither a folder nor a CSV; choose the folder with the patches."
        )
    raise ImportRefused(f"There is no folder or table {path}.")


def _nothing_here(folder: Path, findings: Sequence[Finding]) -> str:
    if any("whole slide" in finding.reason for finding in findings):
        return (
            f"{folder} holds whole slides; cut them into patches first, "
            "for example with QuPath's tile exporter."
        )
    return f"{folder} holds no image (PNG, JPEG, TIFF, BMP or WebP)."


@dataclass(slots=True)
class _Walk:
    folder: Path
    progress: Progress
    cancelled: Cancelled
    files: list[str] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    set_aside: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        seen = 0
        for directory, subfolders, names in os.walk(self.folder, onerror=self._unreadable_folder):
            if self.cancelled():
                raise ImportCancelled
            here = PurePosixPath(Path(directory).relative_to(self.folder).as_posix())
            subfolders[:] = sorted(sub for sub in subfolders if self._enters(here, directory, sub))
            for name in names:
                self._file(here, Path(directory), name)
            seen += len(names)
            self.progress(ImportProgress("Looking for images", len(self.files), 0))

    def _enters(self, here: PurePosixPath, directory: str, name: str) -> bool:
        if name.startswith(".") or name.endswith(".glomlib"):
            return False
        if not _NO_PATCHES.fullmatch(name):
            return True
        with os.scandir(Path(directory) / name) as entries:
            self.set_aside[str(here / name)] += sum(1 for entry in entries if entry.is_file())
        return False

    def _file(self, here: PurePosixPath, directory: Path, name: str) -> None:
        if name.startswith(".") or name.lower() in ("thumbs.db", "desktop.ini"):
            return
        relative = str(here / name)
        if not is_unicode(relative):
            reason = "its name is not UTF-8, so it could not be found again; rename it"
            self.findings.append(Finding(printable(relative), reason, FindingKind.NAME))
            return
        suffix = Path(name).suffix.lower()
        if suffix in TABLE_SUFFIXES:
            self.tables.append(directory / name)
        elif suffix in _WHOLE_SLIDES:
            reason = "a whole slide; cut it into patches first"
            self.findings.append(Finding(relative, reason, FindingKind.NOT_AN_IMAGE))
        elif suffix in SUFFIXES or _looks_like_image(directory / name):
            self.files.append(relative)
        else:
            self.findings.append(Finding(relative, "not an image", FindingKind.NOT_AN_IMAGE))

    def _unreadable_folder(self, error: OSError) -> None:
        name = printable(str(error.filename))
        reason = f"the folder can't be read: {error.strerror}"
        self.findings.append(Finding(name, reason, FindingKind.UNREADABLE))

    def notes(self) -> list[str]:
        return [
            f"{count:,} files in {folder} were left aside: such folders hold no patches."
            for folder, count in sorted(self.set_aside.items())
            if count
        ]


def is_unicode(text: str) -> bool:
    """Whether a name can be stored; on Linux any bytes may stand in a name."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """A name that any screen and file can show, with \\x for bytes that are no text."""
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def _looks_like_image(path: Path) -> bool:
    """An image under a foreign or missing extension is known by its first bytes."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(8).startswith(_IMAGE_STARTS)
    except OSError:
        return False


def _best_table(
    chosen: Path | None, tables: list[Path], findings: list[Finding]
) -> tuple[Table | None, tuple[Path, ...]]:
    """The chosen table, else the one whose header says most; shorter paths win a tie."""
    if chosen is not None:
        return read_table(chosen), tuple(path for path in tables if path != chosen.absolute())
    read: list[tuple[int, Table]] = []
    for path in sorted(tables, key=lambda path: (len(path.parts), natural_key(path.name))):
        try:
            table = read_table(path)
        except ImportRefused as refusal:
            findings.append(Finding(path.name, str(refusal), FindingKind.TABLE))
            continue
        columns, is_call = found_columns(table.header)
        score = 2 * bool(columns.name) + 2 * bool(columns.label and not is_call)
        read.append((score + bool(columns.slide), table))
    if not read:
        return None, ()
    best = max(read, key=lambda entry: entry[0])[1]
    return best, tuple(table.path for _, table in read if table is not best)


def _columns(table: Table, files: tuple[str, ...]) -> tuple[Columns, bool]:
    """The columns by their headers; where no header says so, names and labels by their cells."""
    columns, is_call = found_columns(table.header)
    if columns.split:
        at = table.header.index(columns.split)
        if any(split_meant(cell) is None for cell in {row[at] for row in table.rows}):
            columns = replace(columns, split="")
    taken = {value for value in (columns.case, columns.slide, columns.split) if value}
    if not columns.name:
        columns = replace(columns, name=_column_of_names(table, files))
    if columns.name and not columns.label:
        taken |= {columns.name, columns.microns_per_pixel}
        columns = replace(columns, label=_column_of_labels(table, taken))
    return columns, is_call


def _column_of_names(table: Table, files: tuple[str, ...]) -> str:
    index = FileIndex(files)
    sample = table.rows[:_SAMPLE]
    for at, column in enumerate(table.header):
        if sample and sum(bool(index.find(row[at])) for row in sample) > len(sample) / 2:
            return column
    return ""


def _column_of_labels(table: Table, taken: set[str]) -> str:
    for at, column in enumerate(table.header):
        cells = {row[at] for row in table.rows} - {""}
        if column not in taken and cells and len(cells) <= 4:
            meant = {label_meant(cell) for cell in cells}
            if None not in meant and {0, 1} <= meant:
                return column
    return ""


def _class_folders(files: tuple[str, ...]) -> tuple[ClassFolder, ...]:
    """Every folder that holds images and whose own or a parent's name means a class."""
    counts = Counter(str(PurePosixPath(file).parent) for file in files)
    found: list[ClassFolder] = []
    for folder, count in counts.items():
        for part in reversed(PurePosixPath(folder).parts):
            label = label_of_folder(part)
            if label is not None:
                found.append(ClassFolder(folder, count, label))
                break
    return tuple(sorted(found, key=lambda folder: natural_key(folder.path)))


def _kind(
    table: Table | None,
    columns: Columns,
    is_call: bool,
    classes: tuple[ClassFolder, ...],
    files: tuple[str, ...],
) -> SourceKind:
    if table is not None and columns.name:
        if is_call:
            return SourceKind.PREDICTIONS
        says_something = columns != Columns(name=columns.name)
        if says_something or not classes:
            return SourceKind.TABLE
    if classes:
        return SourceKind.CLASS_FOLDERS
    return SourceKind.FOLDER if files or table is None else SourceKind.TABLE
