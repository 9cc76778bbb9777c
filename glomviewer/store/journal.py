"""The log of all acts, chained by hash for each origin.

A row's hash is SHA-256 over the hash before it, the row itself and, for a gesture, every decision
of it, so that whoever changes, inserts or deletes a row breaks the chain from there on. What is
hashed names patches, readers and items as every library that knows them does, never by local
numbers: the same chain holds wherever the log is merged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import Connection

from glomviewer.store import clock
from glomviewer.store.entry_hash import canonical, entry_hash
from glomviewer.store.settings import set_setting


class Act(StrEnum):
    """What a row of the journal is about."""

    GESTURE = "gesture"
    THRESHOLD = "threshold"
    PROMOTION = "promotion"
    LOOK = "look"
    IMPORT = "import"
    EXPORT = "export"
    MERGE = "merge"
    SETTING = "setting"
    MODEL = "model"
    RUN = "run"
    READER = "reader"
    READING = "reading"
    FINISH = "finish"
    SIGNOFF = "signoff"
    PACK = "pack"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row of an origin's chain: its name, how many rows it has, its hash."""

    origin: str
    sequence: int
    hash: str


LATEST_CLOCK = 2**32 - 1
"""No clock goes beyond, since statistics pack it into 32 bits; of four thousand million acts no
library comes near, and what comes in from elsewhere is held to it."""

SUBJECT = (
    "CASE WHEN f.pixel_hash = '' THEN 'file:' || f.sha256 || ':' || f.path "
    "ELSE f.pixel_hash || (SELECT CASE count(*) WHEN 0 THEN '' ELSE ':' || count(*) END "
    "FROM files o WHERE o.pixel_hash = f.pixel_hash AND o.patch_id < f.patch_id) END"
)
"""What a patch (of `files` AS f) is called in every library: the hash of its pixels, and which of
the copies it is where there are several."""

_ROWS = f"""
SELECT d.sequence, coalesce(i.uuid, {SUBJECT}), i.uuid IS NOT NULL, d.field, d.before_label,
d.before_value, d.label, d.value, d.detail, d.comment, d.call_shown, d.model, d.on_screen
FROM decisions d JOIN files f ON f.patch_id = d.patch_id
LEFT JOIN reading_items i ON i.id = d.item_id WHERE d.batch_id = ? ORDER BY d.sequence
"""

_BATCH = """
SELECT b.sequence, b.kind, b.title, b.patches, r.uuid, ro.uuid, rb.sequence
FROM batches b JOIN readers r ON r.id = b.reader_id JOIN batches rb ON rb.id = b.root
JOIN origins ro ON ro.id = rb.origin_id WHERE b.id = ?
"""

