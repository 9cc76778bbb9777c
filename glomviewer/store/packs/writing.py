"""Writing a pack: members stream into a draft, which gets the pack's name when it is whole."""

from __future__ import annotations

import hashlib
import os
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glomviewer.store.packs.encryption import EncryptionHeader, PackCipher
from glomviewer.store.packs.errors import PackCancelled, PackUnwritable
from glomviewer.store.packs.keys import SigningKey
from glomviewer.store.packs.manifest import (
    ENCRYPTION_NAME,
    FIRST_MEMBER,
    MANIFEST_LIMIT,
    MANIFEST_NAME,
    MANIFEST_NUMBER,
    SIGNATURE_NAME,
    SIGNATURE_NUMBER,
    Manifest,
    MemberEntry,
    PackKind,
    name_objection,
)
from glomviewer.store.packs.signature import signature_of
from glomviewer.store.passphrases import DEFAULT_COST, KdfCost, passphrase_objection
from training.atomic import replace

Progress = Callable[[int], None]
"""Told how many members are done."""
Cancelled = Callable[[], bool]

_PIECE = 1024 * 1024
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a pack. `content`: bytes, a file to be copied from disk, or a stream of bytes."""

    name: str
    content: bytes | Path | Iterable[bytes]


@dataclass(frozen=True, slots=True)
class PackHead:
    """What pack.json will say. `payload` is looked at when the last member has been written."""

    kind: PackKind
    uuid: str
    made_at: int
    program: str
    payload: Mapping[str, Any]


def no_progress(_done: int) -> None:
    pass


def never_cancelled() -> bool:
    return False


def write_pack(
    path: Path,
    head: PackHead,
    members: Iterable[Member],
    key: SigningKey,
    *,
    passphrase: str = "",
    cost: KdfCost = DEFAULT_COST,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> Manifest:
    """Write a signed pack in the order of `members`, one of which is in memory at a time.

    The same input gives the same bytes, unless a passphrase is given. Whatever goes wrong,
    nothing is left behind, and a pack that was there stays.

    Raises:
        PackUnwritable: the disk refuses, the passphrase is too short, or what is to be written
            could not be read again.
        PackCancelled: `cancelled` said so.
    """
    if passphrase and (objection := passphrase_objection(passphrase)):
        raise PackUnwritable(objection)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with draft.open("xb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                sink = _sink(archive, passphrase, cost)
                manifest = _write(sink, head, members, key, progress, cancelled)
            file.flush()
            os.fsync(file.fileno())
        if cancelled():
            raise PackCancelled
        replace(draft, path)
    except OSError as error:
        raise PackUnwritable(
            f"{path.name} could not be written ({error.strerror or error}); choose another place "
            "or make room, and try again."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(
    sink: _Sink,
    head: PackHead,
    members: Iterable[Member],
    key: SigningKey,
    progress: Progress,
    cancelled: Cancelled,
) -> Manifest:
    entries: list[MemberEntry] = []
    names: set[str] = set()
    for number, member in enumerate(members):
        if objection := name_objection(member.name, names):
            raise ValueError(f"the member {member.name!r} {objection}")
        names.add(member.name.lower())
        tally = _Tally(member.content, cancelled)
        sink.put(FIRST_MEMBER + number, member.name, tally)
        entries.append(MemberEntry(member.name, tally.size, tally.digest.hexdigest()))
        progress(number + 1)
    manifest = Manifest(
        head.kind, head.uuid, head.made_at, head.program, head.payload, tuple(entries)
    )
    document = manifest.to_bytes()
    if len(document) > MANIFEST_LIMIT:
        raise PackUnwritable(f"{len(entries):,} files are too many for one pack; write several.")
    sink.put(MANIFEST_NUMBER, MANIFEST_NAME, [document])
    sink.put(SIGNATURE_NUMBER, SIGNATURE_NAME, [signature_of(document, key)])
    return manifest


class _Tally:
    """Passes pieces on and keeps count of what went by."""

    def __init__(self, content: bytes | Path | Iterable[bytes], cancelled: Cancelled) -> None:
        self._content = content
        self._cancelled = cancelled
        self.size = 0
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces():
            if self._cancelled():
                raise PackCancelled
            self.size += len(piece)
            self.digest.update(piece)
            yield piece

    def _pieces(self) -> Iterable[bytes]:
        if isinstance(self._content, bytes):
            return [self._content]
        return _pieces_of(self._content) if isinstance(self._content, Path) else self._content


def _pieces_of(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except OSError as error:
        raise PackUnwritable(
            f"A file that belongs into the pack can't be read ({error.strerror or error}); see "
            "whether it is still there and try again."
        ) from error


class _Sink:
    """Members under their own names."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def put(self, number: int, name: str, content: Iterable[bytes]) -> None:  # noqa: ARG002
        self._store(name, content)

    def _store(self, name: str, content: Iterable[bytes]) -> None:
        info = zipfile.ZipInfo(name, _LONG_AGO)
        info.create_system = 3
        info.external_attr = 0o600 << 16
        with self._archive.open(info, "w", force_zip64=True) as target:
            for piece in content:
                target.write(piece)


class _EncryptedSink(_Sink):
    """Members under their numbers, and how they were encrypted in clear."""

    def __init__(self, archive: zipfile.ZipFile, passphrase: str, cost: KdfCost) -> None:
        super().__init__(archive)
        header = EncryptionHeader.fresh(cost)
        self._cipher = PackCipher(passphrase, header)
        self._store(ENCRYPTION_NAME, [header.to_bytes()])

    def put(self, number: int, name: str, content: Iterable[bytes]) -> None:  # noqa: ARG002
        self._store(str(number), self._cipher.encrypt(number, content))


def _sink(archive: zipfile.ZipFile, passphrase: str, cost: KdfCost) -> _Sink:
    if not passphrase:
        return _Sink(archive)
    return _EncryptedSink(archive, passphrase, cost)
