"""Where the run stands on the page: first while it matters, last once it is past."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.records import RunRecord
from glomviewer.jobs.run_status import RunStatus


class RunPlace:
    """Two places in the column. The card moves when the page is come to, or by a reader's own
    Train; never under his eyes because a run has ended."""

    def __init__(self, card: QWidget) -> None:
        self._card = card
        self.top, self.bottom = _Place(), _Place()
        self.bottom.take(card)
        self.top.hide()

    def settle(self, run: RunRecord | None, status: RunStatus) -> None:
        """Put it where one would look for it now."""
        past = run is None or run.state == "finished" or status.state == "finished"
        self._put(self.bottom if past else self.top)

    def to_the_top(self) -> None:
        self._put(self.top)

    def _put(self, place: _Place) -> None:
        if self._card.parentWidget() is place:
            return
        hidden = self._card.isHidden()
        place.take(self._card)
        self._card.setVisible(not hidden)
        self.top.setVisible(place is self.top)
        self.bottom.setVisible(place is self.bottom)


class _Place(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def take(self, card: QWidget) -> None:
        self._layout.addWidget(card)
