"""The items of a reader's list: how they stand, and what is decided on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.readings.plan import case_places
from glomviewer.domain.readings.protocol import Order, Protocol, Reveal
from glomviewer.domain.readings.records import ItemState
from glomviewer.store import clock
from glomviewer.store.errors import Refused, UnknownRecord
from glomviewer.store.log import Field
from glomviewer.store.made_knowing import SHOWN

_ITEM = """
SELECT i.id, i.uuid, i.reading_id, g.name, i.reader_id, i.patch_id, i.repeat_of, g.protocol,
g.model_id, g.threshold, g.closed_at, r.finished_at,
EXISTS (SELECT 1 FROM sealed_calls k WHERE k.item_id = i.id)
FROM reading_items i JOIN readings g ON g.id = i.reading_id
JOIN reading_readers r ON r.reading_id = i.reading_id AND r.reader_id = i.reader_id
WHERE i.id = ?
"""

_ITEMS = """
SELECT i.id, i.uuid, i.place, i.patch_id, i.turn, i.repeat_of IS NOT NULL,
coalesce('c' || p.case_id, 's' || p.slide_id, '')
FROM reading_items i JOIN patches p ON p.id = i.patch_id
WHERE i.reading_id = ? AND i.reader_id = ? ORDER BY i.place
"""

_SAID = f"""
SELECT d.item_id, d.field, d.label, d.value, d.detail, d.comment, d.made_at, {SHOWN}
FROM decisions d JOIN origins o ON o.id = d.origin_id
WHERE {{which}} AND d.reader_id = ? AND d.kind = 'do'
AND d.batch_id NOT IN (SELECT batch_id FROM withdrawn)
ORDER BY d.clock, o.uuid, d.sequence
"""
_OF_LIST = "d.item_id IN (SELECT id FROM reading_items WHERE reading_id = ? AND reader_id = ?)"


@dataclass(frozen=True, slots=True)
class Item:
    """An item with what its reading says about it. `sealed`: its call lies sealed beside it."""

    id: int
    uuid: str
    reading: int
    reading_name: str
    reader: int
    patch: int
    repeat_of: int | None
    protocol: Protocol
    model: str
    threshold: float | None
    closed: bool
    finished: bool
    sealed: bool

    @property
    def can_reveal(self) -> bool:
        """Whether its reader is shown the model's call at any time of the reading."""
        told = self.protocol.reveal is not Reveal.NEVER
        return told and (bool(self.model) or self.sealed)


@dataclass(slots=True)
class Said:
    """What its reader has said on an item. `first_label` is his label before its reveal."""

    label: int = NO_LABEL
    detail: str = ""
    first_label: int = NO_LABEL
    flagged: bool = False
    comment: str = ""
    decided_at: int | None = None

    def hear(self, row: Any, *, first_stands: bool) -> None:
        """Take in the next row of the log about this item. `first_stands` says that a label
        once given was answered by the model's call, so that later ones are no first calls; nor are
        those that were made knowing it otherwise, such as after the end of the reading."""
        field, label, value, detail, comment, made_at, shown = row
        if field == Field.FLAG:
            self.flagged = bool(value)
            return
        if comment:
            self.comment = comment
        if field != Field.LABEL:
            return
        if self.label == NO_LABEL or not (first_stands or shown):
            self.first_label = label
        self.label, self.detail, self.decided_at = label, detail, made_at


def item_of(connection: Connection, item: int, reader: int) -> Item:
    """An item of this reader's list.

    Raises:
        UnknownRecord: there is no such item.
        Refused: it stands on another reader's list.
    """
    row = connection.exec_driver_sql(_ITEM, (item,)).one_or_none()
    if row is None:
        raise UnknownRecord(f"The library has no item {item} of a reading.")
    if row[4] != reader:
        raise Refused("This patch stands on another reader's list; nothing was changed.")
    return Item(
        id=row[0],
        uuid=row[1],
        reading=row[2],
        reading_name=row[3],
        reader=row[4],
        patch=row[5],
        repeat_of=row[6],
        protocol=Protocol.from_json(row[7]),
        model=row[8] or "",
        threshold=row[9],
        closed=row[10] is not None,
        finished=row[11] is not None,
        sealed=bool(row[12]),
    )


def said_on(connection: Connection, item: Item) -> Said:
    """What holds on this item."""
    said = Said()
    rows = connection.exec_driver_sql(_SAID.format(which="d.item_id = ?"), (item.id, item.reader))
    for row in rows:
        said.hear(row[1:], first_stands=item.can_reveal)
    return said


def items(
    connection: Connection, reading: int, reader: int, protocol: Protocol, *, tell_repeats: bool
) -> list[ItemState]:
    """A reader's list in its order; nothing in it says what is a repeat unless `tell_repeats`."""
    model = connection.exec_driver_sql(
        "SELECT model_id IS NOT NULL OR EXISTS (SELECT 1 FROM sealed_calls) FROM readings "
        "WHERE id = ?",
        (reading,),
    ).scalar_one()
    reveals = protocol.reveal is not Reveal.NEVER and bool(model)
    said: dict[int, Said] = {}
    for row in connection.exec_driver_sql(_SAID.format(which=_OF_LIST), (reading, reader, reader)):
        said.setdefault(row[0], Said()).hear(row[1:], first_stands=reveals)
    rows = connection.exec_driver_sql(_ITEMS, (reading, reader)).all()
    places = [-1] * len(rows)
    if protocol.order is Order.BY_CASE:
        places = case_places([row[6] for row in rows], [bool(row[5]) for row in rows])
    return [
        _state(row, said.get(row[0], Said()), place, reveals, tell_repeats)
        for row, place in zip(rows, places, strict=True)
    ]


def _state(row: Any, said: Said, case_place: int, reveals: bool, tell_repeats: bool) -> ItemState:
    return ItemState(
        id=row[0],
        uuid=row[1],
        place=row[2],
        patch=row[3],
        turn=row[4],
        label=said.label,
        detail=said.detail,
        first_label=said.first_label,
        revealed=reveals and said.label != NO_LABEL,
        flagged=said.flagged,
        comment=said.comment,
        case_place=case_place,
        decided_at=None if said.decided_at is None else clock.moment(said.decided_at),
        is_repeat=bool(row[5]) and tell_repeats,
    )
