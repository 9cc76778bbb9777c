"""Undo and redo: inverse batches appended to the log, unlimited, of one's own gestures only.

A gesture can be taken back where it was made, and only there: two installations never take back
the same one, so what is taken back is the same wherever their logs are merged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import Batch
from glomviewer.store import clock, state
from glomviewer.store.decisions import IN_FORCE_COLUMN, changes_of
from glomviewer.store.errors import NothingToUndo
from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.log import Entry, Field, Gesture, Kind, append

_HERE = (
    "b.reader_id = ? AND b.origin_id IN (SELECT id FROM origins WHERE installation = "
    "(SELECT installation FROM origins WHERE id = ?))"
)

_NEXT_UNDO = """
SELECT b.id, b.title, b.patches, b.made_at FROM batches b
WHERE {here} AND b.kind = 'do' AND b.id NOT IN (SELECT batch_id FROM withdrawn)
ORDER BY b.id DESC LIMIT 1
"""

_NEXT_REDO = f"""
SELECT r.id, r.title, r.patches, r.made_at FROM batches b JOIN batches r ON r.id = b.root
WHERE {_HERE} AND b.kind = 'undo' AND b.root IN (SELECT batch_id FROM withdrawn)
AND b.id > coalesce((SELECT max(b.id) FROM batches b WHERE {_HERE} AND b.kind = 'do'), 0)
ORDER BY b.id DESC LIMIT 1
"""


def next_undo(connection: Connection, reader: int, origin: int) -> Batch | None:
    """The newest gesture of this reader at this installation that he has not taken back."""
    here = _NEXT_UNDO.format(here="b.reader_id = ? AND b.origin_id = ?")
    newest = _batch(connection, here, (reader, origin))
    # Gestures of before a backup was restored come after those since, even where a merge has
    # brought them back only now.
    return newest or _batch(connection, _NEXT_UNDO.format(here=_HERE), (reader, origin))


def next_redo(connection: Connection, reader: int, origin: int) -> Batch | None:
    """What this reader has taken back last, unless he has done something new since."""
    return _batch(connection, _NEXT_REDO, (reader, origin, reader, origin))


def undo(connection: Connection, *, origin: int, reader: int) -> Changes:
    """Take back the reader's last gesture.

    Raises:
        NothingToUndo: there is none left.
    """
    batch = next_undo(connection, reader, origin)
    if batch is None:
        raise NothingToUndo("There is nothing to undo.")
    return _revert(connection, batch, Kind.UNDO, origin, reader)


def redo(connection: Connection, *, origin: int, reader: int) -> Changes:
    """Make the gesture again that was undone last.

    Raises:
        NothingToUndo: nothing was undone, or a new gesture has been made since.
    """
    batch = next_redo(connection, reader, origin)
    if batch is None:
        raise NothingToUndo("There is nothing to redo.")
    return _revert(connection, batch, Kind.REDO, origin, reader)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the gesture that is taken back or made again."""

    id: int
    patch: int
    field: Field
    item: int | None
    repeat: bool
    comment: str


@dataclass(frozen=True, slots=True)
class _InForce:
    decision: int | None = None
    label: int = -1
    value: str = ""
    detail: str = ""
    comment: str = ""
    call_shown: bool = False
    model: str = ""


_NOTHING = _InForce()
_Key = tuple[int, Field] | tuple[int, int]


def _revert(connection: Connection, batch: Batch, kind: Kind, origin: int, reader: int) -> Changes:
    rows = _rows(connection, batch.id)
    patches = list(dict.fromkeys(row.patch for row in rows))
    before = _in_force(connection, rows, patches, reader)
    if kind is Kind.UNDO:
        connection.exec_driver_sql("INSERT INTO withdrawn (batch_id) VALUES (?)", (batch.id,))
    else:
        connection.exec_driver_sql("DELETE FROM withdrawn WHERE batch_id = ?", (batch.id,))
    state.recompute(connection, patches)
    after = _in_force(connection, rows, patches, reader)
    entries = [_entry(row, before, after, kind) for row in rows]
    gesture = Gesture(reader, batch.title, kind, entries, root=batch.id)
    appended = append(connection, gesture, origin=origin)
    held = before if kind is Kind.UNDO else after
    left = sum(
        # In a reading nobody is told what others have set.
        row.item is None
        and row.field in IN_FORCE_COLUMN
        and held.get(_key(row), _NOTHING).decision != row.id
        for row in rows
    )
    verb = "Undone" if kind is Kind.UNDO else "Redone"
    sentence = f"{verb}: {batch.title}."
    if left:
        left_out = "1 patch was" if left == 1 else f"{left:,} patches were"
        sentence += f" {left_out} left as another reader has set since."
    changes = changes_of(entries, appended, sentence)
    return changes | Changes(undo=True, labels=changes.labels, comments=True)


