"""Logs with a table of their own, held against the journal; and what merges say of theirs."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from glomviewer.store import clock, mirrored
from glomviewer.store.journal import Act
from glomviewer.store.mirrored import SIGNOFFS, Mirrored, MirroredRow

_OF_KIND = """
SELECT o.uuid, j.sequence, j.reader_id, j.made_at, j.zone, j.body FROM journal j
JOIN origins o ON o.id = j.origin_id WHERE j.kind = ? ORDER BY j.clock DESC, o.uuid DESC,
j.sequence DESC
"""

_Key = tuple[Any, ...]


class MadeElsewhere:
    """Which acts came in by merging, as the merges that were made here say.

    A merge was made here unless it came in by another, which has a greater clock: so they are
    read from the newest back.
    """

    def __init__(self, connection: Connection) -> None:
        self.unplaced = 0
        self._ranges: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for origin, sequence, *_, body in connection.exec_driver_sql(_OF_KIND, (Act.MERGE.value,)):
            if not self.has(origin, sequence):
                self._add(_parsed(body))

    def has(self, origin: str, sequence: int) -> bool:
        return any(first <= sequence <= last for first, last in self._ranges.get(origin, ()))

    def _add(self, body: dict[str, Any]) -> None:
        unplaced, origins = body.get("unplaced"), body.get("origins")
        self.unplaced += unplaced if isinstance(unplaced, int) else 0
        if not isinstance(origins, dict):
            return
        for origin, span in origins.items():
            if isinstance(span, list) and len(span) == 2:
                self._ranges[origin].append((span[0], span[1]))


def disagreements(connection: Connection) -> Iterator[str]:
    """Rows of the tables that the journal does not have, and the other way round."""
    elsewhere = MadeElsewhere(connection)
    for log in mirrored.MIRRORED:
        yield from _compare(connection, log, elsewhere)
    waiting = int(connection.exec_driver_sql("SELECT count(*) FROM unplaced").scalar_one())
    if waiting != elsewhere.unplaced:
        yield (
            f"{waiting:,} decisions came in for patches that were not here, and the merges speak "
            f"of {elsewhere.unplaced:,}: some were inserted or deleted."
        )
    yield from _signed_heads(connection, elsewhere)


def _compare(connection: Connection, log: Mirrored, elsewhere: MadeElsewhere) -> Iterator[str]:
    told: Counter[_Key] = Counter()
    where: dict[_Key, tuple[str, int]] = {}
    readings = set(connection.exec_driver_sql("SELECT uuid FROM readings").scalars())
    for origin, sequence, reader, made_at, zone, text in connection.exec_driver_sql(
        _OF_KIND, (log.act.value,)
    ):
        body = _parsed(text)
        # Sign-offs hold wherever their reading is; the others where they were made.
        applied = (
            body.get("reading") in readings
            if log is SIGNOFFS
            else not elsewhere.has(origin, sequence)
        )
        if applied:
            said = {name: body.get(name) for name in log.columns}
            key = _key(log, MirroredRow(0, reader, made_at, zone, said))
            told[key] += 1
            where[key] = (origin, sequence)
    for row in mirrored.rows(connection, log):
        key = _key(log, row)
        if told[key]:
            told[key] -= 1
        else:
            yield (
                f"Row {row.id} of {log.table}, {clock.told(row.made_at)}, is not what the journal "
                "says: it was edited or inserted."
            )
    for key, count in told.items():
        if count:
            origin, sequence = where[key]
            yield (
                f"What act {sequence:,} of installation {origin[:8]}, {clock.told(key[0])}, says "
                f"is not in {log.table}: its row was edited or deleted."
            )


def _key(log: Mirrored, row: MirroredRow) -> _Key:
    reader = None if log.reader == "NULL" else row.reader
    zone = None if log.zone is None else row.zone
    return row.made_at, reader, zone, json.dumps(row.body, sort_keys=True, default=repr)


def _signed_heads(connection: Connection, elsewhere: MadeElsewhere) -> Iterator[str]:
    """What was the end of a chain when somebody signed must still be in it."""
    for origin, sequence, _, made_at, _, text in connection.exec_driver_sql(
        _OF_KIND, (Act.SIGNOFF.value,)
    ):
        here = not elsewhere.has(origin, sequence)
        for name, number, hashed in _heads(_parsed(text).get("heads")):
            found = connection.exec_driver_sql(
                "SELECT j.hash FROM journal j JOIN origins o ON o.id = j.origin_id "
                "WHERE o.uuid = ? AND j.sequence = ?",
                (name, number),
            ).scalar_one_or_none()
            if found != hashed and (here or found is not None):
                yield (
                    f"The sign-off of {clock.told(made_at)} names act {number} of installation "
                    f"{str(name)[:8]} as the last one then, and it is not there: the end of that "
                    "journal was deleted or written anew."
                )


def _heads(value: object) -> list[tuple[Any, Any, Any]]:
    parsed = value
    if isinstance(value, str):
        try:
            parsed = json.loads(value)
        except ValueError:
            return []
    if not isinstance(parsed, list):
        return []
    return [tuple(one) for one in parsed if isinstance(one, list) and len(one) == 3]


def _parsed(text: object) -> dict[str, Any]:
    try:
        value = json.loads(str(text))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
