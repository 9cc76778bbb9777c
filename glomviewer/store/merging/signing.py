"""Sign-offs and finished readings that come in with a log: they hold here too.

All other acts of a foreign origin are kept as they are and have no effect: a model that was
promoted there is not promoted here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from glomviewer.store import pending
from glomviewer.store.journal import Act, canonical
from glomviewer.store.packs.rows import JournalEntry

_SIGN = (
    "INSERT INTO signoffs (reading_id, reader_id, meaning, note, heads, made_at, zone) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def apply(connection: Connection, accepted: Iterable[JournalEntry]) -> None:
    for entry in accepted:
        if entry.kind not in (Act.SIGNOFF.value, Act.FINISH.value):
            continue
        body = json.loads(entry.body)
        reading = _id(connection, "readings", body.get("reading"))
        reader = _id(connection, "readers", entry.reader)
        if reading is None or reader is None:
            continue
        if entry.kind == Act.FINISH.value:
            _finish(connection, reading, reader, entry.made_at)
            continue
        said = (_text(body.get(key)) for key in ("meaning", "note", "heads"))
        connection.exec_driver_sql(_SIGN, (reading, reader, *said, entry.made_at, entry.zone))


def _finish(connection: Connection, reading: int, reader: int, made_at: int) -> None:
    """Of two ends of one reading the earlier counts, whichever came in first."""
    connection.exec_driver_sql(
        "UPDATE reading_readers SET finished_at = min(coalesce(finished_at, ?), ?) "
        "WHERE reading_id = ? AND reader_id = ?",
        (made_at, made_at, reading, reader),
    )
    pending.end(connection, reading, reader)


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical(value or "")


def _id(connection: Connection, table: str, uuid: object) -> int | None:
    if not isinstance(uuid, str):
        return None
    return connection.exec_driver_sql(
        f"SELECT id FROM {table} WHERE uuid = ?", (uuid,)
    ).scalar_one_or_none()
