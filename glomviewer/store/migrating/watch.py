"""How a migration tells how far it is and how long yet, and hears that it is no longer wanted."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alembic import op
from sqlalchemy.exc import DatabaseError

from glomviewer.store.import_values import (
    Cancelled,
    ImportCancelled,
    ImportProgress,
    Progress,
    never_cancelled,
    no_progress,
)

WATCH = "watch"
"""Under which name the revisions find it among Alembic's attributes."""

COPYING, LOG, JOURNAL, DERIVING, CHECKING = (
    "Copying the library",
    "Rewriting decisions",
    "Writing the journal",
    "Deriving labels",
    "Checking",
)
_SHARES = {COPYING: 0.1, LOG: 0.12, JOURNAL: 0.23, DERIVING: 0.4, CHECKING: 0.15}
"""Of the time that all of it takes, as measured with a million decisions."""

_SURE_AFTER = 1.0
"""Seconds before which nobody can say how long the rest will take."""
_INSTRUCTIONS = 200_000
"""Of SQLite's between two looks at whether to stop: some milliseconds."""


class MigrationWatch:
    """The stages of a migration, one after the other; what of them falls out is passed over."""

    def __init__(
        self,
        progress: Progress = no_progress,
        cancelled: Cancelled = never_cancelled,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._progress, self._cancelled, self._clock = progress, cancelled, clock
        self._start = clock()

    def tell(self, stage: str, done: int, total: int) -> None:
        """So much of a stage is done.

        Raises:
            ImportCancelled: somebody has said so.
        """
        self.check()
        step = list(_SHARES).index(stage) + 1
        told = f"{stage} (step {step} of {len(_SHARES)})"
        self._progress(ImportProgress(told, done, total, self._seconds_left(stage, done, total)))

    def check(self) -> None:
        """Raises:
        ImportCancelled: somebody has said so.
        """
        if self._cancelled():
            raise ImportCancelled

    @contextmanager
    def stopping(self, connection: sqlite3.Connection) -> Iterator[None]:
        """While the block runs, a statement that takes long is given up as well.

        Raises:
            ImportCancelled: somebody has said so while one ran.
        """
        connection.set_progress_handler(self._cancelled, _INSTRUCTIONS)
        try:
            yield
        except DatabaseError:
            # A statement that was given up fails like a broken one; only the asker knows better.
            self.check()
            raise
        finally:
            connection.set_progress_handler(None, 0)

    def _seconds_left(self, stage: str, done: int, total: int) -> float | None:
        share = 0.0
        for name, part in _SHARES.items():
            if name == stage:
                share += part * (done / total if total else 0.0)
                break
            share += part
        passed = self._clock() - self._start
        if passed < _SURE_AFTER or not share:
            return None
        return passed * (1.0 - share) / share


def watch_of_migration() -> MigrationWatch:
    """The watch of the migration that runs now, within a revision."""
    config = op.get_context().config
    watch = None if config is None else config.attributes.get(WATCH)
    return watch if isinstance(watch, MigrationWatch) else MigrationWatch()
