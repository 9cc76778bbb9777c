"""Readings that came with another library's labels: their lists, so that items find patches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from glomviewer.store import clock
from glomviewer.store.exchange.labels import SentItem, SentReading
from glomviewer.store.merging.subjects import Places
from glomviewer.store.packs.rows import DecisionRow, ReaderName


def add_readings(
    connection: Connection, sent: Iterable[SentReading], people: Sequence[ReaderName]
) -> int:
    """Add the readings that are not here yet, with the items whose patches are here; how many
    readings were new. What is here already is left as it is."""
    known = set(connection.exec_driver_sql("SELECT uuid FROM readings").scalars())
    fresh = [reading for reading in sent if reading.uuid not in known]
    if not fresh:
        return 0
    readers = _readers(connection, people)
    for reading in fresh:
        cursor = connection.exec_driver_sql(
            "INSERT INTO readings (uuid, name, protocol, created_at, zone, closed_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                reading.uuid,
                _free_name(connection, reading.name),
                reading.protocol,
                reading.created_at,
                reading.zone,
                reading.closed_at,
            ),
        )
        reading_id = int(cursor.lastrowid or 0)
        connection.exec_driver_sql(
            "INSERT INTO reading_readers (reading_id, reader_id, finished_at) VALUES (?, ?, ?)",
            [
                (reading_id, readers[reader], finished)
                for reader, finished in reading.readers
                if reader in readers
            ],
        )
        _add_items(connection, reading_id, reading.items, readers)
    return len(fresh)


def _readers(connection: Connection, people: Sequence[ReaderName]) -> dict[str, int]:
    for reader in people:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO readers (uuid, name, initials, added_at) VALUES (?, ?, ?, ?)",
            (reader.uuid, reader.name, reader.initials, clock.now()),
        )
    return {row[0]: row[1] for row in connection.exec_driver_sql("SELECT uuid, id FROM readers")}


def _free_name(connection: Connection, name: str) -> str:
    """Two readings of one name are told apart."""
    taken = {
        str(one).casefold()
        for one in connection.exec_driver_sql("SELECT name FROM readings").scalars()
    }
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _add_items(
    connection: Connection, reading: int, items: Sequence[SentItem], readers: dict[str, int]
) -> None:
    places = Places(connection, (_as_row(item) for item in items))
    known = set(connection.exec_driver_sql("SELECT uuid FROM reading_items").scalars())
    next_id = 1 + int(
        connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM reading_items").scalar_one()
    )
    ids: dict[str, int] = {}
    for item in items:
        place = places.of(_as_row(item), item.reader)
        whose = readers.get(item.reader)
        lost = item.repeat_of and item.repeat_of not in ids
        if place is None or whose is None or lost or item.uuid in known:
            continue
        ids[item.uuid] = next_id
        connection.exec_driver_sql(
            "INSERT INTO reading_items (id, uuid, reading_id, reader_id, place, patch_id, "
            "repeat_of, turn, sent_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                next_id,
                item.uuid,
                reading,
                whose,
                item.place,
                place.patch,
                ids.get(item.repeat_of),
                item.turn,
                item.sent_hash,
            ),
        )
        next_id += 1


def _as_row(item: SentItem) -> DecisionRow:
    """A row that asks which patch of this library the item's patch is."""
    return DecisionRow(1, item.patch, 0, "", -1, "", -1, "", "", "", 0, "", 0)
