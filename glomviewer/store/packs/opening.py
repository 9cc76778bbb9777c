"""Opening a pack: nothing of it is handed out before signature and digest have been checked."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from glomviewer.store.packs.archive import Archive, damaged
from glomviewer.store.packs.errors import DamagedPack, PackCancelled, PackUnwritable, WrongKind
from glomviewer.store.packs.keys import fingerprint
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
    read_manifest,
)
from glomviewer.store.packs.signature import SIGNATURE_LIMIT, signer_of
from glomviewer.store.packs.sources import Source, open_source
from glomviewer.store.packs.writing import Cancelled, Progress, never_cancelled, no_progress
from training.atomic import replace


class Pack:
    """A pack whose table of contents is signed by `signer` (a public key, 32 bytes).

    Members are checked against it when they are read; `check` reads all of them.
    """

    def __init__(self, path: Path, source: Source) -> None:
        """Raises PackError."""
        self._file = path.name
        self._source = source
        document = self._small(MANIFEST_NUMBER, MANIFEST_NAME, MANIFEST_LIMIT)
        self.manifest: Manifest = read_manifest(document, self._file)
        signature = self._small(SIGNATURE_NUMBER, SIGNATURE_NAME, SIGNATURE_LIMIT)
        self.signer: bytes = signer_of(document, signature, self._file)
        self.digest: str = hashlib.sha256(document).hexdigest()
        self.encrypted: bool = source.encrypted
        self._members = {
            entry.name: (number, entry)
            for number, entry in enumerate(self.manifest.members, start=FIRST_MEMBER)
        }
        self._check_members()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._source.close()

    @property
    def fingerprint(self) -> str:
        """Of the key that signed it."""
        return fingerprint(self.signer)

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def read(self, name: str) -> bytes:
        """A member's bytes.

        Raises:
            DamagedPack: it has no such member, or not the one that was signed.
            PackUnreadable: the file can't be read any longer.
        """
        return b"".join(self._checked(name))

    def copy(self, name: str, target: Path, *, durable: bool = True) -> None:
        """Write a member to a file, a piece in memory at a time; `target` appears whole or not.

        `durable` waits for the disk; not needed for the many files of a folder that is thrown
        away unless it is finished.

        Raises:
            DamagedPack, PackUnreadable: as `read`.
            PackUnwritable: the target's disk refuses.
        """
        draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        try:
            with draft.open("xb") as file:
                for piece in self._checked(name):
                    file.write(piece)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            replace(draft, target)
        except OSError as error:
            raise PackUnwritable(
                f"{target.name} could not be written ({error.strerror or error}); make room or "
                "choose another place, and try again."
            ) from error
        finally:
            draft.unlink(missing_ok=True)

    def check(
        self, *, progress: Progress = no_progress, cancelled: Cancelled = never_cancelled
    ) -> None:
        """Read every member and compare it with what was signed.

        Raises:
            DamagedPack, PackUnreadable, PackCancelled
        """
        for done, name in enumerate(self._members, start=1):
            for _piece in self._checked(name):
                if cancelled():
                    raise PackCancelled
            progress(done)

    def _small(self, number: int, name: str, limit: int) -> bytes:
        size = self._source.size(number, name)
        if size is None or not 0 < size <= limit:
            raise damaged(self._file)
        return b"".join(self._source.pieces(number, name))

    def _checked(self, name: str) -> Iterator[bytes]:
        """Its consumer must use nothing before the last piece has come."""
        if name not in self._members:
            raise DamagedPack(f"{self._file} has no member {name}; ask for it again.")
        number, entry = self._members[name]
        digest = hashlib.sha256()
        for piece in self._source.pieces(number, name):
            digest.update(piece)
            yield piece
        if digest.hexdigest() != entry.sha256:
            raise self._altered(entry)

    def _check_members(self) -> None:
        if self._source.extra([(number, name) for name, (number, _) in self._members.items()]):
            raise DamagedPack(
                f"{self._file} holds members that were not signed; use nothing of it and ask its "
                "sender for a new one."
            )
        for number, entry in self._members.values():
            if self._source.size(number, entry.name) != entry.size:
                raise self._altered(entry)

    def _altered(self, entry: MemberEntry) -> DamagedPack:
        return DamagedPack(
            f"{self._file} is damaged or was altered: {entry.name} is not what was signed; copy "
            "it again or ask its sender for a new one."
        )


def open_pack(path: Path, *, kind: PackKind | None = None, passphrase: str = "") -> Pack:
    """Open a pack and check its signature; of a wrong `kind` it is refused.

    Raises:
        PassphraseNeeded, WrongPassphrase: it is encrypted.
        PackError: every other thing that can be wrong with it, see errors.py.
    """
    archive = Archive(path)
    try:
        pack = Pack(path, open_source(archive, path.name, passphrase))
        if kind is not None and pack.manifest.kind is not kind:
            raise WrongKind(
                f"{path.name} is a {pack.manifest.kind.noun}, and a {kind.noun} is wanted here."
            )
    except BaseException:
        archive.close()
        raise
    return pack


def is_encrypted(path: Path) -> bool:
    """Whether a passphrase will be needed.

    Raises:
        NotAPack, DamagedPack, PackUnreadable
    """
    archive = Archive(path)
    try:
        return ENCRYPTION_NAME in archive.names
    finally:
        archive.close()
