"""A box to choose from, drawn like the buttons beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView, QWidget

from glomviewer.ui.colours import accent_of, colours_of

HEIGHT = 30
PADDING = 10
ARROW_ROOM = 28


class Chooser(QComboBox):
    """A combo box that the wheel changes only while it has the focus."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setView(QListView(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setFixedHeight(HEIGHT)

    def choose(self, data: object) -> None:
        """Show the entry with these data, where there is one."""
        place = self.findData(data)
        if place >= 0:
            self.setCurrentIndex(place)

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        texts = [self.itemText(place) for place in range(self.count())] or [""]
        widest = max(self.fontMetrics().horizontalAdvance(text) for text in texts)
        return QSize(widest + PADDING + ARROW_ROOM + 2, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 96), HEIGHT)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = accent_of(self) if self.hasFocus() else QColor(colours.line)
        painter.setPen(QPen(frame, 1))
        painter.setBrush(QColor(colours.hover if self.underMouse() else colours.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.secondary))
        area = self.rect().adjusted(PADDING, 0, -ARROW_ROOM, 0)
        text = painter.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.setPen(QPen(QColor(colours.secondary), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x, y = self.width() - ARROW_ROOM / 2, self.height() / 2
        painter.drawPolyline(
            QPolygonF([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])
        )