def _key(row: _Row) -> _Key:
    return (row.patch, row.item or 0) if row.repeat else (row.patch, row.field)


def _entry(
    row: _Row, before: dict[_Key, _InForce], after: dict[_Key, _InForce], kind: Kind
) -> Entry:
    if row.field is Field.COMMENT:
        taken_back = kind is Kind.UNDO
        return Entry(
            row.patch,
            row.field,
            before_value=row.comment if taken_back else "",
            comment="" if taken_back else row.comment,
            item=row.item,
        )
    was, now = before.get(_key(row), _NOTHING), after.get(_key(row), _NOTHING)
    return Entry(
        patch=row.patch,
        field=row.field,
        before_label=was.label,
        before_value=was.value,
        label=now.label,
        value=now.value,
        detail=now.detail,
        comment=now.comment,
        call_shown=now.call_shown,
        model=now.model,
        item=row.item,
    )


def _rows(connection: Connection, batch: int) -> list[_Row]:
    return [
        _Row(row[0], row[1], Field(row[2]), row[3], bool(row[4]), row[5])
        for row in connection.exec_driver_sql(
            "SELECT d.id, d.patch_id, d.field, d.item_id, i.repeat_of IS NOT NULL, d.comment "
            "FROM decisions d LEFT JOIN reading_items i ON i.id = d.item_id "
            "WHERE d.batch_id = ? ORDER BY d.id",
            (batch,),
        )
    ]


def _in_force(
    connection: Connection, rows: Sequence[_Row], patches: Sequence[int], reader: int
) -> dict[_Key, _InForce]:
    """What holds now of the fields and repeats that these rows are about."""
    fields = {row.field for row in rows}
    ids = id_list(patches)
    found: dict[_Key, _InForce] = {}
    said = "d.id, d.label, d.value, d.detail, d.comment, d.call_shown, d.model"
    if Field.LABEL in fields:
        for patch, *row in connection.exec_driver_sql(
            f"SELECT c.patch_id, {said} FROM current_labels c JOIN decisions d "
            f"ON d.id = c.decision_id WHERE c.patch_id IN {IDS} AND c.reader_id = ?",
            (ids, reader),
        ):
            found[patch, Field.LABEL] = _InForce(*row)
    for field in fields & IN_FORCE_COLUMN.keys():
        for patch, *row in connection.exec_driver_sql(
            f"SELECT s.patch_id, {said} FROM patch_states s JOIN decisions d "
            f"ON d.id = s.{IN_FORCE_COLUMN[field]} WHERE s.patch_id IN {IDS}",
            (ids,),
        ):
            found[patch, field] = _InForce(*row)
    for item in {row.item for row in rows if row.repeat}:
        newest = connection.exec_driver_sql(
            f"SELECT d.patch_id, {said} FROM decisions d JOIN origins o ON o.id = d.origin_id "
            "WHERE d.item_id = ? AND d.kind = 'do' AND d.field = 'label' "
            "AND d.batch_id NOT IN (SELECT batch_id FROM withdrawn) "
            "ORDER BY d.clock DESC, o.uuid DESC, d.sequence DESC LIMIT 1",
            (item,),
        ).one_or_none()
        if newest is not None and item is not None:
            found[newest[0], item] = _InForce(*newest[1:])
    return found


def _batch(connection: Connection, sql: str, values: tuple[int, ...]) -> Batch | None:
    row = connection.exec_driver_sql(sql, values).one_or_none()
    if row is None:
        return None
    return Batch(id=row[0], title=row[1], patches=row[2], made_at=clock.moment(row[3]))
