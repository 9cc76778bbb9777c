"""What goes back from a pack's library: its whole log, and the images as they are there now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.store import journal, readings, roots
from glomviewer.store.errors import Refused
from glomviewer.store.exchange.fields import Fields, list_in
from glomviewer.store.exchange.pack_library import PackLibrary
from glomviewer.store.exchange.reading_payload import heads_in
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.packs.canonical import canonical
from glomviewer.store.packs.manifest import Manifest, unsound
from training.decode import DecodeError, decode, pixel_hash

JOURNAL, IMAGES = "journal.jsonl", "images.json"

_FILES = """
SELECT i.uuid, f.root_id, f.path FROM reading_items i JOIN files f ON f.patch_id = i.patch_id
WHERE i.reading_id = ? AND i.reader_id = ? ORDER BY i.place
"""


@dataclass(frozen=True, slots=True)
class ReturnPayload:
    """`pack`, `reading` and `reader` are uuids; `done` of `items` have a label."""

    pack: str
    home: str
    reading: str
    reader: str
    items: int
    done: int
    finished: bool
    heads: tuple[tuple[str, int, str], ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "pack": self.pack,
            "home": self.home,
            "reading": self.reading,
            "reader": self.reader,
            "items": self.items,
            "done": self.done,
            "finished": self.finished,
            "heads": [list(head) for head in self.heads],
        }


@dataclass(frozen=True, slots=True)
class ReturnSource:
    """The one reading of a pack's library, and where the picture of each item lies."""

    of: PackLibrary
    reading: ReadingSummary
    reader: int
    name: str
    initials: str
    payload: ReturnPayload
    files: Sequence[tuple[str, Path]]


def read_return(payload: Manifest, file: str) -> ReturnPayload:
    """Raises UnsoundContent."""
    fields = Fields(payload.payload, file, "payload")
    return ReturnPayload(
        pack=fields.uuid("pack"),
        home=fields.uuid("home"),
        reading=fields.uuid("reading"),
        reader=fields.uuid("reader"),
        items=fields.number("items"),
        done=fields.number("done"),
        finished=fields.flag("finished"),
        heads=heads_in(fields, file),
    )


def return_source(connection: Connection, of: PackLibrary, folder: Path) -> ReturnSource:
    """Raises:
    Refused: the reading of the pack is no longer there.
    """
    row = connection.exec_driver_sql(
        "SELECT g.id, r.id FROM readings g, readers r WHERE g.uuid = ? AND r.uuid = ?",
        (of.reading, of.reader),
    ).one_or_none()
    reading = None if row is None else readings.reading(connection, row[0])
    own = None if row is None or reading is None else reading.progress_of(row[1])
    if row is None or reading is None or own is None:
        raise Refused("The reading of this pack is no longer in its library; open the pack again.")
    folders = roots.root_folders(connection, folder)
    heads = journal.heads(connection)
    return ReturnSource(
        of=of,
        reading=reading,
        reader=row[1],
        name=own.reader.name,
        initials=own.reader.initials,
        payload=ReturnPayload(
            pack=of.pack,
            home=of.home,
            reading=of.reading,
            reader=of.reader,
            items=own.items,
            done=own.done,
            finished=own.finished is not None,
            heads=tuple((head.origin, head.sequence, head.hash) for head in heads),
        ),
        files=[
            (item, Path(roots.absolute_path(folders[root], path)))
            for item, root, path in connection.exec_driver_sql(_FILES, tuple(row))
        ],
    )


def images_now(source: ReturnSource, watching: Watching) -> bytes:
    """[item, pixel hash] of every picture as it is on the disk; "" where it can't be read.

    Raises:
        PackCancelled
    """
    listed: list[list[str]] = []
    for done, (item, file) in enumerate(source.files):
        watching.check()
        watching.progress(done, len(source.files), "Looking at the images")
        try:
            listed.append([item, pixel_hash(decode(file))])
        except (DecodeError, OSError):
            listed.append([item, ""])
    return canonical(listed).encode("utf-8")


def read_images(data: bytes, file: str) -> dict[str, str]:
    """The pixel hash of each item's picture at the reader's place.

    Raises:
        UnsoundContent: it is no such list.
    """
    found: dict[str, str] = {}
    for pair in list_in(data, file, "list of images"):
        if not isinstance(pair, list) or [type(part) for part in pair] != [str, str]:
            raise unsound(file, "its list of images is none")
        found[pair[0]] = pair[1]
    return found
