"""Readers and readings, held against what the journal said of them when they were made here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.readings.protocol import Protocol
from glomviewer.store.journal import Act
from glomviewer.store.verify_acts import MadeElsewhere

_ACTS = """
SELECT o.uuid, j.sequence, j.body FROM journal j JOIN origins o ON o.id = j.origin_id
WHERE j.kind = ? AND j.body <> '' ORDER BY j.id
"""

_ENDS = """
SELECT g.name, r.name, w.finished_at IS NOT NULL,
EXISTS (SELECT 1 FROM journal j WHERE j.kind = ? AND j.reader_id = w.reader_id
AND json_valid(j.body) AND json_extract(j.body, '$.reading') = g.uuid), g.uuid
FROM reading_readers w JOIN readings g ON g.id = w.reading_id JOIN readers r ON r.id = w.reader_id
ORDER BY g.id, r.id
"""

_STRAY_REPEATS = """
SELECT g.name, count(*) FROM reading_items i JOIN readings g ON g.id = i.reading_id
LEFT JOIN reading_items o ON o.id = i.repeat_of
WHERE i.repeat_of IS NOT NULL AND ((o.reading_id, o.reader_id, o.patch_id) IS NOT
(i.reading_id, i.reader_id, i.patch_id) OR o.place >= i.place) GROUP BY g.id
"""


def disagreements(connection: Connection) -> Iterator[str]:
    """What was edited, inserted or deleted there, as sentences."""
    elsewhere = MadeElsewhere(connection)
    yield from _readers(connection, elsewhere)
    made: set[str] = set()
    closed: set[str] = set()
    for origin, sequence, body in _acts(connection, Act.READING):
        if elsewhere.has(origin, sequence):
            continue
        if "protocol" in body:
            made.add(str(body.get("reading")))
            yield from _reading(connection, body, f"act {sequence:,} of installation {origin[:8]}")
        else:
            closed.add(str(body.get("reading")))
    yield from _closings(connection, made, closed)
    yield from _ends(connection, made)
    for name, count in connection.exec_driver_sql(_STRAY_REPEATS):
        yield f"{count:,} hidden repeats of the reading {name} repeat nothing: its list was edited."


def _acts(connection: Connection, act: Act) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for origin, sequence, text in connection.exec_driver_sql(_ACTS, (act.value,)).all():
        try:
            body = json.loads(text)
        except ValueError:
            continue  # told where the chains are looked at
        if isinstance(body, dict):
            yield origin, sequence, body


def _readers(connection: Connection, elsewhere: MadeElsewhere) -> Iterator[str]:
    called = {
        row[0]: (row[1], row[2])
        for row in connection.exec_driver_sql("SELECT uuid, name, initials FROM readers")
    }
    for origin, sequence, body in _acts(connection, Act.READER):
        if "uuid" not in body or elsewhere.has(origin, sequence):
            continue
        said = (body.get("name"), body.get("initials"))
        if called.get(str(body["uuid"])) != said:
            yield (
                f"The reader whom act {sequence:,} of installation {origin[:8]} added as {said[0]} "
                f"({said[1]}) is not called so any more: a row of readers was edited or deleted."
            )


def _reading(connection: Connection, body: dict[str, Any], act: str) -> Iterator[str]:
    row = connection.exec_driver_sql(
        "SELECT id, name, protocol, model_id, threshold FROM readings WHERE uuid = ?",
        (str(body.get("reading")),),
    ).one_or_none()
    if row is None:
        yield f"The reading {body.get('name')}, which {act} made, is not there any more."
        return
    reading, name, protocol, model, threshold = row
    here = (name, _protocol(protocol), model or "", threshold)
    said = (body.get("name"), body.get("protocol"), body.get("model"), body.get("threshold"))
    if here != said:
        yield f"The reading {name} is not as {act} made it: its row was edited."
    readers = connection.exec_driver_sql(
        "SELECT r.uuid FROM reading_readers w JOIN readers r ON r.id = w.reader_id "
        "WHERE w.reading_id = ?",
        (reading,),
    ).scalars()
    named = body.get("readers")
    if set(readers) != (set(map(str, named)) if isinstance(named, list) else set()):
        yield f"The reading {name} has other readers than {act} says."
    items = connection.exec_driver_sql(
        "SELECT uuid, place, turn, repeat_of IS NOT NULL FROM reading_items WHERE reading_id = ? "
        "ORDER BY id",
        (reading,),
    ).all()
    # As `planning` spells them.
    listed = json.dumps([list(item[:3]) for item in items], separators=(",", ":"), default=repr)
    digest = hashlib.sha256(listed.encode()).hexdigest()
    repeats = sum(item[3] for item in items)
    if (digest, repeats) != (body.get("lists"), body.get("repeats")):
        yield f"The lists of the reading {name} are not those that {act} made: they were edited."


def _protocol(text: str) -> object:
    try:
        return json.loads(json.dumps(asdict(Protocol.from_json(text))))
    except ValueError:
        return None


def _closings(connection: Connection, made: set[str], closed: set[str]) -> Iterator[str]:
    for uuid, name, is_closed in connection.exec_driver_sql(
        "SELECT uuid, name, closed_at IS NOT NULL FROM readings ORDER BY id"
    ):
        if uuid in made and bool(is_closed) != (uuid in closed):
            says = "closed" if is_closed else "not closed"
            yield f"The reading {name} is {says}, and the journal says otherwise."


def _ends(connection: Connection, made: set[str]) -> Iterator[str]:
    for name, reader, finished, told, uuid in connection.exec_driver_sql(
        _ENDS, (Act.FINISH.value,)
    ):
        if told and not finished:
            yield f"{reader} has finished the reading {name}, and its row says otherwise."
        elif finished and not told and uuid in made:
            yield f"{reader} has finished the reading {name}, of which the journal knows nothing."
