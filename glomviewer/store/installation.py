"""Who this installation is in the logs, so that logs of several machines can be told apart."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from sqlalchemy import Connection

from glomviewer.paths import config_dir
from glomviewer.store import clock


def installation_id() -> str:
    """The id of this user's installation, made on its first use and kept in the settings."""
    file = config_dir() / "installation"
    known = _read(file)
    if known:
        return known
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = uuid.uuid4().hex
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(fresh, encoding="utf-8")
    try:
        # Two first starts at once must agree: the first name that is there stays.
        os.link(draft, file)
    except FileExistsError:
        pass
    except OSError:
        draft.replace(file)
        return fresh
    draft.unlink(missing_ok=True)
    return _read(file) or fresh


def _read(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
    return text if len(text) == 32 else ""


def current_origin(connection: Connection, installation: str) -> tuple[int, str] | None:
    """(row id, uuid) of the origin under which this installation writes to this library."""
    row = connection.exec_driver_sql(
        "SELECT id, uuid FROM origins WHERE installation = ? ORDER BY id DESC LIMIT 1",
        (installation,),
    ).one_or_none()
    return None if row is None else (int(row[0]), str(row[1]))


def start_origin(connection: Connection, installation: str) -> tuple[int, str]:
    """A new origin for this installation, whose sequence starts at 1.

    Called for a library that it has not written to yet, and after a backup was restored: the
    sequence numbers after the backup may be known elsewhere and must not be given out again. Its
    name is its own, since one installation writes to several libraries whose logs may meet.
    """
    name = uuid.uuid4().hex
    cursor = connection.exec_driver_sql(
        "INSERT INTO origins (uuid, installation, started_at) VALUES (?, ?, ?)",
        (name, installation, clock.now()),
    )
    return int(cursor.lastrowid or 0), name
