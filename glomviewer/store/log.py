"""Appending to the log of decisions: one batch a gesture, and never anything but appending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from glomviewer.domain.labels import NO_LABEL
from glomviewer.store import clock, journal


class Field(StrEnum):
    """What a decision is about."""

    LABEL = "label"
    ADJUDICATION = "adjudication"
    FLAG = "flag"
    EXCLUSION = "exclusion"
    REFERRAL = "referral"
    COMMENT = "comment"


class Kind(StrEnum):
    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be appended. `before_label` and `before_value` are what was in force so far;
    a row of an undo says in `label` and `value` what is in force again. `item` is the reading's
    item that was decided on, where it was one."""

    patch: int
    field: Field
    before_label: int = NO_LABEL
    before_value: str = ""
    label: int = NO_LABEL
    value: str = ""
    detail: str = ""
    comment: str = ""
    call_shown: bool = False
    model: str = ""
    on_screen: bool = False
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Gesture:
    """What is appended as one batch. `root` is the batch that an undo takes back or a redo makes
    again, None for a gesture of its own."""

    reader: int
    title: str
    kind: Kind
    entries: Sequence[Entry]
    root: int | None = None


def append(connection: Connection, gesture: Gesture, *, origin: int) -> int:
    """Append the gesture's batch and rows, and its row in the journal; the id of the batch."""
    made_at, zone = clock.now(), clock.zone_name()
    at = journal.next_clock(connection)
    batch = _append_batch(connection, gesture, origin, at, made_at, zone)
    if gesture.entries:
        _append_rows(connection, gesture, origin, batch, at, made_at, zone)
    journal.write_gesture(
        connection, origin, batch, reader=gesture.reader, at=at, made_at=made_at, zone=zone
    )
    return batch


def _append_rows(
    connection: Connection,
    gesture: Gesture,
    origin: int,
    batch: int,
    at: int,
    made_at: int,
    zone: str,
) -> None:
    first_sequence = _following(
        connection, "SELECT max(sequence) FROM decisions WHERE origin_id = ?", (origin,)
    )
    connection.exec_driver_sql(
        "INSERT INTO decisions (origin_id, sequence, clock, batch_id, reader_id, patch_id, "
        "item_id, field, kind, before_label, before_value, label, value, detail, comment, "
        "call_shown, model, on_screen, made_at, zone) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                origin,
                first_sequence + index,
                at,
                batch,
                gesture.reader,
                entry.patch,
                entry.item,
                entry.field.value,
                gesture.kind.value,
                entry.before_label,
                entry.before_value,
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


def _append_batch(
    connection: Connection, gesture: Gesture, origin: int, at: int, made_at: int, zone: str
) -> int:
    batch = _following(connection, "SELECT max(id) FROM batches", ())
    sequence = _following(
        connection, "SELECT max(sequence) FROM batches WHERE origin_id = ?", (origin,)
    )
    connection.exec_driver_sql(
        "INSERT INTO batches (id, origin_id, sequence, clock, reader_id, kind, title, patches, "
        "made_at, zone, root) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            batch,
            origin,
            sequence,
            at,
            gesture.reader,
            gesture.kind.value,
            gesture.title,
            len({entry.patch for entry in gesture.entries}),
            made_at,
            zone,
            batch if gesture.root is None else gesture.root,
        ),
    )
    return batch


def _following(connection: Connection, sql: str, values: tuple[object, ...]) -> int:
    return int(connection.exec_driver_sql(sql, values).scalar_one() or 0) + 1
