"""What can be wrong with a library, each as one sentence that says what to do."""

# ruff: noqa: N818 - they name what is the matter, as the sentences do.

from __future__ import annotations


class LibraryError(Exception):
    """Something about a library that its user can understand and act upon."""


class NotALibrary(LibraryError):
    """The folder holds no library of this program."""


class NewerLibrary(LibraryError):
    """A newer version of the program wrote the library; it has not been touched."""


class NetworkDrive(LibraryError):
    """The library lies where SQLite's locks can't be trusted."""


class ReadOnly(LibraryError):
    """The library was opened for reading only, usually because somebody else writes to it."""


class DamagedLibrary(LibraryError):
    """The database can't be read as it should; a backup may be restored."""


class DiskTrouble(LibraryError):
    """The disk is full, fails or may not be written to; the library itself is sound."""


class NothingToUndo(LibraryError):
    """The reader has no gesture left to undo or to redo."""


class UnknownRecord(LibraryError):
    """A patch, reader, model or run was named that the library does not have."""


class Refused(LibraryError):
    """The operation would break a rule of the library, so nothing was changed."""
