"""A backup every half hour while something is being changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from glomviewer.domain.changes import Changes
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library

LOOK_EVERY_MS = 5 * 60 * 1000
"""How often to ask whether a backup is due; the library itself knows the half hour."""


class AutoBackup(QObject):
    """Backs up off the window's thread. A backup that fails is told; the work goes on."""

    def __init__(self, session: Session, *, every_ms: int = LOOK_EVERY_MS) -> None:
        super().__init__(session)
        self._session = session
        self._looking = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        if not session.read_only:
            self._timer.start(every_ms)

    def look(self) -> None:
        """Back up now where it is due."""
        if not self._looking:
            self._looking = True
            self._session.ask(_back_up_if_due, self._on_looked, failed=self._on_failed)

    def _on_failed(self, sentence: str) -> None:
        self._looking = False
        self._session.failed.emit(sentence)

    def _on_looked(self, changes: Changes) -> None:
        self._looking = False
        if changes:
            self._session.changed.emit(changes)


def _back_up_if_due(library: Library) -> Changes:
    return library.backup_if_due()
