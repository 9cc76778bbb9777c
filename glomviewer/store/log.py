"""Appending to the log of decisions: one batch a gesture, and never anything but appending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from glomviewer.domain.labels import NO_LABEL
from glomviewer.store import clock


class Field(StrEnum):
    """What a decision is about."""

    LABEL = "label"
    ADJUDICATION = "adjudication"
    FLAG = "flag"
    EXCLUSION = "exclusion"
    COMMENT = "comment"


class Kind(StrEnum):
    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be appended. `before` is the decision in force so far; `after` the one in
    force from now on, or `ITSELF` for a new decision."""

    patch: int
    field: Field
    before: int | None
    after: int | None
    label: int = NO_LABEL
    value: str = ""
    detail: str = ""
    comment: str = ""
    call_shown: bool = False
    model: str = ""
    on_screen: bool = False


ITSELF = -1


@dataclass(frozen=True, slots=True)
class Stack:
    """The batches that undo and redo would revert next."""

    undo: int | None
    redo: int | None


@dataclass(frozen=True, slots=True)
class Gesture:
    """What is appended as one batch. `reverts` is the batch that an undo or redo takes back."""

    reader: int
    title: str
    kind: Kind
    entries: Sequence[Entry]
    reverts: int | None = None


def stack_of(connection: Connection, reader: int) -> Stack:
    row = connection.exec_driver_sql(
        "SELECT undo_top, redo_top FROM batches WHERE reader_id = ? ORDER BY id DESC LIMIT 1",
        (reader,),
    ).one_or_none()
    return Stack(None, None) if row is None else Stack(row[0], row[1])


def append(connection: Connection, gesture: Gesture, *, origin: int) -> int:
    """Append the gesture's batch and rows; the id of the batch."""
    made_at, zone = clock.now(), clock.zone_name()
    batch = _append_batch(connection, gesture, origin, made_at, zone)
    first_id = _following(connection, "SELECT max(id) FROM decisions", ())
    first_sequence = _following(
        connection, "SELECT max(sequence) FROM decisions WHERE origin_id = ?", (origin,)
    )
    if not gesture.entries:
        return batch
    connection.exec_driver_sql(
        "INSERT INTO decisions (id, origin_id, sequence, batch_id, reader_id, patch_id, field, "
        "kind, before_id, after_id, label, value, detail, comment, call_shown, model, on_screen, "
        "made_at, zone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                first_id + index,
                origin,
                first_sequence + index,
                batch,
                gesture.reader,
                entry.patch,
                entry.field.value,
                gesture.kind.value,
                entry.before,
                first_id + index if entry.after == ITSELF else entry.after,
                entry.label,
                entry.value,
                entry.detail,
                entry.comment,
                int(entry.call_shown),
                entry.model,
                int(entry.on_screen),
                made_at,
                zone,
            )
            for index, entry in enumerate(gesture.entries)
        ],
    )
    return batch


def _append_batch(
    connection: Connection, gesture: Gesture, origin: int, made_at: int, zone: str
) -> int:
    batch = _following(connection, "SELECT max(id) FROM batches", ())
    sequence = _following(
        connection, "SELECT max(sequence) FROM batches WHERE origin_id = ?", (origin,)
    )
    stack = stack_of(connection, gesture.reader)
    if gesture.kind is Kind.DO:
        under, undo_top, redo_top = stack.undo, batch, None
    else:
        reverted_under = connection.exec_driver_sql(
            "SELECT under FROM batches WHERE id = ?", (gesture.reverts,)
        ).scalar_one()
        if gesture.kind is Kind.UNDO:
            under, undo_top, redo_top = stack.redo, reverted_under, batch
        else:
            under, undo_top, redo_top = stack.undo, batch, reverted_under
    connection.exec_driver_sql(
        "INSERT INTO batches (id, origin_id, sequence, reader_id, kind, title, patches, made_at, "
        "zone, reverts, under, undo_top, redo_top) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            batch,
            origin,
            sequence,
            gesture.reader,
            gesture.kind.value,
            gesture.title,
            len({entry.patch for entry in gesture.entries}),
            made_at,
            zone,
            gesture.reverts,
            under,
            undo_top,
            redo_top,
        ),
    )
    return batch


def _following(connection: Connection, sql: str, values: tuple[object, ...]) -> int:
    return int(connection.exec_driver_sql(sql, values).scalar_one() or 0) + 1
