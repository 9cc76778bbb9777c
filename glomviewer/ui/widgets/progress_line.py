"""A hairline that says how far something is."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from glomviewer.ui.colours import accent_of, colours_of


class ProgressLine(QWidget):
    """`share` from 0 to 1; None while nobody knows, drawn as an empty line: nothing blinks."""

    def __init__(
        self, parent: QWidget | None = None, *, height: int = 2, quiet: bool = False
    ) -> None:
        super().__init__(parent)
        self._quiet = quiet
        self._share: float | None = 0.0
        self.setFixedHeight(height)
        self.setAccessibleName("Progress")

    @property
    def share(self) -> float | None:
        return self._share

    def set_share(self, share: float | None) -> None:
        self._share = share
        text = "" if share is None else f"{share * 100:.0f} %"
        self.setAccessibleDescription(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = colours_of(self)
        painter.fillRect(self.rect(), QColor(colours.bar_ground))
        if self._share is not None:
            width = round(self.width() * min(1.0, max(0.0, self._share)))
            colour = QColor(colours.secondary) if self._quiet else accent_of(self)
            painter.fillRect(0, 0, width, self.height(), colour)
