"""A key as it looks on a keyboard, small and quiet."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from glomviewer.ui.colours import Colours, colours_of

PADDING = 5
HEIGHT = 18
GAP = 4


class KeyCaps(QWidget):
    """One or more keys side by side."""

    def __init__(self, keys: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" or ".join(keys))

    def set_keys(self, keys: list[str]) -> None:
        self._keys = keys
        self.setAccessibleName(" or ".join(keys))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(caps_width(self._keys, self.font()), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_caps(painter, 0, self.height() / 2, self._keys, self.font(), colours_of(self))


def cap_font(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(11)
    return small


def caps_width(keys: list[str], font: QFont) -> int:
    """The width of these keys side by side, in device-independent pixels."""
    metrics = QFontMetrics(cap_font(font))
    widths = [max(HEIGHT, metrics.horizontalAdvance(key) + 2 * PADDING) for key in keys]
    return sum(widths) + GAP * max(0, len(keys) - 1)


def paint_caps(
    painter: QPainter,
    left: float,
    middle: float,
    keys: list[str],
    font: QFont,
    colours: Colours,
) -> None:
    """Paint keys from `left`, centred on the height `middle`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    small = cap_font(font)
    metrics = QFontMetrics(small)
    painter.setFont(small)
    for key in keys:
        width = max(HEIGHT, metrics.horizontalAdvance(key) + 2 * PADDING)
        rect = QRectF(left, middle - HEIGHT / 2, width, HEIGHT).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(colours.line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 3, 3)
        painter.setPen(QColor(colours.secondary))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, key)
        left += width + GAP
    painter.restore()
