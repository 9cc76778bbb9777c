"""Members of a plain and of an encrypted pack, asked for in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag

from glomviewer.store.packs.archive import Archive, damaged
from glomviewer.store.packs.encryption import (
    CHUNK,
    HEADER_LIMIT,
    TAG,
    PackCipher,
    content_size,
    read_header,
)
from glomviewer.store.packs.errors import NotAPack, PassphraseNeeded, WrongPassphrase
from glomviewer.store.packs.manifest import (
    ENCRYPTION_NAME,
    MANIFEST_LIMIT,
    MANIFEST_NAME,
    MANIFEST_NUMBER,
    SIGNATURE_NAME,
    SIGNATURE_NUMBER,
)


class Source(Protocol):
    """Where a pack's members come from, by their number and name."""

    encrypted: bool

    def close(self) -> None: ...
    def extra(self, members: list[tuple[int, str]]) -> bool:
        """Whether the file holds more than these, the table of contents and its signature."""
        ...

    def size(self, number: int, name: str) -> int | None:
        """Bytes of content; None if there is no such member."""
        ...

    def pieces(self, number: int, name: str) -> Iterator[bytes]:
        """Raises PackError, also after some pieces."""
        ...


def open_source(archive: Archive, file: str, passphrase: str) -> Source:
    """Raises PassphraseNeeded, WrongPassphrase, NotAPack and what `read_header` raises."""
    if ENCRYPTION_NAME in archive.names:
        return EncryptedSource(archive, file, passphrase)
    if MANIFEST_NAME not in archive.names:
        raise NotAPack(
            f"{file} is no pack of this program; choose a file that ends in .glompack, "
            ".glomreturn, .glomlabels or .glommodel."
        )
    return PlainSource(archive)


class PlainSource:
    """Members under their own names."""

    encrypted = False

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def close(self) -> None:
        self._archive.close()

    def extra(self, members: list[tuple[int, str]]) -> bool:
        known = {name for _, name in members} | {MANIFEST_NAME, SIGNATURE_NAME}
        return not self._archive.names <= known

    def size(self, number: int, name: str) -> int | None:  # noqa: ARG002
        return self._archive.size(name)

    def pieces(self, number: int, name: str) -> Iterator[bytes]:  # noqa: ARG002
        return self._archive.pieces(name, CHUNK)


class EncryptedSource:
    """Members under their numbers, behind a passphrase."""

    encrypted = True

    def __init__(self, archive: Archive, file: str, passphrase: str) -> None:
        """Makes the key, which takes a part of a second by design."""
        self._archive = archive
        self._file = file
        if (archive.size(ENCRYPTION_NAME) or 0) > HEADER_LIMIT:
            raise damaged(file)
        header = read_header(b"".join(archive.pieces(ENCRYPTION_NAME, HEADER_LIMIT)), file)
        if not passphrase:
            raise PassphraseNeeded(f"{file} is encrypted; give the passphrase that belongs to it.")
        self._cipher = PackCipher(passphrase, header)
        self._check_passphrase()

    def close(self) -> None:
        self._archive.close()

    def extra(self, members: list[tuple[int, str]]) -> bool:
        numbers = {MANIFEST_NUMBER, SIGNATURE_NUMBER} | {number for number, _ in members}
        return not self._archive.names <= {ENCRYPTION_NAME, *map(str, numbers)}

    def size(self, number: int, name: str) -> int | None:  # noqa: ARG002
        encrypted = self._archive.size(str(number))
        return None if encrypted is None else content_size(encrypted)

    def pieces(self, number: int, name: str) -> Iterator[bytes]:
        size = self.size(number, name)
        if size is None or size < 0:
            raise damaged(self._file)
        chunks = self._archive.pieces(str(number), CHUNK + TAG)
        try:
            yield from self._cipher.decrypt(number, chunks, size)
        except InvalidTag as error:
            raise damaged(self._file) from error

    def _check_passphrase(self) -> None:
        size = self.size(MANIFEST_NUMBER, MANIFEST_NAME)
        if size is None or not 0 <= size <= MANIFEST_LIMIT:
            raise damaged(self._file)
        chunks = self._archive.pieces(str(MANIFEST_NUMBER), CHUNK + TAG)
        try:
            for _piece in self._cipher.decrypt(MANIFEST_NUMBER, chunks, size):
                pass
        except InvalidTag as error:
            raise WrongPassphrase(
                f"This passphrase does not open {self._file}; type it again, and if it is right, "
                "the file was altered: ask its sender for a new one."
            ) from error
