"""The logits of one model, in a file of their own beside the library.

They can be made again, so this database is not the library's: it is written in bulk, and a
model's removal deletes it.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from glomviewer.store.engine import open_database
from glomviewer.store.errors import DamagedLibrary

T = TypeVar("T")

_NONE = 1e300
"""Stands for NULL on the way into an array; no logit is that large."""


def store(
    file: Path,
    rows: Iterable[tuple[int, float | None, str]],
    out_of_fold: Mapping[int, float] | None,
) -> int:
    """Write (patch, raw logit or None, error) rows in one transaction; how many there were.

    `out_of_fold` are raw logits of a model that has not seen the patch; they are added to
    whatever else is known of it.
    """
    file.parent.mkdir(exist_ok=True)
    with closing(open_database(file, mode="rwc")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS prediction "
            "(patch INTEGER PRIMARY KEY, logit REAL, out_of_fold REAL, error TEXT)"
        )
        before = connection.total_changes
        connection.executemany(
            "INSERT INTO prediction (patch, logit, error) VALUES (?, ?, ?) ON CONFLICT (patch) "
            "DO UPDATE SET logit = excluded.logit, error = excluded.error",
            ((patch, _finite(logit), error) for patch, logit, error in rows),
        )
        written = connection.total_changes - before
        connection.executemany(
            "INSERT INTO prediction (patch, out_of_fold, error) VALUES (?, ?, '') "
            "ON CONFLICT (patch) DO UPDATE SET out_of_fold = excluded.out_of_fold",
            ((patch, _finite(logit)) for patch, logit in (out_of_fold or {}).items()),
        )
        connection.execute("COMMIT")
    return written


def _finite(logit: float | None) -> float | None:
    return float(logit) if logit is not None and math.isfinite(logit) else None


def logits(
    file: Path, *, without: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """(patches in ascending order, raw logits, raw out-of-fold logits), NaN where there is none.
    Nothing is told of the patches in `without`, such as those of `sight.hidden_calls`.

    Raises:
        DamagedLibrary: the file can't be read; it may be deleted and predicted again.
    """

    def read(connection: sqlite3.Connection) -> NDArray[np.float64]:
        cursor = connection.execute(
            f"SELECT patch, coalesce(logit, {_NONE!r}), coalesce(out_of_fold, {_NONE!r}) "
            "FROM prediction ORDER BY patch"
        )
        flat = chain.from_iterable(iter(cursor.fetchone, None))
        return np.fromiter(flat, dtype=np.float64).reshape(-1, 3)

    values = _asked(file, read, np.zeros((0, 3)))
    values[values == _NONE] = np.nan
    if len(without):
        values = values[~np.isin(values[:, 0], without)]
    return values[:, 0].astype(np.int64), values[:, 1], values[:, 2]


def logits_of(file: Path, patch: int) -> tuple[float | None, float | None]:
    """(raw logit, raw out-of-fold logit) of one patch.

    Raises:
        DamagedLibrary: the file can't be read.
    """

    def read(connection: sqlite3.Connection) -> tuple[float | None, float | None]:
        row = connection.execute(
            "SELECT logit, out_of_fold FROM prediction WHERE patch = ?", (patch,)
        ).fetchone()
        return (None, None) if row is None else (row[0], row[1])

    return _asked(file, read, (None, None))


def known(file: Path) -> set[int]:
    """The patches that have a logit or a reason why there is none."""

    def read(connection: sqlite3.Connection) -> set[int]:
        rows = connection.execute(
            "SELECT patch FROM prediction WHERE logit IS NOT NULL OR coalesce(error, '') <> ''"
        )
        return {row[0] for row in rows}

    return _asked(file, read, set())


def failures(file: Path) -> dict[int, str]:
    """Why patches have no prediction."""

    def read(connection: sqlite3.Connection) -> dict[int, str]:
        rows = connection.execute(
            "SELECT patch, error FROM prediction WHERE coalesce(error, '') <> '' ORDER BY patch"
        )
        return dict(rows.fetchall())

    return _asked(file, read, {})


def remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)


def _asked(file: Path, question: Callable[[sqlite3.Connection], T], nothing: T) -> T:
    if not file.is_file():
        return nothing
    try:
        with closing(open_database(file, mode="ro")) as connection:
            return question(connection)
    except sqlite3.DatabaseError as error:
        if "no such table" in str(error):
            return nothing
        raise DamagedLibrary(
            f"The predictions in {file.name} can't be read ({error}); delete the file and "
            "predict again."
        ) from error
