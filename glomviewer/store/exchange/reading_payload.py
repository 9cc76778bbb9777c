"""What a reading pack says: the reading, its one reader, and his items; nothing of anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.store.exchange.fields import Fields, list_in
from glomviewer.store.journal import LATEST_CLOCK
from glomviewer.store.packs.canonical import canonical
from glomviewer.store.packs.manifest import Manifest, unsound
from glomviewer.store.packs.naming import member_name
from glomviewer.store.packs.rows import ReaderName
from glomviewer.store.packs.sealing import SEALED_BYTES, SECRET_BYTES
from glomviewer.store.passphrases import is_kept_text

ITEMS, CALLS = "items.json", "calls.bin"
MOST_ITEMS = 500_000
MOST_PIXELS_ASIDE = 1_000_000


@dataclass(frozen=True, slots=True)
class PackedItem:
    """`case` is a pseudonym, "" where the protocol tells no cases."""

    uuid: str
    pixel_hash: str
    width: int
    height: int
    case: str = ""
    microns_per_pixel: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "uuid": self.uuid,
            "pixel_hash": self.pixel_hash,
            "width": self.width,
            "height": self.height,
            "case": self.case,
            "microns_per_pixel": self.microns_per_pixel,
        }


@dataclass(frozen=True, slots=True)
class ReadingPayload:
    """`home` is the uuid of the library at home and `clock` that of its log, so that what is
    decided in the pack comes after what was decided there before; `heads` are the newest rows of
    its chains. `secret` opens the sealed calls, b"" where there are none; `passphrase` is what is
    kept of the reader's own, "" where he has none or the pack is not encrypted."""

    home: str
    clock: int
    heads: tuple[tuple[str, int, str], ...]
    reading: str
    name: str
    protocol: Protocol
    created_at: int
    zone: str
    reader: ReaderName
    label_set: LabelSet
    items: int
    secret: bytes = b""
    passphrase: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "home": self.home,
            "clock": self.clock,
            "heads": [list(head) for head in self.heads],
            "reading": {
                "uuid": self.reading,
                "name": self.name,
                "protocol": self.protocol.to_json(),
                "created_at": self.created_at,
                "zone": self.zone,
            },
            "reader": {
                "uuid": self.reader.uuid,
                "name": self.reader.name,
                "initials": self.reader.initials,
                "passphrase": self.passphrase,
            },
            "label_set": self.label_set.to_json(),
            "items": self.items,
            "secret": self.secret.hex(),
        }


def read_payload(manifest: Manifest, file: str) -> ReadingPayload:
    """Raises UnsoundContent."""
    fields = Fields(manifest.payload, file, "payload")
    reading, reader = fields.part("reading"), fields.part("reader")
    try:
        protocol = Protocol.from_json(reading.text("protocol"))
        secret = bytes.fromhex(fields.text("secret"))
    except ValueError as error:
        raise unsound(file, "its protocol or its secret can't be read") from error
    if len(secret) not in (0, SECRET_BYTES) or (secret and protocol.reveal is Reveal.NEVER):
        raise unsound(file, "its protocol and its calls do not go together")
    who = ReaderName(reader.uuid("uuid"), reader.text("name"), reader.text("initials"))
    if not who.name.strip() or not who.initials.strip():
        raise unsound(file, "its reader has no name or no initials")
    passphrase = reader.text("passphrase")
    if passphrase and not is_kept_text(passphrase):
        raise unsound(file, "what it keeps of its reader's passphrase can't be read")
    return ReadingPayload(
        home=fields.uuid("home"),
        clock=fields.number("clock", most=LATEST_CLOCK - MOST_ITEMS),
        heads=heads_in(fields, file),
        reading=reading.uuid("uuid"),
        name=reading.text("name"),
        protocol=protocol,
        created_at=reading.number("created_at"),
        zone=reading.text("zone"),
        reader=who,
        label_set=fields.label_set("label_set"),
        items=fields.number("items", 1, MOST_ITEMS),
        secret=secret,
        passphrase=passphrase,
    )


def heads_in(fields: Fields, file: str) -> tuple[tuple[str, int, str], ...]:
    """The heads of chains that a payload names."""
    heads: list[tuple[str, int, str]] = []
    for head in fields.list_of("heads"):
        if not isinstance(head, list) or [type(part) for part in head] != [str, int, str]:
            raise unsound(file, "its heads of chains are none")
        heads.append((head[0], head[1], head[2]))
    return tuple(heads)


def items_to_bytes(items: Sequence[PackedItem]) -> bytes:
    return canonical([item.to_json() for item in items]).encode("utf-8")


def read_items(data: bytes, payload: ReadingPayload, file: str) -> list[PackedItem]:
    """The items in the reader's order.

    Raises:
        UnsoundContent: they are not as many as the payload says, or one is there twice.
    """
    items: list[PackedItem] = []
    for value in list_in(data, file, "list of items"):
        fields = Fields(value, file, "item")
        items.append(
            PackedItem(
                fields.uuid("uuid"),
                fields.hash("pixel_hash"),
                fields.number("width", 1, MOST_PIXELS_ASIDE),
                fields.number("height", 1, MOST_PIXELS_ASIDE),
                fields.text("case", longest=200),
                fields.positive_or_none("microns_per_pixel"),
            )
        )
    if len(items) != payload.items or len({item.uuid for item in items}) != len(items):
        raise unsound(file, "its items are not as many as it says, or one is there twice")
    return items


def read_calls(data: bytes, items: Sequence[PackedItem], file: str) -> dict[str, bytes]:
    """The sealed call of each item, by its uuid.

    Raises:
        UnsoundContent: they are not as many as the items.
    """
    if len(data) != SEALED_BYTES * len(items):
        raise unsound(file, "its calls are not as many as its items")
    return {
        item.uuid: data[SEALED_BYTES * place : SEALED_BYTES * (place + 1)]
        for place, item in enumerate(items)
    }


def picture_name(place: int) -> str:
    """The member that holds an item's picture; `place` counts from 0."""
    return member_name("patches", place + 1, ".png")
