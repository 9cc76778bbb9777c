"""Who called what, for the statistics of agreement: of one reading, or of the whole library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from glomviewer.domain.agreement.ratings import Codes, Ids, Mask, RatingTable, Repeats
from glomviewer.domain.labels import NO_LABEL, ReferenceSource
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.records import ModelRecord, Reader
from glomviewer.store import models, pending, predictions, sight
from glomviewer.store.errors import UnknownRecord
from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.item_calls import ItemCalls, item_calls
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.table import integers

# By the plus SQLite goes through the items in their order instead of sorting them.
_OF_READING = "+reading_id = {reading:d}"
_REPEATED = "(repeat_of IS NOT NULL OR id IN (SELECT repeat_of FROM reading_items))"

# Packed, since a Python object for each of half a million labels' columns is what takes the time.
_LABELS = """
SELECT (patch_id << 32) | (reader_id << 17) |
(label + 1) | ((first_label + 1) << 8) | (call_shown << 16),
CASE WHEN first_id IS NULL THEN 0 WHEN first_id = decision_id THEN made_at
ELSE (SELECT d.made_at FROM decisions d WHERE d.id = c.first_id) END
FROM current_labels c
"""

# From the readings on: most reveal nothing, and then no item is looked at.
_REVEALED = f"""
SELECT (i.patch_id << 32) | i.reader_id FROM readings g
CROSS JOIN reading_items i ON i.reading_id = g.id WHERE {pending.CAN_REVEAL}
AND EXISTS (SELECT 1 FROM decisions d WHERE d.item_id = i.id AND d.reader_id = i.reader_id
AND d.kind = 'do' AND d.field = 'label')
"""

_STATES = """
SELECT p.id, coalesce(p.case_id, 0),
(s.reference + 1) | (s.source << 8) | ((s.gate_label + 1) << 16)
FROM patches p JOIN patch_states s ON s.patch_id = p.id ORDER BY p.id
"""

_FIRST_CALLS = f"""
SELECT patch_id, count(*) FROM current_labels
WHERE first_label >= 0 AND patch_id IN {IDS} GROUP BY patch_id
"""

# A pack does not know what it shows again, so that a label made there can't say what had been seen.
_AGAIN_AFTER_REVEAL = f"""
SELECT i.id FROM reading_items i JOIN readings g ON g.id = i.reading_id
WHERE i.repeat_of IS NOT NULL AND {pending.CAN_REVEAL}
"""

_TRAINED_ON = """
SELECT f.patch_id FROM model_seen s JOIN files f ON f.pixel_hash = s.pixel_hash
WHERE s.model_id = ?
"""


_SEVERAL = 2
"""From so many first calls on they can agree or differ."""


@dataclass(slots=True)
class _Calls:
    """The part of a table that readers have made; by patch and reader."""

    patches: Ids
    first: Codes
    final: Codes
    revealed: Mask
    made_at: Ids
    order: NDArray[np.int32]

    @classmethod
    def none(cls, patches: Ids, readers: int) -> _Calls:
        shape = (len(patches), readers)
        return cls(
            patches=patches,
            first=np.full(shape, NO_LABEL, dtype=np.int8),
            final=np.full(shape, NO_LABEL, dtype=np.int8),
            revealed=np.zeros(shape, dtype=np.bool_),
            made_at=np.zeros(shape, dtype=np.int64),
            order=np.full(shape, -1, dtype=np.int32),
        )


def ratings(connection: Connection, paths: LibraryPaths, reading: int | None) -> RatingTable:
    """The first and final call of every reader on every patch, and what they are held against.

    Raises:
        UnknownRecord: there is no such reading.
    """
    model, threshold = _model(connection, paths, reading)
    if reading is None:
        repeated = item_calls(connection, _REPEATED)
        people, made = _all_labels(connection)
        _note_revealed(connection, people, made)
    else:
        repeated = item_calls(connection, _OF_READING.format(reading=reading))
        people, made = _of_list(connection, repeated, reading)
    call = _calls(connection, paths, made.patches, model, threshold)
    if reading is not None and _reveals(connection, reading):
        # Who keeps his call says nothing after the reveal, and has been shown the model's all the
        # same: without him there is nothing to hold the changes of mind against.
        made.revealed |= (made.first >= 0) & (call >= 0)[:, np.newaxis]
    told = integers(connection, _AGAIN_AFTER_REVEAL, (), 1)[:, 0]
    states = _rows_of(made.patches, integers(connection, _STATES, (), 3))
    cases, case = _cases(connection, states[:, 1])
    source = ((states[:, 2] >> 8) & 0xFF).astype(np.int8)
    untouched = ((states[:, 2] >> 16) - 1).astype(np.int8)
    return RatingTable(
        readers=tuple(people),
        patches=made.patches,
        cases=cases,
        case=case,
        first=made.first,
        final=made.final,
        revealed=made.revealed,
        made_at=made.made_at,
        order=made.order,
        repeats=tuple(_repeats(repeated, one.id, told) for one in people),
        reference=((states[:, 2] & 0xFF) - 1).astype(np.int8),
        reference_source=source,
        untouched=untouched,
        untouched_source=_untouched_source(
            source, untouched, _first_calls(connection, made, reading)
        ),
        call=call,
        trained_on=_trained_on(connection, made.patches, model),
        model=model.title if model else "",
        threshold=threshold,
    )


def _reveals(connection: Connection, reading: int) -> bool:
    """Whether the reading's protocol shows the model's call of a patch after its reader's own."""
    text = connection.exec_driver_sql(
        "SELECT protocol FROM readings WHERE id = ?", (reading,)
    ).scalar_one()
    return Protocol.from_json(text).reveal is Reveal.AFTER


