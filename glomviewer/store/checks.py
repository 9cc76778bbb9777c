"""Looking at a database before and on opening it, without changing a byte."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from glomviewer.store.engine import open_database
from glomviewer.store.errors import DamagedLibrary, NewerLibrary, NotALibrary
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.schema import APPLICATION_ID, SCHEMA_VERSION

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100


def refuse_what_is_no_library(paths: LibraryPaths) -> None:
    """Raises:
    NotALibrary, DamagedLibrary, NewerLibrary: from the header alone; nothing was opened.
    """
    name = paths.folder.name
    if not paths.database.is_file():
        raise NotALibrary(
            f"{paths.folder} is no library: there is no library.sqlite in it; "
            "choose a folder that ends in .glomlib."
        )
    with paths.database.open("rb") as file:
        header = file.read(_HEADER)
    if len(header) < _HEADER or not header.startswith(_MAGIC):
        raise DamagedLibrary(damaged_sentence(paths, "its header is not that of a database"))
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise NotALibrary(f"The database in {name} was not made by glomviewer.")
    version = schema_version(paths.database)
    if version > SCHEMA_VERSION:
        raise NewerLibrary(
            f"The library {name} was written by a newer glomviewer (its format is {version}, this "
            f"program knows {SCHEMA_VERSION}); nothing was changed. Install the newer version."
        )


def schema_version(database: Path) -> int:
    """`user_version`; through SQLite where a log that was left behind may hold a newer one."""
    left_behind = database.with_name(f"{database.name}-wal")
    if left_behind.exists() and left_behind.stat().st_size > 0:
        try:
            with closing(open_database(database, mode="ro")) as connection:
                return int(connection.execute("PRAGMA user_version").fetchone()[0])
        except sqlite3.OperationalError:
            pass  # the folder can't be written to, so the log can't be read: ask the header
    with database.open("rb") as file:
        return int.from_bytes(file.read(_HEADER)[60:64], "big")


def quick_check(connection: Connection, paths: LibraryPaths) -> None:
    """Raises:
    DamagedLibrary: the database is not sound.
    """
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        raise DamagedLibrary(damaged_sentence(paths, str(found)))


def damaged_sentence(paths: LibraryPaths, why: str) -> str:
    # SQLite says why in several lines.
    why = " ".join(why.split())
    return (
        f"The database of {paths.folder.name} is damaged ({why}); restore a backup with "
        f"`glomviewer restore {paths.folder.name}` or in the window."
    )
