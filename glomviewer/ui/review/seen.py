"""Remembers which patches a reader has looked at, a few at a time."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from glomviewer.jobs import operations
from glomviewer.jobs.session import Session

GATHER_MS = 700
"""Patches passed in this time are written together, so that walking writes rarely."""


class SeenPatches(QObject):
    """Gathers patches whose full image was on the screen and tells the library."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: dict[int, None] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHER_MS)
        self._timer.timeout.connect(self.flush)

    def add(self, patch: int) -> None:
        if self._session.read_only or self._session.reader is None:
            return
        rows = self._session.table.rows_of((patch,))
        if len(rows) and not bool(self._session.table["seen"][rows[0]]):
            self._waiting[patch] = None
            self._timer.start()

    def flush(self) -> None:
        """Write what has gathered."""
        self._timer.stop()
        patches, self._waiting = list(self._waiting), {}
        if patches and self._session.reader is not None:
            self._session.run(
                partial(operations.mark_seen, reader=self._session.reader.id, patches=patches)
            )
