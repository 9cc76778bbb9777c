"""Readings as they stand: their readers' progress, and how they end."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.readings.protocol import Protocol
from glomviewer.domain.readings.records import Meaning, ReaderProgress, ReadingSummary
from glomviewer.domain.records import Reader
from glomviewer.store import clock, pending
from glomviewer.store.errors import Refused, UnknownRecord

_READINGS = """
SELECT g.id, g.uuid, g.name, g.protocol, g.created_at, g.closed_at, coalesce(g.model_id, ''),
g.threshold, r.id, r.name, r.initials, r.passphrase <> '',
(SELECT count(DISTINCT patch_id) FROM reading_items i WHERE i.reading_id = g.id)
FROM readings g LEFT JOIN readers r ON r.id = g.reader_id
WHERE ?1 IS NULL OR g.id = ?1 ORDER BY g.id DESC
"""

_PROGRESS = f"""
SELECT rr.reading_id, r.id, r.name, r.initials, r.passphrase <> '',
(SELECT count(*) FROM reading_items i WHERE i.reading_id = rr.reading_id
AND i.reader_id = rr.reader_id),
(SELECT count(DISTINCT d.item_id) FROM reading_items i JOIN decisions d ON d.item_id = i.id
WHERE i.reading_id = rr.reading_id AND i.reader_id = rr.reader_id AND d.reader_id = rr.reader_id
AND d.kind = 'do' AND d.field = 'label' AND d.batch_id NOT IN (SELECT batch_id FROM withdrawn)),
rr.finished_at,
EXISTS (SELECT 1 FROM signoffs s WHERE s.reading_id = rr.reading_id
AND s.reader_id = rr.reader_id AND s.meaning = '{Meaning.READ}')
FROM reading_readers rr JOIN readers r ON r.id = rr.reader_id
WHERE ?1 IS NULL OR rr.reading_id = ?1 ORDER BY rr.reading_id, r.name COLLATE NOCASE, r.uuid
"""


def readings(connection: Connection, reading: int | None = None) -> list[ReadingSummary]:
    """All of them, or this one; newest first."""
    people: defaultdict[int, list[ReaderProgress]] = defaultdict(list)
    for row in connection.exec_driver_sql(_PROGRESS, (reading,)):
        people[row[0]].append(_progress(row))
    return [
        _summary(row, tuple(people[row[0]]))
        for row in connection.exec_driver_sql(_READINGS, (reading,))
    ]


def reading(connection: Connection, reading_id: int) -> ReadingSummary:
    """Raises:
    UnknownRecord: the library has no such reading.
    """
    found = readings(connection, reading_id)
    if not found:
        raise UnknownRecord(f"The library has no reading {reading_id}.")
    return found[0]


def waiting(connection: Connection, reader: int) -> int:
    """How many readings this reader has not finished, of those that are not closed."""
    counted = connection.exec_driver_sql(
        "SELECT count(*) FROM reading_readers rr JOIN readings g ON g.id = rr.reading_id "
        "WHERE rr.reader_id = ? AND rr.finished_at IS NULL AND g.closed_at IS NULL",
        (reader,),
    )
    return int(counted.scalar_one())


def patches(connection: Connection, reading_id: int) -> list[int]:
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT patch_id FROM reading_items WHERE reading_id = ? ORDER BY patch_id",
        (reading_id,),
    )
    return [int(row[0]) for row in rows]


def finish(connection: Connection, of: ReadingSummary, reader: int, reason: str) -> str:
    """Note that a reader is through; what he left unread, as a sentence.

    Raises:
        Refused: he does not read in it, has finished, or leaves items without a reason.
    """
    own = of.progress_of(reader)
    if own is None:
        raise Refused(f"You do not read in {of.name}.")
    if own.finished is not None:
        raise Refused(f"You have finished the reading {of.name} already.")
    if of.is_closed:
        raise Refused(f"The reading {of.name} is closed already.")
    if own.left and not reason.strip():
        raise Refused(
            f"{own.left:,} of {own.items:,} patches of {of.name} are not read yet; read them, or "
            "say why you leave them."
        )
    mark_finished(connection, of.id, reader, clock.now())
    left = f" {own.left:,} of {own.items:,} were left unread." if own.left else ""
    return f"The reading {of.name} is finished.{left}"


def mark_finished(connection: Connection, reading_id: int, reader: int, at: int) -> None:
    """Note when a reader finished (UTC microseconds), and keep nothing from him any more."""
    connection.exec_driver_sql(
        "UPDATE reading_readers SET finished_at = ? WHERE reading_id = ? AND reader_id = ?",
        (at, reading_id, reader),
    )
    pending.end(connection, reading_id, reader)


def close(connection: Connection, of: ReadingSummary, by: int | None, reason: str) -> str:
    """Close a reading for all of its readers; a sentence about it.

    Raises:
        Refused: it is closed, somebody has not finished and nobody says why it ends, or the one
            who would close it still reads in it independently.
    """
    if of.is_closed:
        raise Refused(f"The reading {of.name} is closed already.")
    unfinished = [one.reader for one in of.readers if one.finished is None]
    if of.protocol.independent and any(one.id == by for one in unfinished):
        raise Refused(
            f"You still read {of.name} independently, and closing it would show you what the "
            "others say; finish your own reading, or have somebody else close it."
        )
    if unfinished and not reason.strip():
        names = ", ".join(one.name for one in unfinished)
        raise Refused(
            f"{names} {'has' if len(unfinished) == 1 else 'have'} not finished the reading "
            f"{of.name}; say why it is closed before."
        )
    connection.exec_driver_sql(
        "UPDATE readings SET closed_at = ? WHERE id = ?", (clock.now(), of.id)
    )
    pending.end(connection, of.id)
    return f"The reading {of.name} is closed."


def _progress(row: Any) -> ReaderProgress:
    return ReaderProgress(
        reader=Reader(row[1], row[2], row[3], bool(row[4])),
        items=row[5],
        done=row[6],
        finished=None if row[7] is None else clock.moment(row[7]),
        signed=bool(row[8]),
    )


def _summary(row: Any, people: tuple[ReaderProgress, ...]) -> ReadingSummary:
    return ReadingSummary(
        id=row[0],
        uuid=row[1],
        name=row[2],
        protocol=Protocol.from_json(row[3]),
        made_at=clock.moment(row[4]),
        readers=people,
        patches=row[12],
        closed=None if row[5] is None else clock.moment(row[5]),
        made_by=None if row[8] is None else Reader(row[8], row[9], row[10], bool(row[11])),
        model=row[6],
        threshold=row[7],
    )
