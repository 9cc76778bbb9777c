"""Merging: a foreign log is checked as a whole, then taken in, in the caller's one transaction.

Merging the same twice changes nothing, and whatever the order in which logs come in, the same
rows are in force in the end: what follows from the log is derived from clocks and names of
origins alone (see `derived`). Nothing that is here is overwritten.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from glomviewer.store import journal, made_knowing, pending, state
from glomviewer.store.import_values import (
    Cancelled,
    ImportCancelled,
    ImportProgress,
    Progress,
    never_cancelled,
    no_progress,
)
from glomviewer.store.journal import Act
from glomviewer.store.merging import signing, telling
from glomviewer.store.merging.foreign import ForeignLog
from glomviewer.store.merging.placing import place
from glomviewer.store.merging.report import MergeReport
from glomviewer.store.merging.weighing import Weighed, weigh
from glomviewer.store.merging.writing import Written, write
from glomviewer.store.packs.rows import JournalEntry

ORIGINS, SIGNED_BY = "origins", "signed_by"
"""What the act of merging calls the logs that came in, and the key that signed the file."""


def merge_log(
    connection: Connection,
    foreign: ForeignLog,
    *,
    origin: int,
    source: str = "",
    reader: int | None = None,
    all_by: int | None = None,
    signed_by: str = "",
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> MergeReport:
    """Take in what is new of a foreign log. `origin` is whose journal here says so (a row's id),
    `source` what was merged, such as a file's name, and `reader` who did it. `all_by` is the one
    reader whose acts it holds, None where it can hold anybody's, and `signed_by` the fingerprint of
    the key that signed the file.

    An origin whose chain is broken, or contradicts what is here, is refused as a whole; the
    others are taken in.

    Raises:
        ImportCancelled: `cancelled` said so; the caller's transaction must not be committed.
    """
    with _no_search_for_cycles():
        return _merge(
            connection,
            foreign,
            origin,
            source,
            reader,
            all_by,
            signed_by,
            progress=progress,
            cancelled=cancelled,
        )


def _merge(
    connection: Connection,
    foreign: ForeignLog,
    origin: int,
    source: str,
    reader: int | None,
    all_by: int | None,
    signed_by: str,
    *,
    progress: Progress,
    cancelled: Cancelled,
) -> MergeReport:
    weighed = weigh(connection, foreign, progress=progress, cancelled=cancelled)
    if not weighed.accepted:
        caught_up = _catch_up(connection)
        state.recompute(connection, caught_up)
        return telling.report(connection, weighed, Written(), tuple(sorted(caught_up)))
    _go_on("Writing", len(weighed.accepted), progress, cancelled)
    written = write(connection, foreign, weighed.accepted)
    _go_on("Deriving labels", len(weighed.accepted), progress, cancelled)
    patches = _derive(connection, written, all_by)
    report = telling.report(connection, weighed, written, patches)
    journal.write(
        connection,
        origin,
        Act.MERGE,
        f"merge {source}".strip(),
        reader=reader,
        body=_body(weighed, report) | ({SIGNED_BY: signed_by} if signed_by else {}),
    )
    _go_on("Deriving labels", len(weighed.accepted), progress, cancelled)
    return report


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Hundreds of thousands of rows are in memory at once, none of them in a cycle: to look
    through them again and again would take a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _go_on(stage: str, total: int, progress: Progress, cancelled: Cancelled) -> None:
    progress(ImportProgress(stage, 0, total))
    if cancelled():
        raise ImportCancelled


def _derive(connection: Connection, written: Written, all_by: int | None) -> tuple[int, ...]:
    """Derive again what the new gestures, and those that they take back, are about."""
    placed_now = _catch_up(connection, all_by)
    state.recompute_withdrawn(connection, set(written.roots))
    state.recompute(connection, placed_now)
    touched = state.recompute_after(connection, {*written.batches, *written.roots})
    state.see_all(connection, written.batches)
    return tuple(sorted(placed_now.union(touched)))


def _catch_up(connection: Connection, all_by: int | None = None) -> set[int]:
    """Enter what waited for patches or readings that have come by now, and find again which
    patches are still read independently and what was said knowing the call; the patches that the
    found is about."""
    placed = place(connection)
    if connection.exec_driver_sql("SELECT 1 FROM readings LIMIT 1").first() is not None:
        signing.apply(connection)
        pending.rebuild(connection, None if placed else all_by)
        placed |= made_knowing.find(connection)
    return placed


def _body(weighed: Weighed, report: MergeReport) -> dict[str, object]:
    return {
        ORIGINS: _ranges(weighed.accepted),
        "new": report.new,
        "known": report.known,
        "refused": report.refused,
        "decisions": report.decisions,
        "unplaced": report.unplaced,
    }


def _ranges(accepted: Iterable[JournalEntry]) -> dict[str, list[int]]:
    """Of each origin the first and the last of the acts that came in."""
    ranges: dict[str, list[int]] = {}
    for entry in accepted:
        held = ranges.setdefault(entry.origin, [entry.sequence, entry.sequence])
        held[0], held[1] = min(held[0], entry.sequence), max(held[1], entry.sequence)
    return ranges
