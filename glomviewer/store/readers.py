"""The readers of a library."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection

from glomviewer.domain.records import Reader
from glomviewer.store import clock, passphrases
from glomviewer.store.errors import Refused, UnknownRecord


def readers(connection: Connection) -> list[Reader]:
    rows = connection.exec_driver_sql(
        "SELECT id, name, initials, passphrase <> '' FROM readers ORDER BY id"
    )
    return [Reader(row[0], row[1], row[2], bool(row[3])) for row in rows]


def reader(connection: Connection, reader_id: int) -> Reader:
    """Raises:
    UnknownRecord: the library has no such reader.
    """
    row = connection.exec_driver_sql(
        "SELECT id, name, initials, passphrase <> '' FROM readers WHERE id = ?", (reader_id,)
    ).one_or_none()
    if row is None:
        raise UnknownRecord(f"The library has no reader number {reader_id}.")
    return Reader(row[0], row[1], row[2], bool(row[3]))


def add_reader(connection: Connection, name: str, initials: str) -> Reader:
    """Add a reader, or find the one who has this very name and these initials.

    Raises:
        Refused: the name or the initials are empty.
    """
    name, initials = name.strip(), initials.strip()
    if not name or not initials:
        raise Refused("A reader needs a name and initials.")
    known = connection.exec_driver_sql(
        # Merged logs may have brought a namesake.
        "SELECT id FROM readers WHERE name = ? AND initials = ? ORDER BY id LIMIT 1",
        (name, initials),
    ).scalar_one_or_none()
    if known is not None:
        return Reader(id=known, name=name, initials=initials)
    cursor = connection.exec_driver_sql(
        "INSERT INTO readers (uuid, name, initials, added_at) VALUES (?, ?, ?, ?)",
        (uuid.uuid4().hex, name, initials, clock.now()),
    )
    return Reader(id=int(cursor.lastrowid or 0), name=name, initials=initials)


def passphrase_of(connection: Connection, reader_id: int) -> str:
    """The Argon2id text of a reader's passphrase, "" where he has none.

    Raises:
        UnknownRecord: the library has no such reader.
    """
    reader(connection, reader_id)
    return str(
        connection.exec_driver_sql(
            "SELECT passphrase FROM readers WHERE id = ?", (reader_id,)
        ).scalar_one()
    )


def is_passphrase(text: str, kept: str) -> bool:
    """Whether this is the passphrase that was kept; anything is where none was."""
    return not kept or passphrases.check_passphrase(text, kept)


def keep_passphrase(connection: Connection, reader_id: int, kept: str) -> None:
    connection.exec_driver_sql("UPDATE readers SET passphrase = ? WHERE id = ?", (kept, reader_id))


def mark_seen(connection: Connection, reader_id: int, patches: list[int]) -> None:
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO seen (reader_id, patch_id) VALUES (?, ?)",
        [(reader_id, patch) for patch in patches],
    )
