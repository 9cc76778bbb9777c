"""The zip under a pack, of which nothing is believed: stored members of a plain size only."""

from __future__ import annotations

import errno
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from glomviewer.store.packs.errors import DamagedPack, NotAPack, PackUnreadable

_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")

# What zipfile raises on forged and damaged files, beside OSError.
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    LookupError,
    OverflowError,
    MemoryError,
    struct.error,
)


class Archive:
    """Members of a zip by name, read in pieces. Nothing is ever unpacked to a place of its own
    choice, and nothing is inflated: a member takes no more bytes than the file has."""

    def __init__(self, path: Path) -> None:
        """Raises NotAPack, DamagedPack, PackUnreadable."""
        self._name = path.name
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise _unreadable(path.name, error) from error
        try:
            self._zip = self._opened()
            self._members = self._listed()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    @property
    def names(self) -> set[str]:
        return set(self._members)

    def size(self, name: str) -> int | None:
        """Bytes of a member; None if it is not there."""
        info = self._members.get(name)
        return None if info is None else info.file_size

    def pieces(self, name: str, size: int) -> Iterator[bytes]:
        """The member's bytes, `size` at a time.

        Raises:
            DamagedPack, PackUnreadable: also after some pieces.
        """
        try:
            with self._zip.open(self._members[name]) as stream:
                while piece := stream.read(size):
                    yield piece
        except _DAMAGE as error:
            raise damaged(self._name) from error
        except OSError as error:
            raise _unreadable(self._name, error) from error

    def _opened(self) -> zipfile.ZipFile:
        try:
            start = self._file.read(4)
            if start not in _SIGNS:
                raise NotAPack(
                    f"{self._name} is no pack of this program; choose a file that ends in "
                    ".glompack, .glomreturn, .glomlabels or .glommodel."
                )
            return zipfile.ZipFile(self._file)
        except _DAMAGE as error:
            raise damaged(self._name) from error
        except OSError as error:
            raise _unreadable(self._name, error) from error

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            stored = info.compress_type == zipfile.ZIP_STORED
            if not stored or info.compress_size != info.file_size or info.flag_bits & 0x1:
                raise DamagedPack(
                    f"{self._name} holds a member that no pack has (compressed or locked on its "
                    "own); ask its sender to write it again."
                )
            if info.filename in members:
                raise DamagedPack(f"{self._name} holds {info.filename!r} twice; ask for it again.")
            members[info.filename] = info
        self._file.seek(0, 2)
        if sum(info.file_size for info in members.values()) > self._file.tell():
            raise DamagedPack(f"{self._name} holds more than fits into it; ask for it again.")
        return members


def damaged(name: str) -> DamagedPack:
    return DamagedPack(f"{name} is incomplete or damaged; copy it again or ask for it again.")


def _unreadable(name: str, error: OSError) -> PackUnreadable | DamagedPack:
    if error.errno == errno.EINVAL:
        # A forged or cut table of the zip sends zipfile to a place before the file's beginning.
        return damaged(name)
    return PackUnreadable(
        f"{name} can't be read ({error.strerror or error}); see whether it is there and may be "
        "read."
    )
