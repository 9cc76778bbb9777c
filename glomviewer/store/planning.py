"""What an import would do, worked out in memory so that a preview can follow every choice."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path, PurePosixPath

from glomviewer.domain.labels import NO_LABEL, LabelSet, Split
from glomviewer.domain.name_patterns import PatternTrial, copies_by_name, try_pattern
from glomviewer.store.import_values import (
    Columns,
    Finding,
    FindingKind,
    ImportOptions,
    ImportPlan,
    ImportSource,
    PlannedPatch,
    SourceKind,
)
from glomviewer.store.table_rows import RowReading, TableRows


def make_plan(
    source: ImportSource,
    options: ImportOptions | None = None,
    *,
    label_set: LabelSet | None = None,
    known_paths: Collection[str] = (),
) -> ImportPlan:
    """What would become patches, what would be left out and why. Reads no file.

    `known_paths` are absolute paths of the library's patches. 10,000 files take some tenths
    of a second.
    """
    options = options or source.proposed
    rows = TableRows.read(source, options, label_set)
    planned = _with_groups(_from_files(source, options, rows), options)
    findings = [*source.findings, *rows.findings]
    kept, copy_findings = _without_copies(planned, source, options)
    findings += copy_findings
    known = _count_known(kept, source.folder, known_paths)
    trial = _trial(options, kept)
    warnings = [*source.notes, *rows.warnings, *_warnings(source, options, kept, trial)]
    return ImportPlan(
        source=source,
        options=options,
        patches=tuple(kept),
        calls=rows.calls,
        findings=tuple(findings),
        warnings=tuple(warnings),
        per_label=Counter(patch.label for patch in kept),
        per_split=Counter(patch.split for patch in kept),
        cases=len({patch.case or patch.slide for patch in kept} - {""}),
        slides=len({patch.slide for patch in kept} - {""}),
        label_values=rows.values,
        trial=trial,
        known=known,
    )


def _from_files(
    source: ImportSource, options: ImportOptions, rows: TableRows
) -> list[PlannedPatch]:
    by_folder = {folder.path: folder.label for folder in source.class_folders}
    by_folder |= dict(options.folder_labels)
    use_folders = options.kind in (SourceKind.CLASS_FOLDERS, SourceKind.TABLE)
    use_rows = options.kind is SourceKind.TABLE and bool(options.columns.name)
    patches: list[PlannedPatch] = []
    for file in source.files:
        path = PurePosixPath(file)
        patch = PlannedPatch(file, path.name, microns_per_pixel=options.microns_per_pixel or None)
        folder_label = by_folder.get(str(path.parent), NO_LABEL) if use_folders else NO_LABEL
        row = rows.by_file.get(file) if use_rows else None
        if row is not None:
            patch = _from_row(patch, row, folder_label, rows)
        elif use_rows and not options.unlisted:
            rows.findings.append(Finding(file, "the table does not name it", FindingKind.TABLE))
            continue
        elif not use_rows:
            patch = replace(patch, label=folder_label)
        patches.append(patch)
    return patches


def _from_row(
    patch: PlannedPatch, row: RowReading, folder_label: int, rows: TableRows
) -> PlannedPatch:
    label = row.label
    if label != NO_LABEL and folder_label not in (NO_LABEL, label):
        reason = "its folder and the table name different classes; imported without a label"
        rows.findings.append(Finding(patch.path, reason, FindingKind.CONFLICT, imported=True))
        label = NO_LABEL
    elif label == NO_LABEL and not rows.columns.label:
        label = folder_label
    return replace(
        patch,
        label=label,
        case=row.case,
        slide=row.slide,
        split=row.split,
        microns_per_pixel=row.microns_per_pixel or patch.microns_per_pixel,
    )


def _with_groups(patches: list[PlannedPatch], options: ImportOptions) -> list[PlannedPatch]:
    """Slide and case by the pattern where no column says them. Neighbouring accession numbers
    stay apart: nothing in a name proves that they are one biopsy."""
    if options.pattern is None:
        return patches
    grouped: list[PlannedPatch] = []
    for patch in patches:
        case, slide = options.pattern.groups(patch.name) or ("", "")
        if (case or slide) and not (patch.case and patch.slide):
            patch = replace(patch, case=patch.case or case, slide=patch.slide or slide)
        grouped.append(patch)
    return grouped


def _without_copies(
    patches: list[PlannedPatch], source: ImportSource, options: ImportOptions
) -> tuple[list[PlannedPatch], list[Finding]]:
    if not options.leave_out_copies or not source.copies:
        return patches, []
    copies = copies_by_name(source.files)
    kept: list[PlannedPatch] = []
    findings: list[Finding] = []
    for patch in patches:
        if patch.path not in source.copies:
            kept.append(patch)
            continue
        original = copies[patch.path]
        reason = f"a flipped or turned copy of {PurePosixPath(original).name}"
        findings.append(Finding(patch.path, reason, FindingKind.COPY))
    return kept, findings


def _count_known(patches: list[PlannedPatch], folder: Path, known: Collection[str]) -> int:
    if not known:
        return 0
    there = {os.path.normcase(path) for path in known}
    return sum(os.path.normcase(folder / patch.path) in there for patch in patches)


def _trial(options: ImportOptions, patches: list[PlannedPatch]) -> PatternTrial | None:
    if options.pattern is None:
        return None
    return try_pattern(options.pattern, [patch.name for patch in patches])


def _warnings(
    source: ImportSource,
    options: ImportOptions,
    patches: list[PlannedPatch],
    trial: PatternTrial | None,
) -> list[str]:
    said: list[str] = []
    total = len(patches)
    ungrouped = sum(not (patch.case or patch.slide) for patch in patches)
    if total and ungrouped == total:
        said.append(
            "Neither case nor slide is known: the splits would be cut patch by patch, and "
            "figures on the locked set would look better than they are. Choose a column or a "
            "pattern for them if there is any."
        )
    elif ungrouped:
        said.append(f"{ungrouped:,} of {total:,} patches have neither case nor slide.")
    if trial is not None and trial.unmatched:
        missed = trial.names - trial.matched
        said.append(
            f"The pattern reads {trial.matched:,} of {trial.names:,} names, not {missed:,}."
        )
    if options.kind is SourceKind.TABLE and options.columns == Columns():
        said.append("No column of the table is used.")
    for table in source.other_tables[:5]:
        said.append(f"Another table lies there, and is not used: {table.name}.")
    divided = _divided_groups(patches)
    if divided:
        said.append(
            f"The split column divides {len(divided):,} cases or slides, such as {divided[0]!r}; "
            "each goes as a whole where a model may have learnt from it: train before validation "
            "before test."
        )
    return said


def _divided_groups(patches: list[PlannedPatch]) -> list[str]:
    splits: dict[str, set[Split]] = {}
    for patch in patches:
        group = patch.case or patch.slide
        if group and patch.split is not Split.NONE:
            splits.setdefault(group, set()).add(patch.split)
    return [group for group, found in splits.items() if len(found) > 1]
