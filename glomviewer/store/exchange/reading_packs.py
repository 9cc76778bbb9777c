"""Writing a reading pack: what one reader needs to read at another place, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from glomviewer.domain.labels import LabelSet
from glomviewer.store.errors import Refused
from glomviewer.store.exchange.reading_payload import (
    CALLS,
    ITEMS,
    PackedItem,
    ReadingPayload,
    items_to_bytes,
    picture_name,
)
from glomviewer.store.exchange.reading_source import ReadingSource, SourceItem, source_bytes
from glomviewer.store.journal import Head
from glomviewer.store.packs import sealing
from glomviewer.store.packs.pixels import SentPatch, sent_patch
from glomviewer.store.packs.writing import Member
from training.decode import DecodeError, decode, pixel_hash


@dataclass(frozen=True, slots=True)
class Home:
    """What the pack says about where it comes from."""

    library: str
    label_set: LabelSet
    clock: int
    heads: Sequence[Head]


class ReadingPackContent:
    """`sent` gets the pixel hash of each item's picture as it was sent, by the item's id, while
    `members` are taken."""

    def __init__(self, source: ReadingSource, home: Home, *, encrypted: bool) -> None:
        self._source, self._home = source, home
        # Whoever finds a pack that anybody can read must not be able to guess it at leisure.
        self._passphrase = source.passphrase if encrypted else ""
        self._secret = sealing.new_secret() if source.has_calls else b""
        self._packed: list[PackedItem] = []
        self.sent: dict[int, str] = {}

    def payload(self) -> dict[str, object]:
        source, home = self._source, self._home
        return ReadingPayload(
            home=home.library,
            clock=home.clock,
            heads=tuple((head.origin, head.sequence, head.hash) for head in home.heads),
            reading=source.reading.uuid,
            name=source.name,
            protocol=source.reading.protocol,
            created_at=source.created_at,
            zone=source.zone,
            reader=source.reader,
            passphrase=self._passphrase,
            label_set=home.label_set,
            items=len(source.items),
            secret=self._secret,
        ).to_json()

    def members(self) -> Iterator[Member]:
        """Raises Refused at an image that can't be read, or is not as it was imported."""
        for place, item in enumerate(self._source.items):
            picture = _picture(item)
            self.sent[item.id] = picture.pixel_hash
            self._packed.append(
                PackedItem(
                    item.uuid,
                    picture.pixel_hash,
                    picture.width,
                    picture.height,
                    item.case,
                    item.microns_per_pixel,
                )
            )
            yield Member(picture_name(place), picture.png)
        if self._secret:
            calls = (
                sealing.seal(self._secret, item.uuid, item.call) for item in self._source.items
            )
            yield Member(CALLS, b"".join(calls))
        yield Member(ITEMS, items_to_bytes(self._packed))


def _picture(item: SourceItem) -> SentPatch:
    """The item's picture as it is sent.

    Raises:
        Refused: its file can't be read, or shows something else than when it was imported.
    """
    data = source_bytes(item)
    try:
        altered = (
            hashlib.sha256(data).hexdigest() != item.sha256
            and pixel_hash(decode(data)) != item.pixel_hash
        )
        if not altered:
            return sent_patch(data, item.turn)
    except DecodeError as error:
        raise Refused(
            f"The image of patch number {item.patch} can't be read ({error}); have the files "
            "checked on the page Library. No pack was written."
        ) from error
    raise Refused(
        f"The image of patch number {item.patch} was altered since it was imported; put the right "
        "one back. No pack was written."
    )
