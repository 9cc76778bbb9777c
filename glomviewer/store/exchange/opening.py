"""Opening a reading pack: it becomes a small library in which its reader reads."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from glomviewer.store.engine import open_database
from glomviewer.store.errors import Refused
from glomviewer.store.exchange import known_keys, machine_memory
from glomviewer.store.exchange.pack_contents import fill
from glomviewer.store.exchange.reading_payload import ReadingPayload, read_payload
from glomviewer.store.exchange.watching import UNWATCHED, Watching
from glomviewer.store.library import Library
from glomviewer.store.packs.keys import installation_key
from glomviewer.store.packs.manifest import PackKind
from glomviewer.store.packs.opening import Pack, open_pack
from glomviewer.store.paths import LibraryPaths
from training.atomic import replace

SUFFIX = ".glomlib"


@dataclass(frozen=True, slots=True)
class OpenedPack:
    """Where the pack's library lies. `was_there`: it had been opened on this machine before."""

    folder: Path
    reading: str
    reader: str
    initials: str
    items: int
    fingerprint: str
    was_there: bool

    @property
    def sentence(self) -> str:
        if self.was_there:
            return f"{self.reading} was opened here before; it goes on in {self.folder.name}."
        patches = "1 patch" if self.items == 1 else f"{self.items:,} patches"
        return f"{self.reading} with {patches} for {self.reader} is ready in {self.folder.name}."


def open_reading_pack(
    path: Path,
    *,
    folder: Path | None = None,
    passphrase: str = "",
    trust: str = "",
    watching: Watching = UNWATCHED,
) -> OpenedPack:
    """Make a library of a pack at `folder`, beside the pack unless given. On a machine where
    this reader's pack of this reading was opened before, the library is the one that was made
    then. `trust` is the fingerprint that was compared with the sender's, needed once.

    Raises:
        UnknownKey, OtherKey: the sender's key was not compared, or is another one.
        Refused: there is something else at that place.
        PackCancelled: nothing is left behind.
        PackError: what else can be wrong with the file.
    """
    with open_pack(path, kind=PackKind.READING, passphrase=passphrase) as pack:
        payload = read_payload(pack.manifest, path.name)
        _check_sender(pack, trust, path.name)
        target = (folder or path.with_suffix(SUFFIX)).absolute()
        there = _opened_before(payload, target)
        if there is None:
            _make(pack, payload, path.name, target, watching)
        return _opened(there or target, payload, pack, was_there=there is not None)


def _check_sender(pack: Pack, trust: str, file: str) -> None:
    if pack.signer == installation_key().public or machine_memory.knows_home(pack.signer):
        return
    known_keys.check_trust(pack.signer, trust, file, "whoever sent you the pack")
    machine_memory.remember_home(pack.signer)


def _opened(target: Path, payload: ReadingPayload, pack: Pack, *, was_there: bool) -> OpenedPack:
    machine_memory.remember_library(payload.reading, payload.reader.uuid, target)
    return OpenedPack(
        folder=target,
        reading=payload.name,
        reader=payload.reader.name,
        initials=payload.reader.initials,
        items=payload.items,
        fingerprint=pack.fingerprint,
        was_there=was_there,
    )


def _opened_before(payload: ReadingPayload, target: Path) -> Path | None:
    remembered = machine_memory.library_of(payload.reading, payload.reader.uuid)
    places = (target,) if remembered is None else (remembered, target)
    return next((folder for folder in places if _is_library_of(folder, payload)), None)


def _is_library_of(folder: Path, payload: ReadingPayload) -> bool:
    """Whether the library at this place was made of a pack of this reading for this reader."""
    database = LibraryPaths(folder).database
    if not database.is_file():
        return False
    try:
        with closing(open_database(database, mode="ro")) as connection:
            row = connection.execute(
                "SELECT json_extract(value, '$.home'), json_extract(value, '$.reading'), "
                "json_extract(value, '$.reader') FROM settings WHERE key = 'pack'"
            ).fetchone()
    except sqlite3.Error:
        return False
    return row == (payload.home, payload.reading, payload.reader.uuid)


def _make(pack: Pack, payload: ReadingPayload, file: str, target: Path, watching: Watching) -> None:
    """Build the library beside its place and move it there when it is whole."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"There is something at {target} already; choose another place for the pack.")
    draft = target.with_name(f".{uuid.uuid4().hex}{SUFFIX}")
    try:
        with Library.create(draft, label_set=payload.label_set) as library:
            fill(library, pack, payload, file, watching)
        watching.check()
        if target.exists():
            target.rmdir()
        replace(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
