"""Writing accepted acts into the log of this library, each just as its origin has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from glomviewer.store import clock
from glomviewer.store.journal import Head, canonical, keep_head
from glomviewer.store.merging.foreign import ForeignLog
from glomviewer.store.merging.subjects import Places
from glomviewer.store.packs.rows import GestureContent, JournalEntry

BATCH = (
    "INSERT INTO batches (id, origin_id, sequence, clock, reader_id, kind, title, patches, "
    "made_at, zone, root) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
DECISION = (
    "INSERT INTO decisions (origin_id, sequence, clock, batch_id, reader_id, patch_id, item_id, "
    "field, kind, before_label, before_value, label, value, detail, comment, call_shown, model, "
    "on_screen, made_at, zone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UNPLACED = "INSERT INTO unplaced (batch_id, sequence, row) VALUES (?, ?, ?)"
_JOURNAL = (
    "INSERT INTO journal (origin_id, sequence, clock, kind, reader_id, made_at, zone, title, "
    "body, program, batch_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(slots=True)
class Written:
    """`batches` are the gestures' new rows, `roots` those that they take back or make again;
    `readers` are names of readers who were not here before."""

    decisions: int = 0
    unplaced: int = 0
    batches: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)


def write(connection: Connection, foreign: ForeignLog, accepted: Sequence[JournalEntry]) -> Written:
    """Add readers, origins, gestures with their decisions, and all acts to the journal. What is
    derived from them is left to the caller."""
    written = Written()
    readers = _readers(connection, foreign, accepted, written)
    origins = _origins(connection, {entry.origin for entry in accepted})
    gestures = [(entry, entry.gesture) for entry in accepted if entry.gesture is not None]
    batches = _write_batches(connection, gestures, origins, readers, written)
    _write_decisions(connection, gestures, batches, origins, readers, written)
    connection.exec_driver_sql(
        _JOURNAL,
        [
            (
                origins[entry.origin],
                entry.sequence,
                entry.clock,
                entry.kind,
                readers[entry.reader] if entry.reader else None,
                entry.made_at,
                entry.zone,
                entry.title,
                entry.body,
                entry.program,
                None if entry.gesture is None else batches[entry.origin, entry.gesture.sequence],
                entry.hash,
            )
            for entry in accepted
        ],
    )
    for entry in {entry.origin: entry for entry in accepted}.values():
        keep_head(connection, Head(entry.origin, entry.sequence, entry.hash))
    return written


def _readers(
    connection: Connection,
    foreign: ForeignLog,
    accepted: Iterable[JournalEntry],
    written: Written,
) -> dict[str, int]:
    """Ids by uuid; whoever acts here for the first time is added."""
    known = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT uuid, id FROM readers")}
    acting = {entry.reader for entry in accepted}
    for reader in sorted(foreign.readers, key=lambda reader: reader.uuid):
        if reader.uuid in acting and reader.uuid not in known:
            cursor = connection.exec_driver_sql(
                "INSERT INTO readers (uuid, name, initials, added_at) VALUES (?, ?, ?, ?)",
                (reader.uuid, reader.name, reader.initials, clock.now()),
            )
            known[reader.uuid] = int(cursor.lastrowid or 0)
            written.readers.append(reader.name)
    return known


def _origins(connection: Connection, wanted: Iterable[str]) -> dict[str, int]:
    """Ids by uuid. Nobody goes on writing here under a name that came by merging."""
    known = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT uuid, id FROM origins")}
    for origin in sorted(set(wanted) - known.keys()):
        cursor = connection.exec_driver_sql(
            "INSERT INTO origins (uuid, installation, started_at) VALUES (?, '', ?)",
            (origin, clock.now()),
        )
        known[origin] = int(cursor.lastrowid or 0)
    return known


_Gestures = Sequence[tuple[JournalEntry, GestureContent]]


def _write_batches(
    connection: Connection,
    gestures: _Gestures,
    origins: dict[str, int],
    readers: dict[str, int],
    written: Written,
) -> dict[tuple[str, int], int]:
    """Ids of the gestures by origin and sequence."""
    first = connection.exec_driver_sql("SELECT coalesce(max(id), 0) + 1 FROM batches").scalar_one()
    ids = {
        (entry.origin, gesture.sequence): int(first) + number
        for number, (entry, gesture) in enumerate(gestures)
    }
    rows: list[tuple[object, ...]] = []
    for entry, gesture in gestures:
        batch = ids[entry.origin, gesture.sequence]
        root = ids.get(gesture.root) or _batch_id(connection, origins, *gesture.root)
        if root != batch:
            written.roots.append(root)
        written.batches.append(batch)
        rows.append(
            (
                batch,
                origins[entry.origin],
                gesture.sequence,
                entry.clock,
                readers[gesture.reader],
                gesture.kind,
                gesture.title,
                gesture.patches,
                entry.made_at,
                entry.zone,
                root,
            )
        )
    if rows:
        connection.exec_driver_sql(BATCH, rows)
    return ids


def _batch_id(connection: Connection, origins: dict[str, int], origin: str, sequence: int) -> int:
    return int(
        connection.exec_driver_sql(
            "SELECT id FROM batches WHERE origin_id = ? AND sequence = ?",
            (origins[origin], sequence),
        ).scalar_one()
    )


def _write_decisions(
    connection: Connection,
    gestures: _Gestures,
    batches: dict[tuple[str, int], int],
    origins: dict[str, int],
    readers: dict[str, int],
    written: Written,
) -> None:
    places = Places(connection, (row for entry, _ in gestures for row in entry.rows))
    placed: list[tuple[object, ...]] = []
    elsewhere: list[tuple[object, ...]] = []
    for entry, gesture in gestures:
        batch = batches[entry.origin, gesture.sequence]
        for row in entry.rows:
            place = places.of(row, entry.reader)
            if place is None:
                elsewhere.append((batch, row.sequence, canonical(row)))
                continue
            placed.append(
                (
                    origins[entry.origin],
                    row.sequence,
                    entry.clock,
                    batch,
                    readers[entry.reader],
                    place.patch,
                    place.item,
                    row.field,
                    gesture.kind,
                    *row[4:],
                    entry.made_at,
                    entry.zone,
                )
            )
    if placed:
        connection.exec_driver_sql(DECISION, placed)
    if elsewhere:
        connection.exec_driver_sql(_UNPLACED, elsewhere)
    written.decisions = len(placed) + len(elsewhere)
    written.unplaced = len(elsewhere)