def _of_list(connection: Connection, items: ItemCalls, reading: int) -> tuple[list[Reader], _Calls]:
    people = _readers(
        connection, f"id IN (SELECT reader_id FROM reading_readers WHERE reading_id = {reading:d})"
    )
    own = ~items.is_repeat
    made = _Calls.none(np.unique(items.patch[own]), len(people))
    rows = np.searchsorted(made.patches, items.patch[own])
    columns = _columns(people, items.reader[own])
    made.first[rows, columns] = items.first[own]
    made.final[rows, columns] = items.final[own]
    made.revealed[rows, columns] = items.final_shown[own]
    made.made_at[rows, columns] = items.first_at[own]
    made.order[rows, columns] = items.place[own]
    return people, made


def _all_labels(connection: Connection) -> tuple[list[Reader], _Calls]:
    rows = integers(connection, _LABELS, (), 2)
    packed = rows[:, 0]
    patch = packed >> 32
    people = _readers(connection, "id IN (SELECT reader_id FROM current_labels)")
    made = _Calls.none(np.flatnonzero(np.bincount(patch)), len(people))
    at = np.searchsorted(made.patches, patch), _columns(people, (packed >> 17) & 0x7FFF)
    made.final[at] = (packed & 0xFF) - 1
    made.first[at] = ((packed >> 8) & 0xFF) - 1
    made.revealed[at] = (packed >> 16) & 1
    made.made_at[at] = rows[:, 1]
    return people, made


def _note_revealed(connection: Connection, people: Sequence[Reader], made: _Calls) -> None:
    """Who kept his own after a reveal was shown the model's call all the same."""
    shown = integers(connection, _REVEALED, (), 1)[:, 0]
    known = np.isin(shown & 0xFFFFFFFF, [one.id for one in people])
    shown = shown[known & np.isin(shown >> 32, made.patches)]
    rows = np.searchsorted(made.patches, shown >> 32)
    columns = _columns(people, shown & 0xFFFFFFFF)
    made.revealed[rows, columns] |= made.first[rows, columns] >= 0


def _readers(connection: Connection, where: str) -> list[Reader]:
    rows = connection.exec_driver_sql(
        f"SELECT id, name, initials, passphrase <> '' FROM readers WHERE {where} "
        "ORDER BY name COLLATE NOCASE, uuid"
    )
    return [Reader(row[0], row[1], row[2], bool(row[3])) for row in rows]


def _columns(people: Sequence[Reader], readers: Ids) -> Ids:
    """The column of each of these readers."""
    column = np.zeros(max((one.id for one in people), default=0) + 1, dtype=np.int64)
    for place, one in enumerate(people):
        column[one.id] = place
    return column[readers]


