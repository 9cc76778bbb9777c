"""Sign-offs and finished readings that came in with a log: they hold here too.

All other acts of a foreign origin are kept as they are and have no effect: a model that was
promoted there is not promoted here.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection

from glomviewer.store.journal import Act, canonical

_OF_READINGS = """
SELECT j.kind, g.id, j.reader_id, j.body, j.made_at, j.zone FROM journal j
JOIN origins o ON o.id = j.origin_id
JOIN readings g ON g.uuid = iif(json_valid(j.body), json_extract(j.body, '$.reading'), '')
WHERE j.kind IN (?, ?) AND j.reader_id IS NOT NULL ORDER BY j.clock, o.uuid, j.sequence
"""

_SIGN = """
INSERT INTO signoffs (reading_id, reader_id, meaning, note, heads, made_at, zone)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM signoffs
WHERE (reading_id, reader_id, meaning, note, heads, made_at, zone) = (?1, ?2, ?3, ?4, ?5, ?6, ?7))
"""


def apply(connection: Connection) -> None:
    """Enter what the journal says of readings that are here and their tables do not say yet."""
    for kind, reading, reader, text, made_at, zone in connection.exec_driver_sql(
        _OF_READINGS, (Act.SIGNOFF.value, Act.FINISH.value)
    ).all():
        if kind == Act.FINISH.value:
            _finish(connection, reading, reader, made_at)
            continue
        body = json.loads(text)
        said = (_text(body.get(key)) for key in ("meaning", "note", "heads"))
        connection.exec_driver_sql(_SIGN, (reading, reader, *said, made_at, zone))


def _finish(connection: Connection, reading: int, reader: int, made_at: int) -> None:
    """Of two ends of one reading the earlier counts, whichever came in first."""
    connection.exec_driver_sql(
        "UPDATE reading_readers SET finished_at = min(coalesce(finished_at, ?), ?) "
        "WHERE reading_id = ? AND reader_id = ?",
        (made_at, made_at, reading, reader),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical(value or "")
