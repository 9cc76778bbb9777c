"""The journal, a page at a time, newest first."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.journal_rows import JournalRow
from glomviewer.domain.records import Reader
from glomviewer.store import clock
from glomviewer.store.journal import Act

_PAGE = """
SELECT j.id, o.uuid, j.sequence, j.clock, j.kind, j.title, r.id, r.name, r.initials, j.made_at,
j.zone, j.program, j.hash, j.batch_id, coalesce(b.patches, 0), j.body, coalesce(b.kind, ''),
coalesce(b.title, '') FROM journal j JOIN origins o ON o.id = j.origin_id
LEFT JOIN readers r ON r.id = j.reader_id LEFT JOIN batches b ON b.id = j.batch_id
{where} ORDER BY j.clock DESC, o.uuid DESC, j.sequence DESC LIMIT ? OFFSET ?
"""


def page(
    connection: Connection,
    *,
    limit: int,
    offset: int = 0,
    kinds: Collection[Act] = (),
    reader: int | None = None,
) -> list[JournalRow]:
    """Acts of these kinds (none: of all) and of this reader (None: of everybody)."""
    where, values = _where(kinds, reader)
    rows = connection.exec_driver_sql(_PAGE.format(where=where), (*values, limit, offset))
    return [_row(row) for row in rows]


def count(connection: Connection, *, kinds: Collection[Act] = (), reader: int | None = None) -> int:
    where, values = _where(kinds, reader)
    return int(
        connection.exec_driver_sql(f"SELECT count(*) FROM journal j {where}", values).scalar_one()
    )


def _where(kinds: Collection[Act], reader: int | None) -> tuple[str, tuple[object, ...]]:
    conditions: list[str] = []
    values: list[object] = []
    if kinds:
        conditions.append("j.kind IN (SELECT value FROM json_each(?))")
        values.append(json.dumps([kind.value for kind in kinds]))
    if reader is not None:
        conditions.append("j.reader_id = ?")
        values.append(reader)
    return ("WHERE " + " AND ".join(conditions) if conditions else "", tuple(values))


def _row(row: Any) -> JournalRow:
    undone = {"undo": "undone: ", "redo": "redone: "}.get(row[16], "")
    return JournalRow(
        id=row[0],
        origin=row[1],
        sequence=row[2],
        clock=row[3],
        kind=row[4],
        title=f"{undone}{row[17]}" if row[13] is not None else row[5],
        reader=None if row[6] is None else Reader(row[6], row[7], row[8]),
        made_at=clock.moment(row[9]),
        zone=row[10],
        program=row[11],
        hash=row[12],
        batch=row[13],
        patches=row[14],
        body=json.loads(row[15]) if row[15] else {},
    )
