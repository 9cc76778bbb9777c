"""A label as somebody said it: who, its shape, its word. Readers' are filled, calls in outline."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from glomviewer.domain.labels import Label
from glomviewer.ui.colours import colours_of
from glomviewer.ui.shapes import label_colour, paint_shape

SHAPE, GAP, HEIGHT = 14, 8, 24


class SaidLabel(QWidget):
    def __init__(self, who: str, *, filled: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._who, self._filled = who, filled
        self._label: Label | None = None
        self._more = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All that it says, as a screen reader does."""
        word = "" if self._label is None else self._label.name
        return " ".join(part for part in (self._who, word, self._more) if part)

    def say(self, label: Label, more: str = "") -> None:
        """`more` is what stands behind the word in grey, such as a probability."""
        self._label, self._more = label, more
        self.setAccessibleName(self.text)
        self.updateGeometry()
        self.update()

    def forget(self) -> None:
        self._label, self._more = None, ""
        self.setAccessibleName("")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        if self._label is None:
            return QSize(0, HEIGHT)
        metrics = QFontMetrics(self.font())
        widths = [metrics.horizontalAdvance(part) for part in (self._who, self._label.name)]
        more = GAP + metrics.horizontalAdvance(self._more) if self._more else 0
        return QSize(sum(widths) + SHAPE + 2 * GAP + more + 2, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._label is None:
            return
        painter = QPainter(self)
        colours, metrics = colours_of(self), self.fontMetrics()
        left = 0.0

        def write(text: str, colour: str) -> None:
            nonlocal left
            painter.setPen(QColor(colour))
            width = metrics.horizontalAdvance(text) + 1
            area = QRectF(left, 0, width, self.height())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), text)
            left += width + GAP

        write(self._who, colours.secondary)
        shape = QRectF(left, (self.height() - SHAPE) / 2, SHAPE, SHAPE)
        colour = label_colour(self._label, colours)
        paint_shape(painter, shape, self._label.shape, colour, filled=self._filled)
        left += SHAPE + GAP
        write(self._label.name, colours.text)
        if self._more:
            write(self._more, colours.secondary)
