"""The intervals by case at a line that has come to rest, drawn beside the window's thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from glomviewer.domain.thresholds.counts import Intervals
from glomviewer.domain.thresholds.intervals import GroupDraws
from glomviewer.jobs.session import Session
from glomviewer.ui.threshold_desk.standing import Standing, intervals_at

REST_MS = 120
"""How long the line has to rest before cases are drawn again and again."""


class SettledIntervals(QObject):
    """`settled` carries the standing, the threshold and its intervals."""

    settled = Signal(object, float, object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._standing: Standing | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._on_rest)

    def follow(self, standing: Standing) -> None:
        """The line has moved: draw once it rests."""
        self._standing = standing
        self._rest.start()

    def _on_rest(self) -> None:
        standing = self._standing
        if standing is not None:
            self._session.compute(
                partial(intervals_at, standing, standing.threshold),
                partial(self._on_drawn, standing, standing.threshold),
                lane="threshold intervals",
            )

    def _on_drawn(
        self, standing: Standing, threshold: float, answer: tuple[GroupDraws, Intervals]
    ) -> None:
        standing.draws, intervals = answer
        self.settled.emit(standing, threshold, intervals)
