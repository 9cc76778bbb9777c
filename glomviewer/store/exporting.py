"""Labels as a table, patches in a folder per class, and a manifest that says what they are."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from glomviewer.domain.labels import NO_LABEL, LabelSet, Split
from glomviewer.domain.spreadsheets import harmless
from glomviewer.store.errors import Refused
from glomviewer.store.export_rows import gather
from glomviewer.store.export_values import (
    REMARK,
    ExportColumn,
    ExportedModel,
    ExportOptions,
    ExportReport,
    ExportRow,
)
from glomviewer.store.import_values import (
    Cancelled,
    ImportCancelled,
    ImportProgress,
    Progress,
    never_cancelled,
    no_progress,
)
from glomviewer.store.journal import Act
from glomviewer.store.library import Library

CLASS_FOLDERS = {1: "globally_sclerotic_glomeruli", 0: "non_globally_sclerotic_glomeruli"}


def export_labels(library: Library, file: Path, options: ExportOptions) -> ExportReport:
    """Write `name,ground truth` and the chosen columns as UTF-8 CSV, and a manifest beside it.

    `ground truth` is 1 or 0, and empty for every other label and for none.

    Raises:
        Refused: a folder lies at that place, or there is nothing to export.
        OSError: the file can't be written.
    """
    if file.is_dir():
        raise Refused(f"{file} is a folder; name a file such as labels.csv in it.")
    rows, model = gather(library, options)
    if not rows:
        raise Refused("No patch fits these choices; nothing was exported.")
    file.parent.mkdir(parents=True, exist_ok=True)
    _write_table(file, rows, [row.name for row in rows], options, model, library.label_set)
    manifest = file.with_name(f"{file.stem}.manifest.json")
    _write_manifest(manifest, library, rows, [row.name for row in rows], options, model)
    report = _report((file, manifest), rows, model, library.label_set, ())
    return _logged(library, report, options, file)


def export_class_folders(
    library: Library,
    folder: Path,
    options: ExportOptions,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> ExportReport:
    """Copy every patch with a class into a folder of that class, with labels.csv and a manifest.

    The folder appears whole at the end; a cancelled export leaves nothing.

    Raises:
        Refused: there is something at that place, or no patch has a class.
        ImportCancelled: `cancelled` said so.
        OSError: the disk is full or the folder can't be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"There is something at {folder} already; choose another folder.")
    gathered, model = gather(library, options)
    rows = [row for row in gathered if row.target in CLASS_FOLDERS]
    if not rows:
        raise Refused("No patch has a class; nothing was exported.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        copied, names, missing = _copy(rows, draft, progress, cancelled)
        _write_table(draft / "labels.csv", copied, names, options, model, library.label_set)
        _write_manifest(draft / "manifest.json", library, copied, names, options, model)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    written = (folder / "labels.csv", folder / "manifest.json")
    report = _report(written, copied, model, library.label_set, missing)
    return _logged(library, report, options, written[0])


def _copy(
    rows: Sequence[ExportRow], draft: Path, progress: Progress, cancelled: Cancelled
) -> tuple[list[ExportRow], list[str], tuple[str, ...]]:
    copied: list[ExportRow] = []
    names: list[str] = []
    missing: list[str] = []
    taken: set[str] = set()
    for name in CLASS_FOLDERS.values():
        (draft / name).mkdir(parents=True)
    for at, row in enumerate(rows, start=1):
        if cancelled():
            raise ImportCancelled
        name = _free_name(row.name, taken)
        try:
            shutil.copyfile(row.path, draft / CLASS_FOLDERS[row.target or 0] / name)
        except FileNotFoundError:
            missing.append(row.name)
            continue
        taken.add(name.casefold())
        copied.append(row)
        names.append(name)
        progress(ImportProgress("Copying patches", at, len(rows)))
    return copied, names, tuple(missing)


def _free_name(name: str, taken: set[str]) -> str:
    """Names of several roots may be equal; a table of names needs them different."""
    path = Path(name)
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate = f"{path.stem}~{number}{path.suffix}"
        number += 1
    return candidate


def _write_table(
    file: Path,
    rows: Sequence[ExportRow],
    names: Sequence[str],
    options: ExportOptions,
    model: ExportedModel | None,
    labels: LabelSet,
) -> None:
    draft = file.with_name(f".{file.name}.part")
    try:
        with draft.open("w", newline="", encoding="utf-8") as written:
            writer = csv.writer(written)
            writer.writerow(["name", "ground truth", *(column.value for column in options.columns)])
            for row, name in zip(rows, names, strict=True):
                target = "" if row.target is None else row.target
                cells = [_cell(row, column, model, labels) for column in options.columns]
                writer.writerow([harmless(name), target, *cells])
            written.flush()
            os.fsync(written.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _cell(
    row: ExportRow, column: ExportColumn, model: ExportedModel | None, labels: LabelSet
) -> str | int | float:
    cells: dict[ExportColumn, str | int | float | None] = {
        ExportColumn.LABEL: "" if row.label == NO_LABEL else labels.name_of(row.label),
        ExportColumn.SOURCE: row.source,
        ExportColumn.READER: row.reader,
        ExportColumn.TIME: row.time,
        ExportColumn.CASE: row.case,
        ExportColumn.SLIDE: row.slide,
        ExportColumn.SPLIT: "" if row.split is Split.NONE else row.split.name.lower(),
        ExportColumn.MICRONS: row.microns_per_pixel,
        ExportColumn.FILE: row.path,
        ExportColumn.PATCH: row.patch,
        ExportColumn.CALL: row.call,
        ExportColumn.PROBABILITY: row.probability,
        ExportColumn.THRESHOLD: None if model is None else model.threshold,
        ExportColumn.MODEL: None if model is None else model.title,
        ExportColumn.REMARK: REMARK,
    }
    value = cells[column]
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else value


def _write_manifest(
    file: Path,
    library: Library,
    rows: Sequence[ExportRow],
    names: Sequence[str],
    options: ExportOptions,
    model: ExportedModel | None,
) -> None:
    content: dict[str, Any] = {
        "remark": REMARK,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "library": library.folder.name,
        "labels": "reference labels" if options.reader is None else f"reader {options.reader}",
        "patches": len(rows),
        "per_label": _per_label(rows, library.label_set),
        "model": None
        if model is None
        else {
            "id": model.id,
            "name": model.name,
            "version": model.version,
            "threshold": model.threshold,
        },
        "files": [
            {"name": name, "sha256": row.sha256, "label": row.label, "patch": row.patch}
            for row, name in zip(rows, names, strict=True)
        ],
    }
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _per_label(rows: Sequence[ExportRow], labels: LabelSet) -> dict[str, int]:
    return dict(Counter(labels.name_of(row.label) for row in rows))


def _logged(
    library: Library, report: ExportReport, options: ExportOptions, table: Path
) -> ExportReport:
    library.record(
        Act.EXPORT,
        f"labels of {report.patches:,} patches exported",
        labels_of=options.reader,
        patches=report.patches,
        columns=[column.value for column in options.columns],
        model=report.model,
        labelled_only=options.labelled_only,
        splits=[split.name for split in options.splits],
        sha256=hashlib.sha256(table.read_bytes()).hexdigest(),
    )
    return report


def _report(
    written: tuple[Path, ...],
    rows: Sequence[ExportRow],
    model: ExportedModel | None,
    labels: LabelSet,
    missing: tuple[str, ...],
) -> ExportReport:
    per_label = _per_label(rows, labels)
    sentence = f"{len(rows):,} patches exported to {written[0]}"
    sentence += " (" + ", ".join(f"{count:,} {name}" for name, count in per_label.items()) + ")."
    if model is not None:
        sentence += f" Calls of {model.title} at the threshold {model.threshold:.4f}."
    if missing:
        sentence += f" {len(missing):,} were left out: their files are missing."
    title = "" if model is None else model.title
    return ExportReport(written, len(rows), per_label, missing, title, f"{sentence} {REMARK}")
