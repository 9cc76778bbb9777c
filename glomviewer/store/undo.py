"""Undo and redo: inverse batches appended to the log, unlimited, of one's own gestures only."""

from __future__ import annotations

from sqlalchemy import Connection

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import Batch
from glomviewer.store import clock, state
from glomviewer.store.decisions import IN_FORCE_COLUMN, changes_of
from glomviewer.store.errors import NothingToUndo
from glomviewer.store.log import Entry, Field, Gesture, Kind, append, stack_of


def next_undo(connection: Connection, reader: int) -> Batch | None:
    return _batch(connection, stack_of(connection, reader).undo)


def next_redo(connection: Connection, reader: int) -> Batch | None:
    return _batch(connection, stack_of(connection, reader).redo)


def undo(connection: Connection, *, origin: int, reader: int) -> Changes:
    """Take back the reader's last gesture.

    Raises:
        NothingToUndo: there is none left.
    """
    batch = next_undo(connection, reader)
    if batch is None:
        raise NothingToUndo("There is nothing to undo.")
    return _revert(connection, batch, Kind.UNDO, origin, reader)


def redo(connection: Connection, *, origin: int, reader: int) -> Changes:
    """Make the gesture again that was undone last.

    Raises:
        NothingToUndo: nothing was undone, or a new gesture has been made since.
    """
    batch = next_redo(connection, reader)
    if batch is None:
        raise NothingToUndo("There is nothing to redo.")
    return _revert(connection, batch, Kind.REDO, origin, reader)


def _revert(connection: Connection, batch: Batch, kind: Kind, origin: int, reader: int) -> Changes:
    entries, left = _inverse(connection, batch.id)
    gesture = Gesture(reader, batch.title, kind, entries, reverts=batch.id)
    appended = append(connection, gesture, origin=origin)
    state.apply_batch(connection, appended, {entry.field for entry in entries})
    verb = "Undone" if kind is Kind.UNDO else "Redone"
    sentence = f"{verb}: {batch.title}."
    if left:
        patches = "1 patch was" if left == 1 else f"{left:,} patches were"
        sentence += f" {patches} left as another reader has set since."
    changes = changes_of(entries, appended, sentence)
    return changes | Changes(undo=True, labels=changes.labels, comments=True)


def _inverse(connection: Connection, batch: int) -> tuple[list[Entry], int]:
    """The rows that take a batch back, and how many stay because another reader came after.

    A label is its reader's own, so nobody else can have come after; flags, exclusions and
    adjudications belong to the patch.
    """
    rows = connection.exec_driver_sql(
        "SELECT d.patch_id, d.field, d.before_id, d.after_id, "
        "b.label, b.value, b.detail, b.comment, b.call_shown, b.model, "
        f"CASE d.field {_in_force_cases()} ELSE d.after_id END "
        "FROM decisions d JOIN patch_states s ON s.patch_id = d.patch_id "
        "LEFT JOIN decisions b ON b.id = d.before_id WHERE d.batch_id = ? ORDER BY d.id",
        (batch,),
    ).all()
    entries = [
        Entry(
            patch=patch,
            field=Field(field),
            before=after,
            after=before,
            label=-1 if code is None else code,
            value=value or "",
            detail=detail or "",
            comment=comment or "",
            call_shown=bool(shown),
            model=model or "",
        )
        for patch, field, before, after, code, value, detail, comment, shown, model, force in rows
        if force == after
    ]
    return entries, len(rows) - len(entries)


def _in_force_cases() -> str:
    return " ".join(f"WHEN '{field}' THEN s.{column}" for field, column in IN_FORCE_COLUMN.items())


def _batch(connection: Connection, batch: int | None) -> Batch | None:
    if batch is None:
        return None
    row = connection.exec_driver_sql(
        "SELECT id, title, patches, made_at FROM batches WHERE id = ?", (batch,)
    ).one()
    return Batch(id=row[0], title=row[1], patches=row[2], made_at=clock.moment(row[3]))
