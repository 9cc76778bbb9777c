"""Connections to library.sqlite with the settings that its promises rest on."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 10.0
SYNCHRONOUS = "FULL"
"""What was said to be saved outlasts a power cut."""


def open_database(database: Path, *, mode: str) -> sqlite3.Connection:
    """A bare connection; `mode` is SQLite's: ro, rw or rwc."""
    options = f"mode={mode}"
    if mode == "ro" and not os.access(database.parent, os.W_OK):
        # Without a place for its shared memory SQLite reads a database in WAL mode only if it
        # may take it that nobody writes, which holds where nobody can.
        options += "&immutable=1"
    return sqlite3.connect(
        f"{database.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def make_engine(
    database: Path, *, read_only: bool, journal: str = "WAL", references: bool = True
) -> Engine:
    """An engine whose every transaction is explicit. Without `references`, tables that others
    refer to can be built anew; whoever does that looks at the references afterwards.

    A transaction of `writing(engine)` begins IMMEDIATE, so that two writers wait for each other
    at its start instead of failing in its middle; all others are snapshots for reading.
    """
    mode = "ro" if read_only else "rw"
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: open_database(database, mode=mode),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        pool_reset_on_return="rollback",
    )

    @event.listens_for(engine, "connect")
    def _on_connected(connection: sqlite3.Connection, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={'ON' if references else 'OFF'}")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA cache_size=-16384")
        if not read_only:
            cursor.execute(f"PRAGMA journal_mode={journal}")
            cursor.execute(f"PRAGMA synchronous={SYNCHRONOUS}")
            # A label writes a dozen pages; copying the log back every 1,000 pages, as is usual,
            # would make one key press in a hundred wait for it.
            cursor.execute("PRAGMA wal_autocheckpoint=4000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begun(connection: Connection) -> None:
        write = connection.get_execution_options().get("glom_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def writing(engine: Engine) -> Engine:
    """The same pool, for transactions that write."""
    return engine.execution_options(glom_write=True)
