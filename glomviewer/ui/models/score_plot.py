"""Validation patches by score, sclerotic above the axis and others below, and the threshold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from glomviewer.ui.colours import accent_of, colours_of

BINS = 60
MARGIN = 8
FINE_STEPS = 400


class ScorePlot(QWidget):
    """Drag the line, or move it with the arrows; `moved` carries the calibrated logit."""

    moved = Signal(float)

    def __init__(self, sclerotic: QColor, others: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._class_colours = (others, sclerotic)
        self._counts: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
        self._low, self._high = -1.0, 1.0
        self._threshold = 0.0
        self._current = 0.0
        self.setAccessibleName("Threshold on the scores of the validation set")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(160)
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def show_scores(
        self, logit: NDArray[np.float64], target: NDArray[np.bool_], current: float
    ) -> None:
        """Draw these scores; `current` is the threshold in force, drawn dashed."""
        values = np.append(logit, current)
        self._low, self._high = float(values.min()) - 0.5, float(values.max()) + 0.5
        edges = np.linspace(self._low, self._high, BINS + 1)
        self._counts = (
            np.histogram(logit[~target], edges)[0],
            np.histogram(logit[target], edges)[0],
        )
        self._current = current
        self.set_threshold(current)

    def set_threshold(self, logit: float) -> None:
        self._threshold = min(max(logit, self._low), self._high)
        self.update()

    @property
    def threshold(self) -> float:
        return self._threshold

    def sizeHint(self) -> QSize:
        return QSize(520, 180)

    def x_of(self, logit: float) -> float:
        share = (logit - self._low) / (self._high - self._low)
        return MARGIN + share * (self.width() - 2 * MARGIN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = colours_of(self)
        middle = self.height() / 2
        room = middle - MARGIN
        painter.setPen(QColor(colours.line))
        painter.drawLine(MARGIN, round(middle), self.width() - MARGIN, round(middle))
        if self._counts is not None:
            most = max(1.0, float(np.sqrt(max(one.max() for one in self._counts))))
            width = (self.width() - 2 * MARGIN) / BINS
            for upward, counts in enumerate(self._counts):
                for place in np.flatnonzero(counts):
                    high = room * float(np.sqrt(counts[place])) / most
                    top = middle - high if upward else middle + 1
                    box = QRectF(MARGIN + place * width + 0.5, top, width - 1, high)
                    painter.fillRect(box, self._class_colours[upward])
        painter.setPen(QPen(QColor(colours.secondary), 1, Qt.PenStyle.DashLine))
        at = round(self.x_of(self._current))
        painter.drawLine(at, 0, at, self.height())
        painter.setPen(QPen(accent_of(self) if self.hasFocus() else QColor(colours.text), 2))
        at = round(self.x_of(self._threshold))
        painter.drawLine(at, 0, at, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._move_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_to(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not steps:
            super().keyPressEvent(event)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            steps *= 10
        self.set_threshold(self._threshold + steps * (self._high - self._low) / FINE_STEPS)
        self.moved.emit(self._threshold)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _move_to(self, x: float) -> None:
        share = (x - MARGIN) / max(1, self.width() - 2 * MARGIN)
        self.set_threshold(self._low + share * (self._high - self._low))
        self.moved.emit(self._threshold)
