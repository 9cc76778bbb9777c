"""What a full or failing disk keeps from a library, told as that: nothing of it is damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError

from glomviewer.store.errors import DiskTrouble

_WHY = {
    sqlite3.SQLITE_FULL: "its disk is full; make room and try again",
    sqlite3.SQLITE_IOERR: "its disk is full or fails; see to it and try again",
    sqlite3.SQLITE_CANTOPEN: "its files can't be opened; see to its disk and its rights",
    sqlite3.SQLITE_READONLY: "it may not be written to; see to its rights",
    sqlite3.SQLITE_PERM: "it may not be written to; see to its rights",
    sqlite3.SQLITE_BUSY: "another program holds it; close that one and try again",
}
_PRIMARY = 0xFF
"""What a cause is in an extended code of SQLite."""


def disk_trouble(error: BaseException, name: str) -> DiskTrouble | None:
    """What to tell of an error about the library of this name; None where it is not the disk's."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    code = getattr(cause, "sqlite_errorcode", 0)
    why = _WHY.get(code & _PRIMARY)
    if why is None:
        return None
    return DiskTrouble(
        f"The library {name} could not be written: {why}. What had been saved before is kept."
    )


@contextmanager
def told(name: str) -> Iterator[None]:
    """Raises:
    DiskTrouble: for what SQLite raised because of the disk.
    """
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        trouble = disk_trouble(error, name)
        if trouble is None:
            raise
        raise trouble from error
