"""Heads of chains that were written down elsewhere, held against the journal.

Who cuts the end of a chain off and writes anew what is beside it leaves nothing in the library
that would tell; a report, a pack or a list of heads from before does.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from glomviewer.store.errors import Refused
from glomviewer.store.packs.opening import open_pack
from glomviewer.store.pdf_streams import MAGIC, streams

_TAG = re.compile(r"<[^>]*>")
_HASH = re.compile(r"[0-9a-f]{64}")
_ORIGIN = re.compile(r"[0-9a-f]{8}(?:[0-9a-f]{24})?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_BETWEEN = 12
"""Words between an origin's name and its head in a row of a report: who reads there."""


@dataclass(frozen=True, slots=True)
class WrittenHead:
    """`origin` is a uuid or its beginning; `sequence` the number of its last act then."""

    origin: str
    sequence: int
    hash: str


def heads_in(file: Path, passphrase: str = "") -> list[WrittenHead]:
    """The heads that a file names: a report (HTML, PDF, CSV), a pack, a return, or JSON with
    [origin, sequence, hash]. `passphrase` opens a pack that is encrypted.

    Raises:
        Refused: it can't be read, or names none.
        PassphraseNeeded, WrongPassphrase: it is encrypted.
        PackError: what else can be wrong with a pack.
    """
    try:
        found = list(_found(file, passphrase))
    except OSError as error:
        raise Refused(f"{file} can't be read ({error.strerror}).") from error
    except UnicodeDecodeError:
        found = []
    if not found:
        raise Refused(
            f"{file.name} names no heads of chains; take a report, a pack, a return, or what "
            "`glomviewer verify --json` has written."
        )
    return list(dict.fromkeys(found))


def missing_heads(connection: Connection, written: Iterable[WrittenHead]) -> Iterator[str]:
    """Heads that are no longer in the journal, as sentences."""
    for head in written:
        now = connection.exec_driver_sql(
            "SELECT j.hash FROM journal j JOIN origins o ON o.id = j.origin_id "
            "WHERE substr(o.uuid, 1, ?) = ? AND j.sequence = ?",
            (len(head.origin), head.origin, head.sequence),
        ).scalar_one_or_none()
        if now == head.hash:
            continue
        became = (
            "there is no such act now: the end of that journal was deleted"
            if now is None
            else "another act has that number now: that journal was written anew"
        )
        yield (
            f"It was written down that the journal of installation {head.origin[:8]} had reached "
            f"act {head.sequence:,} ({head.hash[:12]}…), and {became}."
        )


def _found(file: Path, passphrase: str) -> Iterator[WrittenHead]:
    if zipfile.is_zipfile(file):
        with open_pack(file, passphrase=passphrase) as pack:
            yield from _in_value(dict(pack.manifest.payload))
        return
    data = file.read_bytes()
    if data.startswith(MAGIC):
        for stream in streams(data):
            yield from _in_stream(stream)
        return
    text = data.decode("utf-8-sig")
    try:
        value = json.loads(text)
    except ValueError:
        yield from _in_text(text)
        return
    yield from _in_value(value)


def _in_stream(stream: bytes) -> Iterator[WrittenHead]:
    """The heads in a stream of a PDF that is JSON; most are none."""
    if not stream.startswith(b"{"):
        return
    try:
        value = json.loads(stream)
    except ValueError:
        return
    yield from _in_value(value)


def _in_value(value: Any) -> Iterator[WrittenHead]:
    if isinstance(value, list) and len(value) == 3 and _is_head(*value):
        yield WrittenHead(*value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _in_value(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_value(inner)


def _is_head(origin: object, sequence: object, hashed: object) -> bool:
    return (
        isinstance(origin, str)
        and isinstance(sequence, int)
        and isinstance(hashed, str)
        and bool(_HASH.fullmatch(hashed))
    )


def _in_text(text: str) -> Iterator[WrittenHead]:
    """Rows of a report: an origin's name, who reads there, how many acts there are, the head."""
    plain = _THOUSANDS.sub("", _TAG.sub(" ", text))
    words = re.split(r"[\s;,\"|]+", plain)
    for at, word in enumerate(words):
        if at < 2 or not _HASH.fullmatch(word) or not words[at - 1].isdecimal():
            continue
        before = words[max(0, at - _BETWEEN) : at - 1]
        origin = next((one for one in reversed(before) if _ORIGIN.fullmatch(one)), None)
        if origin is not None:
            yield WrittenHead(origin, int(words[at - 1]), word)
