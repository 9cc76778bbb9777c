"""How many readings wait for who is at the screen: a number, and nothing of what is in them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.changes import Changes
from glomviewer.jobs.session import Session


class WaitingReadings(QObject):
    """Belongs to the window."""

    counted = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._session: Session | None = None

    def take(self, session: Session | None) -> None:
        """Count in this library from now on."""
        self._session = session
        self.counted.emit(0)
        if session is not None:
            session.loaded.connect(self._count)
            session.changed.connect(self._on_changed)
            self._count()

    def _on_changed(self, changes: Changes) -> None:
        if changes.readings or changes.readers or changes.packs:
            self._count()

    def _count(self) -> None:
        session = self._session
        if session is None or not session.is_loaded:
            return
        if session.reader is None:
            self.counted.emit(0)
            return
        reader = session.reader.id
        session.ask(
            lambda library: library.waiting_readings(reader),
            self._on_counted,
            lane="waiting readings",
        )

    def _on_counted(self, count: int) -> None:
        self.counted.emit(count)


def waiting_sentence(count: int) -> str:
    """ "" where nothing waits."""
    if not count:
        return ""
    return "1 reading waits for you" if count == 1 else f"{count:,} readings wait for you"
