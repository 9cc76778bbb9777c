"""The histogram of the probability with the threshold, and a brush that cuts out a range."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from glomviewer.domain.patch_select import Histogram
from glomviewer.ui.colours import accent_of, colours_of

EDGE = 5
LEAST_RANGE = 0.01
PLOT_HEIGHT = 56
Range = tuple[float, float]


class ProbabilityBrush(QWidget):
    """Drag to cut out a range, drag its edges or its middle to move it, double click to drop it."""

    range_changed = Signal(object)
    """The range when the mouse lets go or a key moved it: (low, high) or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histogram: Histogram | None = None
        self._range: Range | None = None
        self._drag: tuple[str, float, Range] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Probability")
        self.setToolTip("Drag to show a range of probabilities only. Double click shows all again.")

    def sizeHint(self) -> QSize:
        return QSize(180, PLOT_HEIGHT + 20)

    def show_histogram(self, histogram: Histogram | None) -> None:
        self._histogram = histogram
        self.update()

    @property
    def range(self) -> Range | None:
        return self._range

    def set_range(self, chosen: Range | None) -> None:
        self._range = chosen
        text = "all" if chosen is None else f"{chosen[0]:.2f} to {chosen[1]:.2f}"
        self.setAccessibleDescription(text)
        self.update()

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = colours_of(self)
        plot = self._plot()
        self._paint_bars(painter, plot)
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), QColor(colours.line))
        threshold = self._threshold()
        if threshold is not None:
            x = plot.left() + plot.width() * threshold
            painter.fillRect(QRectF(x, plot.top(), 1, plot.height()), QColor(colours.text))
        if self._range is not None:
            painter.setPen(QPen(accent_of(self), 1))
            painter.drawRect(self._brush_rect(plot))
        elif self.hasFocus():
            painter.setPen(QPen(accent_of(self), 1, Qt.PenStyle.DotLine))
            painter.drawRect(plot)
        self._paint_scale(painter, plot, threshold)

    def _paint_bars(self, painter: QPainter, plot: QRectF) -> None:
        if self._histogram is None:
            return
        colours = colours_of(self)
        counts = self._histogram.counts
        most = int(counts.max()) if len(counts) else 0
        if not most:
            return
        # Ends are high in a sure model; a square root keeps the middle readable.
        heights = np.sqrt(counts / most) * (plot.height() - 4)
        edges = self._histogram.edges
        for place, height in enumerate(heights.tolist()):
            low, high = float(edges[place]), float(edges[place + 1])
            inside = self._range is None or (high > self._range[0] and low < self._range[1])
            left = plot.left() + plot.width() * low
            width = max(1.0, plot.width() * (high - low) - 1)
            bar = QRectF(left, plot.bottom() - height, width, height)
            painter.fillRect(bar, QColor(colours.secondary if inside else colours.line))

    def _paint_scale(self, painter: QPainter, plot: QRectF, threshold: float | None) -> None:
        font = QFont(painter.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(colours_of(self).secondary))
        line = QRectF(plot.left(), plot.bottom() + 4, plot.width(), 16)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, "1")
        text = "no predictions yet" if threshold is None else f"threshold {_short(threshold)}"
        if self._range is not None:
            text = f"{self._range[0]:.2f} to {self._range[1]:.2f}"
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter, text)

    # the brush

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._threshold() is None:
            return
        value = self._value(event.position())
        part = self._part_at(event.position())
        self._drag = (part, value, self._range or (value, value))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            part = self._part_at(event.position())
            shapes = {"low": Qt.CursorShape.SizeHorCursor, "high": Qt.CursorShape.SizeHorCursor}
            self.setCursor(shapes.get(part, Qt.CursorShape.ArrowCursor))
            return
        part, start, (low, high) = self._drag
        value = self._value(event.position())
        if part == "low":
            chosen = (min(value, high), max(value, high))
        elif part == "high":
            chosen = (min(low, value), max(low, value))
        elif part == "middle":
            shift = min(1 - high, max(-low, value - start))
            chosen = (low + shift, high + shift)
        else:
            chosen = (min(start, value), max(start, value))
        self.set_range(chosen)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._drag is None:
            return
        part, _start, before = self._drag
        self._drag = None
        chosen = self._range
        if part == "new" and (chosen is None or chosen[1] - chosen[0] < LEAST_RANGE):
            self.set_range(None)
        if self._range != before or part == "new":
            self.range_changed.emit(self._range)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._drag = None
        self.set_range(None)
        self.range_changed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the range, with Shift its upper end; Delete drops it."""
        step = {Qt.Key.Key_Left: -0.02, Qt.Key.Key_Right: 0.02}.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.set_range(None)
        elif step is None or self._threshold() is None:
            super().keyPressEvent(event)
            return
        else:
            middle = self._threshold() or 0.5
            low, high = self._range or (max(0.0, middle - 0.1), min(1.0, middle + 0.1))
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                step = min(1 - high, max(-low, step))
                low += step
            self.set_range((low, min(1.0, max(low, high + step))))
        self.range_changed.emit(self._range)

    def _plot(self) -> QRectF:
        return QRectF(0, 0, self.width() - 1, PLOT_HEIGHT)

    def _threshold(self) -> float | None:
        if self._histogram is None or math.isnan(self._histogram.threshold):
            return None
        return self._histogram.threshold

    def _value(self, point: QPointF) -> float:
        plot = self._plot()
        return min(1.0, max(0.0, (point.x() - plot.left()) / plot.width()))

    def _brush_rect(self, plot: QRectF) -> QRectF:
        low, high = self._range or (0.0, 1.0)
        left = plot.left() + plot.width() * low
        return QRectF(left, plot.top(), plot.width() * (high - low), plot.height())

    def _part_at(self, point: QPointF) -> str:
        if self._range is None:
            return "new"
        rect = self._brush_rect(self._plot())
        if abs(point.x() - rect.left()) <= EDGE:
            return "low"
        if abs(point.x() - rect.right()) <= EDGE:
            return "high"
        return "middle" if rect.left() < point.x() < rect.right() else "new"


def _short(value: float) -> str:
    return f"{value:.2f}" if 0.01 <= value <= 0.99 else f"{value:.4f}"
