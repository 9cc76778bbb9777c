"""A journal as lines of JSON: what a return says, and labels on their way to another machine.

The first line names the origins and readers that the lines after it speak of. Then comes an object
for each act, just as it is hashed in its origin's chain, and after a gesture an array for each of
its decisions. `row_reading.py` reads it, one act in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from glomviewer.store.packs.canonical import canonical

_LINES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class OriginName:
    """`fingerprint` is that of the installation's key, "" where none is known."""

    uuid: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class ReaderName:
    uuid: str
    name: str
    initials: str


@dataclass(frozen=True, slots=True)
class RowsHead:
    """Whom and what a journal names; nobody else may occur in it."""

    origins: tuple[OriginName, ...]
    readers: tuple[ReaderName, ...]


class DecisionRow(NamedTuple):
    """A gesture's decision as `store.journal.rows_of_batch` gives and hashes it: flags are 0 or 1.

    `subject` is a patch's key, or an item's uuid where `is_item` is 1.
    """

    sequence: int
    subject: str
    is_item: int
    field: str
    before_label: int
    before_value: str
    label: int
    value: str
    detail: str
    comment: str
    call_shown: int
    model: str
    on_screen: int


@dataclass(frozen=True, slots=True)
class GestureContent:
    """What `store.journal.content_of_batch` says of a gesture; `root` is (origin, sequence)."""

    sequence: int
    kind: str
    title: str
    patches: int
    reader: str
    root: tuple[str, int]

    def to_json(self) -> dict[str, Any]:
        return {
            "sequence": self.sequence,
            "kind": self.kind,
            "title": self.title,
            "patches": self.patches,
            "reader": self.reader,
            "root": list(self.root),
        }


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One act. `body` is its JSON text, "" for a gesture, which has `gesture` and `rows` instead.

    `reader` is a uuid or ""; `made_at` in UTC microseconds since 1970; `hash` in hex.
    """

    origin: str
    sequence: int
    clock: int
    kind: str
    reader: str
    made_at: int
    zone: str
    title: str
    program: str
    body: str
    hash: str
    gesture: GestureContent | None = None
    rows: tuple[DecisionRow, ...] = ()

    def header(self) -> dict[str, Any]:
        """What `store.journal.entry_hash` wants of this act, beside `rows`."""
        return {
            "origin": self.origin,
            "sequence": self.sequence,
            "clock": self.clock,
            "kind": self.kind,
            "reader": self.reader,
            "made_at": self.made_at,
            "zone": self.zone,
            "title": self.title,
            "program": self.program,
            "body": self.body if self.gesture is None else self.gesture.to_json(),
        }


def rows_to_bytes(head: RowsHead, entries: Iterable[JournalEntry]) -> Iterator[bytes]:
    """The journal as UTF-8, in pieces for a pack's member.

    Raises:
        ValueError: a text holds half a character (a lone surrogate), which no file can.
    """
    held = [canonical(_head_json(head))]
    for entry in entries:
        held.append(canonical(entry.header() | {"hash": entry.hash, "rows": len(entry.rows)}))
        for row in entry.rows:
            held.append(canonical(row))
            if len(held) >= _LINES_AT_ONCE:
                yield _lines(held)
                held.clear()
    yield _lines(held)


def _head_json(head: RowsHead) -> dict[str, Any]:
    return {
        "origins": [[origin.uuid, origin.fingerprint] for origin in head.origins],
        "readers": [[reader.uuid, reader.name, reader.initials] for reader in head.readers],
    }


def _lines(texts: list[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode("utf-8")
