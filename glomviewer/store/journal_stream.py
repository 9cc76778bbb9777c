"""The journal read in bulk: acts with all their decisions, some thousand at a time.

What comes out is what `journal.content_of_batch` and `journal.rows_of_batch` say of one batch, as
it is hashed and carried.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.journal import SUBJECT
from glomviewer.store.packs.rows import (
    DecisionRow,
    GestureContent,
    JournalEntry,
    OriginName,
    ReaderName,
)

_ACTS_AT_ONCE = 2000
_ROWS_AT_ONCE = 20_000
_BEFORE_ALL = -(2**62)
_BATCH, _PATCHES = 10, 14

_ACTS = """
SELECT j.sequence, j.clock, j.kind, coalesce(r.uuid, iif(j.reader_id IS NULL, '', NULL)),
j.made_at, j.zone, j.title, j.program, j.body, j.hash, j.batch_id, b.sequence, b.kind, b.title,
b.patches, br.uuid, ro.uuid, rb.sequence
FROM journal j LEFT JOIN readers r ON r.id = j.reader_id LEFT JOIN batches b ON b.id = j.batch_id
LEFT JOIN readers br ON br.id = b.reader_id LEFT JOIN batches rb ON rb.id = b.root
LEFT JOIN origins ro ON ro.id = rb.origin_id
WHERE j.origin_id = ? AND j.sequence > ? ORDER BY j.sequence LIMIT ?
"""

_ROWS = f"""
SELECT d.batch_id, d.sequence, coalesce(i.uuid, {SUBJECT}), i.uuid IS NOT NULL, d.field,
d.before_label, d.before_value, d.label, d.value, d.detail, d.comment, d.call_shown, d.model,
d.on_screen FROM decisions d JOIN files f ON f.patch_id = d.patch_id
LEFT JOIN reading_items i ON i.id = d.item_id
WHERE d.batch_id IN {IDS} ORDER BY d.batch_id, d.sequence
"""

_ELSEWHERE = f"""
SELECT batch_id, row FROM unplaced u WHERE batch_id IN {IDS} AND NOT EXISTS (SELECT 1
FROM decisions d WHERE d.batch_id = u.batch_id AND d.sequence = u.sequence)
"""


def origin_names(connection: Connection) -> dict[int, OriginName]:
    """Every origin by its row's id, in the order of their names."""
    rows = connection.exec_driver_sql("SELECT id, uuid FROM origins ORDER BY uuid")
    return {row[0]: OriginName(str(row[1])) for row in rows}


def reader_names(connection: Connection) -> tuple[ReaderName, ...]:
    rows = connection.exec_driver_sql("SELECT uuid, name, initials FROM readers ORDER BY uuid")
    return tuple(ReaderName(*row) for row in rows)


def acts(
    connection: Connection, origin: int, *, after: int = _BEFORE_ALL
) -> Iterator[JournalEntry]:
    """The acts of an origin (a row's id), in the order of their sequence, from `after` on."""
    name = connection.exec_driver_sql("SELECT uuid FROM origins WHERE id = ?", (origin,))
    uuid = str(name.scalar_one())
    any_elsewhere = connection.exec_driver_sql("SELECT 1 FROM unplaced LIMIT 1").first() is not None
    while True:
        page = connection.exec_driver_sql(_ACTS, (origin, after, _ACTS_AT_ONCE)).all()
        for some in _portions(page):
            rows = _rows(connection, some, any_elsewhere)
            for act in some:
                yield _entry(uuid, act, rows.get(act[_BATCH], ()))
        if len(page) < _ACTS_AT_ONCE:
            return
        after = page[-1][0]


def _entry(origin: str, act: Sequence[Any], rows: Sequence[DecisionRow]) -> JournalEntry:
    return JournalEntry(
        origin=origin,
        sequence=act[0],
        clock=act[1],
        kind=act[2],
        reader=act[3],
        made_at=act[4],
        zone=act[5],
        title=act[6],
        program=act[7],
        body=act[8],
        hash=act[9],
        gesture=None if act[_BATCH] is None else _content(act),
        rows=tuple(rows),
    )


def _content(act: Sequence[Any]) -> GestureContent:
    sequence, kind, title, patches, reader, root_origin, root = act[11:18]
    return GestureContent(sequence, kind, title, patches, reader, (root_origin, root))


def _portions(page: Sequence[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """As many acts as have a bearable number of decisions together."""
    portion: list[Sequence[Any]] = []
    size = 0
    for act in page:
        portion.append(act)
        size += act[_PATCHES] if isinstance(act[_PATCHES], int) else 0
        if size >= _ROWS_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _rows(
    connection: Connection, acts: Sequence[Sequence[Any]], any_elsewhere: bool
) -> dict[int, list[DecisionRow]]:
    """The decisions of these acts by batch."""
    ids = id_list(act[_BATCH] for act in acts if act[_BATCH] is not None)
    rows: defaultdict[int, list[DecisionRow]] = defaultdict(list)
    for row in connection.exec_driver_sql(_ROWS, (ids,)):
        rows[row[0]].append(DecisionRow._make(row[1:]))
    if any_elsewhere:
        _add_elsewhere(rows, connection.exec_driver_sql(_ELSEWHERE, (ids,)))
    return rows


def _add_elsewhere(
    rows: defaultdict[int, list[DecisionRow]], found: Iterable[Sequence[Any]]
) -> None:
    touched: set[int] = set()
    for batch, text in found:
        rows[batch].append(unplaced_row(text))
        touched.add(batch)
    for batch in touched:
        rows[batch].sort(key=lambda row: row.sequence)


def unplaced_row(text: str) -> DecisionRow:
    """A row of `unplaced`; one that no program wrote becomes a row that fits no hash."""
    try:
        row = DecisionRow(*json.loads(text))
    except (TypeError, ValueError):
        return DecisionRow(0, str(text), 0, "", 0, "", 0, "", "", "", 0, "", 0)
    sound = isinstance(row.sequence, int) and isinstance(row.subject, str)
    return row if sound else row._replace(sequence=0, subject=str(row.subject))
