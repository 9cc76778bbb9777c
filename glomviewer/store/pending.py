"""Which patches readers still read independently: derived from readings and what was decided.

A patch is pending for a reader from the making of an independent reading until he has finished it
or it was closed. `sight` keeps everything about it from him; `number` is what it is called then.
"""

from __future__ import annotations

import uuid

from sqlalchemy import Connection

from glomviewer.domain.readings.protocol import Reveal
from glomviewer.store import settings

CAN_REVEAL = f"""
(json_extract(g.protocol, '$.reveal') = '{Reveal.AT_ONCE}'
OR json_extract(g.protocol, '$.reveal') = '{Reveal.AFTER}')
AND (g.model_id IS NOT NULL OR EXISTS (SELECT 1 FROM sealed_calls k WHERE k.item_id = i.id))
"""
"""Whether a commit on the item `i` of the reading `g` earns its reader the model's call."""

_PENDING = f"""
WITH listed AS MATERIALIZED (SELECT i.reader_id, i.patch_id, i.reading_id,
max(({CAN_REVEAL}) AND EXISTS (SELECT 1 FROM decisions d WHERE d.item_id = i.id
AND d.reader_id = i.reader_id AND d.kind = 'do' AND d.field = 'label')) AS call_told,
min(i.uuid) AS uuid
FROM readings g CROSS JOIN reading_readers r ON r.reading_id = g.id
CROSS JOIN reading_items i ON i.reading_id = r.reading_id AND i.reader_id = r.reader_id
WHERE json_extract(g.protocol, '$.independent') AND g.closed_at IS NULL AND r.finished_at IS NULL
{{where}} GROUP BY i.reader_id, i.patch_id, i.reading_id),
alike AS MATERIALIZED (
SELECT id, duplicate_of AS picture FROM patches WHERE duplicate_of IS NOT NULL
UNION SELECT duplicate_of, duplicate_of FROM patches WHERE duplicate_of IS NOT NULL)
SELECT reader_id, patch_id, reading_id, max(call_told) AS call_told, min(uuid) AS uuid FROM (
SELECT * FROM listed
UNION ALL
SELECT l.reader_id, o.id, l.reading_id, 0, '~' || o.id FROM listed l
JOIN alike a ON a.id = l.patch_id JOIN alike o ON o.picture = a.picture AND o.id <> a.id
) GROUP BY reader_id, patch_id, reading_id
"""
"""A patch that shows the same pixels as one of the list is pending with it, since it would tell
what that one is called elsewhere. Joined in this order, lists that are finished are not read."""

_INSERT = """
INSERT OR IGNORE INTO pending (reader_id, patch_id, reading_id, call_told, number)
SELECT reader_id, patch_id, reading_id, call_told,
coalesce((SELECT max(number) FROM pending o WHERE o.reader_id = x.reader_id), 0)
+ row_number() OVER (PARTITION BY reader_id ORDER BY reading_id, uuid)
FROM ({query}) AS x
"""
"""Numbers go by random names, never by place or by import, and those of copies come last:
neither a gap nor an order tells."""


VERSION = "version of pending"


def version(connection: Connection) -> str:
    """Another one each time that it changes which patches are pending for whom."""
    return settings.setting(connection, VERSION)


def _changed(connection: Connection) -> None:
    settings.set_setting(connection, VERSION, uuid.uuid4().hex)


def begin(connection: Connection, reading: int) -> None:
    """Have the patches of a new reading pending for its readers."""
    where = f"AND i.reading_id = {reading:d}"
    connection.exec_driver_sql(_INSERT.format(query=_PENDING.format(where=where)))
    _changed(connection)


def extend(connection: Connection) -> None:
    """Have patches that came since pending where they show the same pixels as pending ones."""
    if connection.exec_driver_sql("SELECT 1 FROM pending LIMIT 1").first() is not None:
        connection.exec_driver_sql(_INSERT.format(query=_PENDING.format(where="")))
        _changed(connection)


def tell_call(connection: Connection, reader: int, reading: int, patch: int) -> None:
    """The reader has earned the call of this patch."""
    connection.exec_driver_sql(
        "UPDATE pending SET call_told = 1 WHERE reader_id = ? AND patch_id = ? AND reading_id = ?",
        (reader, patch, reading),
    )


def end(connection: Connection, reading: int, reader: int | None = None) -> None:
    """Keep nothing back any more: from this reader, or from all of the reading."""
    if reader is None:
        connection.exec_driver_sql("DELETE FROM pending WHERE reading_id = ?", (reading,))
    else:
        connection.exec_driver_sql(
            "DELETE FROM pending WHERE reading_id = ? AND reader_id = ?", (reading, reader)
        )
    _changed(connection)


def rebuild(connection: Connection, reader: int | None = None) -> None:
    """Derive all of it again, such as after a merge brought decisions and ends of readings; or
    of this reader alone, where only he can have changed anything."""
    if reader is None:
        connection.exec_driver_sql("DELETE FROM pending")
        connection.exec_driver_sql(_INSERT.format(query=_PENDING.format(where="")))
    else:
        connection.exec_driver_sql("DELETE FROM pending WHERE reader_id = ?", (reader,))
        where = f"AND i.reader_id = {reader:d}"
        connection.exec_driver_sql(_INSERT.format(query=_PENDING.format(where=where)))
    _changed(connection)


def differences(connection: Connection) -> int:
    """How many patches are pending otherwise than readings and decisions say."""
    expected = f"SELECT reader_id, patch_id, reading_id, call_told FROM ({_PENDING})".format(
        where=""
    )
    kept = "SELECT reader_id, patch_id, reading_id, call_told FROM pending"
    return int(
        connection.exec_driver_sql(
            f"SELECT count(*) FROM (SELECT * FROM ({kept} EXCEPT {expected}) UNION ALL "
            f"SELECT * FROM ({expected} EXCEPT {kept}))"
        ).scalar_one()
    )
