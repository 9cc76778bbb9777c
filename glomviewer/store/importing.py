"""The whole of an import: back up, read everything, then write it in one transaction."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from glomviewer.domain.changes import Changes
from glomviewer.domain.labels import NO_LABEL, LabelSet, Split
from glomviewer.store import adding, pending, roots, splitting
from glomviewer.store.errors import LibraryError
from glomviewer.store.exchange.pack_library import refuse_what_is_done_at_home
from glomviewer.store.import_values import (
    Cancelled,
    Finding,
    ImportCancelled,
    ImportPlan,
    ImportProgress,
    ImportReport,
    Progress,
    never_cancelled,
    no_progress,
)
from glomviewer.store.imported_labels import settle_claims, unlabelled
from glomviewer.store.imported_predictions import store_calls
from glomviewer.store.journal import Act
from glomviewer.store.library import Library
from glomviewer.store.preparing import PreparedImport, prepare


def run_import(
    library: Library,
    plan: ImportPlan,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> ImportReport:
    """Import what a plan says. Cancelled or killed at any moment, it leaves the library as it
    was.

    Raises:
        ReadOnly: the library can't be written to.
        LibraryError: no backup could be written before it.
        OSError: files can't be copied into the library.
    """
    try:
        prepared = prepare_import(library, plan, progress=progress, cancelled=cancelled)
    except ImportCancelled:
        return ImportReport(cancelled=True, sentence="Import cancelled; nothing was changed.")
    return commit_import(library, prepared)[0]


def prepare_import(
    library: Library, plan: ImportPlan, *, progress: Progress, cancelled: Cancelled
) -> PreparedImport:
    """The long part, for a thread of its own; see `preparing.prepare`."""
    library.refuse_while_blinded("Adding patches or labels")
    # What can't be written to is refused before any work is done.
    with library.write() as connection:
        refuse_what_is_done_at_home(connection, "patches are imported")
    prepared = prepare(library.paths, plan, progress=progress, cancelled=cancelled)
    if prepared.new or plan.calls or _fills_in_labels(library, prepared):
        done = len(plan.patches)
        progress(ImportProgress("Backing up", done, done))
        try:
            library.backup_now("before import")
        except LibraryError:
            prepared.discard()
            raise
    return prepared


def _fills_in_labels(library: Library, prepared: PreparedImport) -> bool:
    claimed = [patch for patch, labels in prepared.claims.items() if labels != {NO_LABEL}]
    with library.read(unblinded=True) as connection:
        return bool(unlabelled(connection, claimed))


def commit_import(library: Library, prepared: PreparedImport) -> tuple[ImportReport, Changes]:
    """The short part, on the thread that writes: one transaction, then imported predictions."""
    try:
        prepared.settle()
        with library.write() as connection:
            written = _write(connection, library, prepared)
    except BaseException:
        prepared.discard()
        raise
    prepared.finish()
    model, rows, unknown = store_calls(library, prepared.plan)
    findings = (*prepared.findings, *written.findings, *unknown)
    report = ImportReport(
        added=written.ids,
        known=prepared.known,
        labels_added=written.labels_added,
        per_label=Counter(patch.imported_label for patch in prepared.new),
        per_split=written.per_split,
        findings=findings,
        warnings=(*prepared.plan.warnings, *written.warnings),
        model=model,
        predictions=rows,
        seconds=time.monotonic() - prepared.started,
    )
    report = replace(report, sentence=_sentence(report, library.label_set))
    return report, _changes(report)


@dataclass(frozen=True, slots=True)
class _Written:
    ids: tuple[int, ...]
    labels_added: int
    per_split: dict[Split, int]
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]


def _write(connection: Connection, library: Library, prepared: PreparedImport) -> _Written:
    ids: tuple[int, ...] = ()
    if prepared.new:
        root = roots.add_root(connection, prepared.root, library=library.folder)
        ids = adding.add_patches(connection, prepared.new, root=root).ids
        pending.extend(connection)
    labels_added, conflicts = settle_claims(connection, prepared.claims, library.label_set)
    split = splitting.assign(connection, shares=prepared.plan.options.shares)
    per_split = _per_split(connection, ids)
    if ids or labels_added or split.assigned:
        library.note(
            connection,
            Act.IMPORT,
            f"{len(ids):,} patches imported",
            patches=len(ids),
            known=prepared.known,
            labels=sum(patch.imported_label != NO_LABEL for patch in prepared.new),
            labels_filled_in=labels_added,
            splits=split.assigned,
        )
    return _Written(ids, labels_added, per_split, tuple(conflicts), split.warnings)


def _per_split(connection: Connection, ids: tuple[int, ...]) -> dict[Split, int]:
    if not ids:
        return {}
    counts = connection.exec_driver_sql(
        "SELECT split, count(*) FROM patches WHERE id BETWEEN ? AND ? GROUP BY split",
        (ids[0], ids[-1]),
    )
    return {Split(row[0]): int(row[1]) for row in counts}


def _sentence(report: ImportReport, labels: LabelSet) -> str:
    parts = [f"{len(report.added):,} patches imported"]
    if report.per_label:
        named = sorted(report.per_label.items(), reverse=True)
        counts = ", ".join(
            f"{count:,} {'without label' if code == NO_LABEL else labels[code].short}"
            for code, count in named
        )
        parts[0] += f" ({counts})"
    if report.known:
        parts.append(f"{report.known:,} were in the library already")
    if report.labels_added:
        parts.append(f"{report.labels_added:,} of them have a label now")
    if report.model:
        parts.append(f"{report.predictions:,} predictions taken in")
    left_out = sum(not finding.imported for finding in report.findings)
    if left_out:
        what = "file or row" if left_out == 1 else "files or rows"
        parts.append(f"{left_out:,} {what} left out, listed with reasons")
    return "; ".join(parts) + "."


def _changes(report: ImportReport) -> Changes:
    new = bool(report.added)
    labels = new or bool(report.labels_added)
    return Changes(
        all_patches=labels,
        files=new,
        labels=labels,
        splits=new,
        predictions=bool(report.model),
        models=bool(report.model),
        backups=True,
        sentence=report.sentence,
    )
