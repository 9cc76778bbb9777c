"""A pack gets its name in the same moment as the library takes note of it, or neither happens."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from glomviewer.store import clock
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.packs.errors import PackUnwritable
from glomviewer.store.packs.manifest import PackKind
from glomviewer.store.packs.writing import Member
from training.atomic import replace


@dataclass(frozen=True, slots=True)
class WrittenPack:
    """What was written. `items` are patches of a reading or acts of a log; `fingerprint` is that
    of the key which signed it."""

    path: Path
    kind: PackKind
    uuid: str
    items: int
    fingerprint: str
    encrypted: bool
    sentence: str


def _nothing_more(_connection: Connection, _pack: str) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be written. `title` and `facts` are for the journal; `kept` writes down what
    else the library must remember, in the transaction that names the pack (by its uuid), and says
    what of it belongs into the journal."""

    kind: PackKind
    payload: Mapping[str, Any]
    members: Iterable[Member]
    items: int
    title: str
    facts: Mapping[str, Any]
    kept: Callable[[Connection, str], Mapping[str, Any]] = _nothing_more


@contextmanager
def drafted(target: Path) -> Iterator[Path]:
    """A place beside `target` to write a pack to; what is left there at the end is removed."""
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}.draft")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def put_in_place(draft: Path, target: Path, watching: Watching) -> None:
    """The last step of a transaction that takes note of the pack.

    Raises:
        PackCancelled, PackUnwritable: the transaction must not be committed.
    """
    watching.check()
    try:
        replace(draft, target)
    except OSError as error:
        raise PackUnwritable(
            f"{target.name} could not be written ({error.strerror or error}); choose another "
            "place and try again."
        ) from error


def keep_pack(
    connection: Connection,
    pack: str,
    kind: PackKind,
    *,
    fingerprint: str,
    reading: int | None = None,
    reader: int | None = None,
    note: str = "",
) -> None:
    """Remember a pack that was written or taken in; again, it stays as it was."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO packs (uuid, kind, reading_id, reader_id, fingerprint, note, "
        "made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (pack, kind.value, reading, reader, fingerprint, note, clock.now()),
    )


def telling(written: str, fingerprint: str, *, encrypted: bool) -> str:
    """What is said of every pack that was written."""
    secret = (
        " It is encrypted; tell the passphrase by another way than the file goes."
        if encrypted
        else ""
    )
    return f"{written} It is signed with this installation's key {fingerprint}.{secret}"