def _repeats(items: ItemCalls, reader: int, told: Ids) -> Repeats:
    """What a reader was shown twice: his call of the first showing and of the second. `told` are
    the items that come after a reveal by their protocol, since nobody gets past an unread one."""
    again = np.flatnonzero(items.is_repeat & (items.reader == reader))
    if not len(again):
        return Repeats.none()
    before = np.searchsorted(items.item, items.repeat_of[again])
    return Repeats(
        patches=items.patch[again],
        first=items.first[before],
        again=items.opening[again],
        after_reveal=items.opening_shown[again] | np.isin(items.item[again], told),
    )


def _first_calls(connection: Connection, made: _Calls, reading: int | None) -> Ids:
    """How many readers have a first call of each patch, be it in this reading or not."""
    calls = (made.first >= 0).sum(axis=1)
    few = np.flatnonzero(calls < _SEVERAL)
    if reading is not None and len(few):
        found = integers(connection, _FIRST_CALLS, (id_list(made.patches[few]),), 2)
        calls[np.searchsorted(made.patches, found[:, 0])] = found[:, 1]
    return calls


def _untouched_source(source: Codes, untouched: Codes, calls: Ids) -> Codes:
    """What the gate's labels rest on, which know no call made after a reveal."""
    told = np.array(
        [ReferenceSource.IMPORTED, ReferenceSource.SINGLE_READER, ReferenceSource.READERS_AGREE]
    )[np.minimum(calls, _SEVERAL)]
    without = np.where(calls < _SEVERAL, ReferenceSource.NONE, ReferenceSource.DISPUTED)
    found = np.where(untouched >= 0, told, without)
    return np.where(source == ReferenceSource.ADJUDICATED, source, found).astype(np.int8)


def _rows_of(patches: Ids, states: NDArray[np.int64]) -> NDArray[np.int64]:
    return states[np.searchsorted(states[:, 0], patches)]


def _cases(connection: Connection, case_ids: Ids) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The cases that occur, by name, and the place of each patch's among them."""
    occurring = set(np.unique(case_ids).tolist())
    named = [
        (int(row[0]), str(row[1]))
        for row in connection.exec_driver_sql(
            "SELECT id, name FROM cases ORDER BY name COLLATE NOCASE, id"
        )
        if row[0] in occurring
    ]
    place = np.full(max(occurring, default=0) + 1, -1, dtype=np.int32)
    for number, (case, _) in enumerate(named):
        place[case] = number
    return tuple(name for _, name in named), place[case_ids]


def _model(
    connection: Connection, paths: LibraryPaths, reading: int | None
) -> tuple[ModelRecord | None, float | None]:
    """The model whose calls readers are held against, and at which threshold."""
    wanted, threshold = models.active_id(connection), None
    if reading is not None:
        row = connection.exec_driver_sql(
            "SELECT model_id, threshold FROM readings WHERE id = ?", (reading,)
        ).one_or_none()
        if row is None:
            raise UnknownRecord(f"The library has no reading {reading}.")
        if row[0] is not None:
            wanted, threshold = row
    if wanted is None:
        return None, None
    try:
        model = models.model(connection, wanted, paths.models)
    except UnknownRecord:
        return None, None
    return model, model.threshold if threshold is None else threshold


def _calls(
    connection: Connection,
    paths: LibraryPaths,
    patches: Ids,
    model: ModelRecord | None,
    threshold: float | None,
) -> Codes:
    calls = np.full(len(patches), -1, dtype=np.int8)
    if model is None or threshold is None or not len(patches):
        return calls
    known, raw, _ = predictions.logits(
        paths.predictions(model.id), without=sight.hidden_calls(connection)
    )
    # As in the table of calls, where logits are float32.
    logit = (model.slope * raw + model.intercept).astype(np.float32)
    told = ~np.isnan(logit)
    rows = np.minimum(np.searchsorted(patches, known[told]), len(patches) - 1)
    there = patches[rows] == known[told]
    calls[rows[there]] = logit[told][there] >= np.float64(threshold)
    return calls


def _trained_on(connection: Connection, patches: Ids, model: ModelRecord | None) -> Mask:
    if model is None:
        return np.zeros(len(patches), dtype=np.bool_)
    rows = connection.exec_driver_sql(_TRAINED_ON, (model.id,)).scalars().all()
    return np.isin(patches, np.array(rows, dtype=np.int64))
