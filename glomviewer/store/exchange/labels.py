"""Labels on their way between two libraries that hold the same patches: the whole log goes along.

The lists of readings go too, since what was decided on an item is named by the item.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.pseudonyms import mentions_patient
from glomviewer.domain.readings.protocol import Protocol
from glomviewer.store import journal
from glomviewer.store.errors import Refused
from glomviewer.store.exchange.fields import Fields, list_in
from glomviewer.store.exchange.reading_payload import MOST_ITEMS, heads_in
from glomviewer.store.journal import SUBJECT
from glomviewer.store.packs.canonical import canonical
from glomviewer.store.packs.manifest import Manifest, unsound

READINGS = "readings.json"

_UNNAMED = """
SELECT count(DISTINCT d.patch_id) FROM decisions d JOIN files f ON f.patch_id = d.patch_id
WHERE f.pixel_hash = ''
"""
_WORDS = """
SELECT title FROM journal UNION SELECT title FROM batches UNION SELECT comment FROM decisions
UNION SELECT value FROM decisions UNION SELECT name FROM readings
"""
_BODIES = "SELECT DISTINCT body FROM journal WHERE body <> ''"
_LATEST = 2**53
_UUID = re.compile(r"[0-9a-f]{32}")
# Uuids, hashes and fingerprints, which a program wrote.
_DIGEST = re.compile(r"[0-9a-f]{16,}|(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}")
_READINGS = "SELECT id, uuid, name, protocol, created_at, zone, closed_at FROM readings ORDER BY id"
_READERS = """
SELECT r.uuid, rr.finished_at FROM reading_readers rr JOIN readers r ON r.id = rr.reader_id
WHERE rr.reading_id = ? ORDER BY r.uuid
"""
_ITEMS = f"""
SELECT i.uuid, r.uuid, i.place, {SUBJECT}, coalesce(o.uuid, ''), i.turn, i.sent_hash
FROM reading_items i JOIN readers r ON r.id = i.reader_id JOIN files f ON f.patch_id = i.patch_id
LEFT JOIN reading_items o ON o.id = i.repeat_of WHERE i.reading_id = ? ORDER BY i.id
"""


@dataclass(frozen=True, slots=True)
class LabelsPayload:
    """`library` is the uuid of the library whose log this is."""

    library: str
    label_set: LabelSet
    decisions: int
    heads: tuple[tuple[str, int, str], ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "library": self.library,
            "label_set": self.label_set.to_json(),
            "decisions": self.decisions,
            "heads": [list(head) for head in self.heads],
        }


@dataclass(frozen=True, slots=True)
class SentItem:
    """An item of a reading; `patch` is its patch's name between libraries, `repeat_of` an item."""

    uuid: str
    reader: str
    place: int
    patch: str
    repeat_of: str
    turn: int
    sent_hash: str


@dataclass(frozen=True, slots=True)
class SentReading:
    """A reading with its lists. `readers` are uuids with when each finished, None if not yet."""

    uuid: str
    name: str
    protocol: str
    created_at: int
    zone: str
    closed_at: int | None
    readers: tuple[tuple[str, int | None], ...]
    items: tuple[SentItem, ...]


def labels_payload(connection: Connection, library: str, label_set: LabelSet) -> LabelsPayload:
    """Raises:
    Refused: patches were decided on whose pixels are not known, so that nobody else could tell
        which they are.
    """
    unnamed = int(connection.exec_driver_sql(_UNNAMED).scalar_one())
    if unnamed:
        raise Refused(
            f"{unnamed:,} patches with decisions have no pixel hash, so that no other library "
            "could tell which they are; import their images first. Nothing was written."
        )
    decisions = connection.exec_driver_sql("SELECT count(*) FROM decisions").scalar_one()
    heads = journal.heads(connection)
    return LabelsPayload(
        library,
        label_set,
        int(decisions),
        tuple((head.origin, head.sequence, head.hash) for head in heads),
    )


def patient_like_texts(connection: Connection) -> int:
    """How many texts of the log hold what could be a patient's name or number. They can't be
    replaced without breaking the chain."""
    told = set(connection.exec_driver_sql(_WORDS).scalars())
    for body in connection.exec_driver_sql(_BODIES).scalars():
        told.update(_texts_in(json.loads(body)))
    return sum(not _DIGEST.fullmatch(text) and mentions_patient(text) for text in told)


def _texts_in(value: Any) -> Iterator[str]:
    """The texts of a row; a sign-off holds the heads of its day as JSON within JSON."""
    if isinstance(value, str) and value.startswith("[["):
        yield from _texts_in(json.loads(value))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts_in(one)


def readings_to_bytes(connection: Connection) -> bytes:
    listed: list[dict[str, Any]] = []
    for row in connection.exec_driver_sql(_READINGS).all():
        reading, uuid, name, protocol, created_at, zone, closed_at = row
        listed.append(
            {
                "uuid": uuid,
                "name": name,
                "protocol": protocol,
                "created_at": created_at,
                "zone": zone,
                "closed_at": closed_at,
                "readers": [list(one) for one in connection.exec_driver_sql(_READERS, (reading,))],
                "items": [list(one) for one in connection.exec_driver_sql(_ITEMS, (reading,))],
            }
        )
    return canonical(listed).encode("utf-8")


def read_labels(manifest: Manifest, file: str) -> LabelsPayload:
    """Raises UnsoundContent."""
    fields = Fields(manifest.payload, file, "payload")
    return LabelsPayload(
        fields.uuid("library"),
        fields.label_set("label_set"),
        fields.number("decisions"),
        heads_in(fields, file),
    )


def read_readings(data: bytes, file: str) -> list[SentReading]:
    """Raises UnsoundContent."""
    found: list[SentReading] = []
    for value in list_in(data, file, "list of readings"):
        fields = Fields(value, file, "reading")
        protocol = fields.text("protocol")
        try:
            Protocol.from_json(protocol)
            readers = tuple(_finished(pair) for pair in fields.list_of("readers"))
            items = tuple(_item(row) for row in fields.list_of("items"))
        except (ValueError, TypeError) as error:
            raise unsound(file, "a reading in it can't be read") from error
        closed = value.get("closed_at")
        found.append(
            SentReading(
                uuid=fields.uuid("uuid"),
                name=fields.text("name"),
                protocol=protocol,
                created_at=fields.number("created_at"),
                zone=fields.text("zone"),
                closed_at=None if closed is None else fields.number("closed_at"),
                readers=readers,
                items=items,
            )
        )
    return found


def _finished(pair: Any) -> tuple[str, int | None]:
    reader, finished = pair
    if not isinstance(reader, str) or not (finished is None or _is_count(finished)):
        raise TypeError("a reader of a reading is none")
    return reader, finished


def _is_count(value: Any, most: int = _LATEST) -> bool:
    return type(value) is int and 0 <= value <= most


def _item(row: Any) -> SentItem:
    item = SentItem(*row)
    texts = (item.uuid, item.reader, item.patch, item.repeat_of, item.sent_hash)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("an item is none")
    if not _UUID.fullmatch(item.uuid) or not _is_count(item.place, MOST_ITEMS):
        raise TypeError("an item has no uuid or no place")
    if type(item.turn) is not int or not 0 <= item.turn < 8:
        raise TypeError("an item has no turn")
    return item