_INSERT = (
    "INSERT INTO journal (origin_id, sequence, clock, kind, reader_id, made_at, zone, title, "
    "body, program, batch_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@cache
def program_version() -> str:
    try:
        return version("glomviewer")
    except PackageNotFoundError:
        return "unknown"


def next_clock(connection: Connection) -> int:
    """A Lamport clock (Lamport 1978): one more than that of anything known here."""
    return int(
        connection.exec_driver_sql("SELECT coalesce(max(clock), 0) + 1 FROM journal").scalar_one()
    )


def write(
    connection: Connection,
    origin: int,
    act: Act,
    title: str,
    *,
    reader: int | None = None,
    body: Mapping[str, Any] | None = None,
    made_at: int | None = None,
    zone: str | None = None,
    after: int = 0,
) -> None:
    """Append an act that is no gesture. `body` says what, old, new and why; the moment is now
    unless a row that was written beside names it. `after` is a clock elsewhere that this act
    knows of: it comes later than that too."""
    _append(
        connection,
        origin,
        act,
        at=max(next_clock(connection), after + 1),
        made_at=clock.now() if made_at is None else made_at,
        zone=clock.zone_name() if zone is None else zone,
        reader=reader,
        title=title,
        body=canonical(dict(body or {})),
        batch=None,
    )


def write_gesture(
    connection: Connection,
    origin: int,
    batch: int,
    *,
    reader: int,
    at: int,
    made_at: int,
    zone: str,
) -> None:
    """Append the row of a batch whose decisions have just been inserted."""
    _append(
        connection,
        origin,
        Act.GESTURE,
        at=at,
        made_at=made_at,
        zone=zone,
        reader=reader,
        title="",
        body="",
        batch=batch,
    )


def _append(
    connection: Connection,
    origin: int,
    act: Act,
    *,
    at: int,
    made_at: int,
    zone: str,
    reader: int | None,
    title: str,
    body: str,
    batch: int | None,
) -> None:
    newest = head_of(connection, origin)
    sequence, program = newest.sequence + 1, program_version()
    header = {
        "origin": newest.origin,
        "sequence": sequence,
        "clock": at,
        "kind": act.value,
        "reader": reader_uuid(connection, reader),
        "made_at": made_at,
        "zone": zone,
        "title": title,
        "program": program,
        "body": body if batch is None else content_of_batch(connection, batch),
    }
    rows = () if batch is None else rows_of_batch(connection, batch)
    hashed = entry_hash(newest.hash, header, rows)
    connection.exec_driver_sql(
        _INSERT,
        (
            origin,
            sequence,
            at,
            act.value,
            reader,
            made_at,
            zone,
            title,
            body,
            program,
            batch,
            hashed,
        ),
    )
    keep_head(connection, Head(newest.origin, sequence, hashed))


_KEPT_HEAD = "head:"


def keep_head(connection: Connection, head: Head) -> None:
    """Write down how far a chain reaches, so that a row cut off its end is missed."""
    set_setting(connection, f"{_KEPT_HEAD}{head.origin}", f"{head.sequence} {head.hash}")


def kept_heads(connection: Connection) -> list[Head]:
    """The heads as they were written down beside the chains; a sequence of 0 for no number."""
    rows = connection.exec_driver_sql(
        "SELECT key, value FROM settings WHERE key LIKE ? ORDER BY key", (f"{_KEPT_HEAD}%",)
    )
    found: list[Head] = []
    for key, value in rows:
        sequence, _, hashed = str(value).partition(" ")
        number = int(sequence) if sequence.isdecimal() else 0
        found.append(Head(str(key).removeprefix(_KEPT_HEAD), number, hashed))
    return found


def heads_text(heads: Iterable[Head]) -> str:
    """Heads as a sign-off or a pack writes them down: [[origin, sequence, hash], …]."""
    return canonical([[head.origin, head.sequence, head.hash] for head in heads])


def head_of(connection: Connection, origin: int) -> Head:
    """The newest row of an origin; sequence 0 and no hash where there is none yet."""
    row = connection.exec_driver_sql(
        "SELECT o.uuid, coalesce(j.sequence, 0), coalesce(j.hash, '') FROM origins o "
        "LEFT JOIN journal j ON j.origin_id = o.id WHERE o.id = ? "
        "ORDER BY j.sequence DESC LIMIT 1",
        (origin,),
    ).one()
    return Head(*row)


def heads(connection: Connection) -> list[Head]:
    """The heads of all chains, in the order of their origins' names."""
    rows = connection.exec_driver_sql(
        "SELECT o.uuid, j.sequence, j.hash FROM origins o JOIN journal j ON j.origin_id = o.id "
        "WHERE j.sequence = (SELECT max(sequence) FROM journal WHERE origin_id = o.id) "
        "ORDER BY o.uuid"
    )
    return [Head(*row) for row in rows]


def reader_uuid(connection: Connection, reader: int | None) -> str:
    if reader is None:
        return ""
    return str(
        connection.exec_driver_sql("SELECT uuid FROM readers WHERE id = ?", (reader,)).scalar_one()
    )


def content_of_batch(connection: Connection, batch: int) -> dict[str, Any]:
    """What a gesture's row says besides its decisions."""
    sequence, kind, title, patches, reader, root_origin, root = connection.exec_driver_sql(
        _BATCH, (batch,)
    ).one()
    return {
        "sequence": sequence,
        "kind": kind,
        "title": title,
        "patches": patches,
        "reader": reader,
        "root": [root_origin, root],
    }


def rows_of_batch(connection: Connection, batch: int) -> Iterator[list[Any]]:
    """A gesture's decisions as they are hashed and carried, in the order of their sequence:
    [sequence, subject (a patch's or an item's name), whether it is an item, field, before_label,
    before_value, label, value, detail, comment, call_shown, model, on_screen]."""
    placed = (list(row) for row in connection.exec_driver_sql(_ROWS, (batch,)))
    elsewhere = [
        json.loads(row)
        for row in connection.exec_driver_sql(
            "SELECT row FROM unplaced u WHERE batch_id = ? AND NOT EXISTS (SELECT 1 FROM decisions "
            "d WHERE d.batch_id = u.batch_id AND d.sequence = u.sequence) ORDER BY sequence",
            (batch,),
        ).scalars()
    ]
    if not elsewhere:
        yield from placed
        return
    yield from sorted([*placed, *elsewhere], key=lambda row: row[0])
