"""A section of a form that is folded away until one wants it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.ui.colours import accent_of, colours_of

HEIGHT = 32
ARROW_ROOM = 20


class FoldHead(QPushButton):
    """The section's name, how much of it was changed, and an arrow that tells which way."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.remark = ""
        self.setCheckable(True)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(f"Section {title}")
        self.toggled.connect(self._tell)
        self._tell()

    def set_remark(self, remark: str) -> None:
        self.remark = remark
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(ARROW_ROOM + self.fontMetrics().horizontalAdvance(self.text()), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self)
        if self.underMouse():
            painter.fillRect(self.rect(), QColor(colours.hover))
        middle = self.height() / 2
        painter.setPen(QPen(accent_of(self) if self.hasFocus() else QColor(colours.secondary), 1.4))
        if self.isChecked():
            arrow = [QPointF(2, middle - 2), QPointF(6, middle + 2), QPointF(10, middle - 2)]
        else:
            arrow = [QPointF(4, middle - 4), QPointF(8, middle), QPointF(4, middle + 4)]
        painter.drawPolyline(QPolygonF(arrow))
        painter.setPen(QColor(colours.text))
        area = self.rect().adjusted(ARROW_ROOM, 0, 0, 0)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.setPen(accent_of(self) if self.remark else QColor(colours.secondary))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area, int(right), self.remark)
        line = accent_of(self) if self.hasFocus() else QColor(colours.line)
        painter.fillRect(0, self.height() - 1, self.width(), 1, line)

    def _tell(self) -> None:
        state = "unfolded" if self.isChecked() else "folded"
        self.setAccessibleDescription(", ".join(filter(None, (state, self.remark))))


class Fold(QWidget):
    """A head with what it hides; `make` builds that when it is first looked at."""

    def __init__(
        self, title: str, make: Callable[[], QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.head = FoldHead(title)
        self.inside: QWidget | None = None
        self._make = make
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.head)
        self.head.toggled.connect(self._on_toggled)

    def _on_toggled(self, unfolded: bool) -> None:
        if unfolded and self.inside is None:
            self.inside = self._make()
            self._layout.addWidget(self.inside)
        if self.inside is not None:
            self.inside.setVisible(unfolded)
