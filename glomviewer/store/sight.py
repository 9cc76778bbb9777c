"""What a reader may see while he reads independently: a property of every query, not of widgets.

Whoever reads through `Library.read` gets a connection on which temporary views stand before the
tables (see `sight_views`); connections that write, and those of work whose answer reaches no
reader, are others and never have them.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, event

from glomviewer.store import pending, schema, sight_views
from glomviewer.store.engine import make_engine
from glomviewer.store.errors import Refused
from glomviewer.store.id_list import IDS, id_list

_VIEWER = "glom_viewer"
_FILLED = "glom_pending"

_READ_NOW = f"""
SELECT count(DISTINCT p.patch_id), min(g.name) FROM pending p JOIN readings g
ON g.id = p.reading_id WHERE p.reader_id = ? AND p.patch_id IN {IDS}
"""


class BlindedReads:
    """Connections for the reader in front of the screen, for as long as he is the same."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._viewer: int | None = None
        self._engine: Engine | None = None

    @contextmanager
    def connection(self, viewer: int) -> Iterator[Connection]:
        """A snapshot of the library as this reader may see it."""
        engine = self._of(viewer)
        while True:
            with engine.connect() as connection:
                _fill(connection, viewer)
                # The snapshot begins here, and what is pending may have changed just before.
                if pending.version(connection) == connection.info[_FILLED]:
                    yield connection
                    return

    def close(self) -> None:
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = self._viewer = None

    def _of(self, viewer: int) -> Engine:
        with self._lock:
            if self._engine is None or self._viewer != viewer:
                if self._engine is not None:
                    self._engine.dispose()
                self._engine, self._viewer = _blinded(self._database, viewer), viewer
            return self._engine


def _blinded(database: Path, viewer: int) -> Engine:
    engine = make_engine(database, read_only=True)
    columns = {table.name: table.columns.keys() for table in schema.metadata.sorted_tables}
    wanted = (*sight_views.TABLES, *sight_views.statements(viewer, columns))

    @event.listens_for(engine, "connect")
    def _on_connected(connection: Any, _record: Any) -> None:
        for statement in wanted:
            connection.execute(statement)

    return engine.execution_options(**{_VIEWER: viewer})


def _fill(connection: Connection, viewer: int) -> None:
    """Bring the tables behind the views up to date, in a transaction before that of the reader:
    at the end of his they would be rolled back."""
    driver: Any = connection.connection.driver_connection
    assert driver is not None
    driver.execute("BEGIN")
    try:
        row = driver.execute(
            "SELECT value FROM main.settings WHERE key = ?", (pending.VERSION,)
        ).fetchone()
        version = row[0] if row else ""
        if connection.info.get(_FILLED) != version:
            for statement in sight_views.FILL:
                driver.execute(statement.replace("{viewer}", str(int(viewer))))
    except BaseException:
        driver.execute("ROLLBACK")
        raise
    driver.execute("COMMIT")
    connection.info[_FILLED] = version


def is_blinded(connection: Connection, viewer: int) -> bool:
    """Whether there are patches of which this reader may know nothing yet."""
    row = connection.exec_driver_sql(
        "SELECT 1 FROM pending WHERE reader_id = ? LIMIT 1", (viewer,)
    ).first()
    return row is not None


def hidden_calls(connection: Connection) -> NDArray[np.int64]:
    """Patches whose model's call whoever asks on this connection may not know yet, by id."""
    if connection.get_execution_options().get(_VIEWER) is None:
        return np.zeros(0, dtype=np.int64)
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT patch_id FROM pending WHERE call_told = 0 ORDER BY patch_id"
    )
    return np.array(rows.scalars().all(), dtype=np.int64)


def keeps_call(connection: Connection, reader: int, patch: int) -> bool:
    """Whether a reading keeps the model's call of this patch from this reader, even where another
    reading of his would show it."""
    row = connection.exec_driver_sql(
        "SELECT 1 FROM pending WHERE reader_id = ? AND patch_id = ? AND call_told = 0 LIMIT 1",
        (reader, patch),
    ).first()
    return row is not None


def kept_by_others(connection: Connection, reader: int, reading: int) -> set[int]:
    """The patches whose call other readings than this one keep from this reader."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT patch_id FROM pending "
        "WHERE reader_id = ? AND reading_id <> ? AND call_told = 0",
        (reader, reading),
    )
    return set(rows.scalars())


def hidden_patches(connection: Connection, viewer: int, patches: Collection[int]) -> set[int]:
    """Those of these patches of which this reader may know nothing yet."""
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT patch_id FROM pending WHERE reader_id = ? AND patch_id IN {IDS}",
        (viewer, id_list(patches)),
    )
    return set(rows.scalars())


def still_read_in(connection: Connection, reader: int, patch: int) -> str:
    """The name of a reading in which this reader still reads the patch independently, or ""."""
    if not is_blinded(connection, reader):
        return ""
    _, name = connection.exec_driver_sql(_READ_NOW, (reader, id_list([patch]))).one()
    return str(name or "")


def refuse_while_reading(connection: Connection, reader: int, patches: Collection[int]) -> None:
    """A patch that somebody still reads independently is decided on in the reading alone, since
    any answer given elsewhere could tell what others have said.

    Raises:
        Refused: one of them is pending for this reader.
    """
    if not is_blinded(connection, reader):
        return
    number, name = connection.exec_driver_sql(_READ_NOW, (reader, id_list(patches))).one()
    if number:
        what = "This patch is" if len(patches) == 1 else f"{number:,} of these patches are"
        raise Refused(
            f"{what} still to be read independently in {name}; decide on it there, and finish "
            "that reading first for anything else. Nothing was changed."
        )
