"""Patches in order of calibrated score with their density, and the threshold as a line to drag."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.thresholds.scores import Floats, RankedScores
from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.colours import Colours, accent_of, colours_of
from glomviewer.ui.threshold_desk.pictures import Pictures, TargetShapes, small_font
from glomviewer.ui.threshold_desk.score_axis import ScoreAxis, by_class
from glomviewer.ui.threshold_desk.thumbnail_clicks import ThumbnailClicks
from glomviewer.ui.widgets.keyed_widget import KeyedWidget
from glomviewer.ui.widgets.probabilities import probability_of, probability_text

SIDE, GAP, BADGE = 76, 4, 18
PLOT_TOP, PLOT_HEIGHT = SIDE + 10, 64
AXIS_TOP = PLOT_TOP + PLOT_HEIGHT + 2
HEIGHT = AXIS_TOP + 18
BAR = 3
ROOM = 44
"""The least distance between two numbers along the axis."""
LOW_END, HIGH_END = "clearly not", "clearly globally sclerotic"
ZOOM = 0.8


class ScoreStrip(KeyedWidget):
    """Press or drag anywhere to put the line there; `moved` carries the calibrated logit, and
    `opened` the patch of a thumbnail that was double-clicked, which leaves the line where it was.
    Ctrl and the wheel zoom."""

    moved = Signal(float)
    opened = Signal(int)
    laid_out = Signal()
    """Other thumbnails are shown."""

    def __init__(
        self, images: ImageLoader, labels: LabelSet, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.axis = ScoreAxis(margin=SIDE / 2 + 2)
        self._pictures, self._shapes = Pictures(images), TargetShapes(labels)
        self._scores: RankedScores | None = None
        self._classes = by_class(RankedScores.of(*_NOTHING))
        self._clicks = ThumbnailClicks(self)
        self._clicks.dragged.connect(self._drag_to)
        self._clicks.shown.connect(self._put_line)
        self._clicks.clicked.connect(self.moved)
        self._threshold = self._current = 0.0
        self._places: list[int] = []
        self._bars: tuple[np.ndarray, np.ndarray] = (np.zeros(1), np.zeros(1))
        self.setAccessibleName("Threshold among the patches in order of score")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(320)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        images.thumbnail_ready.connect(self._on_thumbnail_ready)

    @property
    def threshold(self) -> float:
        return self._threshold

    @property
    def shown(self) -> list[int]:
        """The patches whose thumbnails stand along the axis."""
        scores = self._scores
        return [] if scores is None else [int(scores.patch[place]) for place in self._places]

    def show_scores(
        self, scores: RankedScores, current: float, classes: tuple[Floats, Floats] | None = None
    ) -> None:
        """Show other patches; `current` is the threshold in force, drawn dashed. `classes` are
        their logits `by_class`, where they have been sorted out already."""
        self._scores, self._current = scores, current
        self._classes = by_class(scores) if classes is None else classes
        self.axis.fit(scores.logit, current)
        self.set_threshold(self._threshold)
        self._lay_out()

    def set_threshold(self, logit: float) -> None:
        self._clicks.forget()
        self._put_line(logit)

    def _put_line(self, logit: float) -> None:
        self._threshold = logit
        if self.axis.reveal(min(max(logit, self.axis.low), self.axis.high)):
            self._lay_out()
        text = probability_text(probability_of(logit))
        if self._scores is not None:
            below = self._scores.place_of(logit)
            text += f", {below:,} of {len(self._scores):,} patches below"
        self.setAccessibleDescription(text)
        self.update()

    def zoom(self, factor: float, around: float | None = None) -> None:
        self.axis.zoom(factor, self._threshold if around is None else around)
        self._lay_out()

    def zoom_in(self) -> None:
        self.zoom(ZOOM * ZOOM)

    def zoom_out(self) -> None:
        self.zoom(1 / ZOOM / ZOOM)

    def sizeHint(self) -> QSize:
        return QSize(900, HEIGHT)

    def square_of(self, place: int) -> QRect:
        """Where the thumbnail of the patch at this place of the order is drawn."""
        assert self._scores is not None
        middle = self.axis.x_of(float(self._scores.logit[place]))
        return QRect(round(middle - SIDE / 2), 0, SIDE, SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = colours_of(self)
        painter.setFont(small_font(self.font()))
        self._paint_axis(painter, colours)
        self._paint_bars(painter, colours)
        self._paint_patches(painter, colours)
        self._paint_lines(painter, colours)

    def _paint_axis(self, painter: QPainter, colours: Colours) -> None:
        middle = PLOT_TOP + PLOT_HEIGHT // 2
        painter.setPen(QColor(colours.line))
        painter.drawLine(0, middle, self.width(), middle)
        painter.setPen(QColor(colours.secondary))
        line = self.axis.x_of(self._threshold)
        whole = QRectF(0, AXIS_TOP + 1, self.width(), 16)
        low_end = LOW_END if self.axis.left <= self.axis.low else f"← {LOW_END}"
        high_end = HIGH_END if self.axis.right >= self.axis.high else f"{HIGH_END} →"
        painter.drawText(whole, Qt.AlignmentFlag.AlignLeft, low_end)
        painter.drawText(whole, Qt.AlignmentFlag.AlignRight, high_end)
        metrics = painter.fontMetrics()
        left = metrics.horizontalAdvance(low_end) - ROOM / 2
        last = self.width() - metrics.horizontalAdvance(high_end) - ROOM / 2 - 8
        for probability, x in self.axis.ticks():
            # What stands under the line's own number, or too near to another, is left out.
            if abs(x - line) < ROOM or x - left < ROOM or x > last:
                continue
            left = x
            painter.drawLine(round(x), AXIS_TOP - 3, round(x), AXIS_TOP)
            box = QRectF(x - 40, AXIS_TOP + 1, 80, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{probability:g}")

    def _paint_bars(self, painter: QPainter, colours: Colours) -> None:
        middle = PLOT_TOP + PLOT_HEIGHT // 2
        room = PLOT_HEIGHT // 2 - 2
        most = float(np.sqrt(max(1, *(int(bars.max()) for bars in self._bars))))
        for target, bars in enumerate(self._bars):
            colour = self._shapes.colour(target, colours)
            there = np.flatnonzero(bars)
            heights = np.maximum(1, np.round(room * np.sqrt(bars[there]) / most))
            for place, height in zip(there.tolist(), heights.tolist(), strict=True):
                top = middle - height if target else middle + 1
                left = self.axis.margin + place * BAR
                painter.fillRect(QRectF(left, top, BAR - 1, height), colour)

    def _paint_patches(self, painter: QPainter, colours: Colours) -> None:
        scores = self._scores
        if scores is None:
            return
        edge = scores.place_of(self._threshold)
        for place in self._places:
            square = self.square_of(place)
            self._pictures.paint(painter, square, int(scores.patch[place]), colours)
            target, call = int(scores.target[place]), int(place >= edge)
            self._shapes.paint(painter, square, target, call, colours, BADGE)
            painter.setPen(QColor(colours.secondary))
            middle = square.center().x()
            painter.drawLine(middle, SIDE + 3, middle, SIDE + 8)

    def _paint_lines(self, painter: QPainter, colours: Colours) -> None:
        painter.setPen(QPen(QColor(colours.secondary), 1, Qt.PenStyle.DashLine))
        at = round(self.axis.x_of(self._current))
        painter.drawLine(at, PLOT_TOP - 4, at, AXIS_TOP)
        at = round(self.axis.x_of(self._threshold))
        accent = accent_of(self) if self.hasFocus() else QColor(colours.text)
        # Tissue is dark and light: a line of one grey would be lost on it without its edges.
        painter.fillRect(at - 2, 0, 5, SIDE, QColor(colours.window))
        painter.fillRect(at - 1, 0, 3, AXIS_TOP, accent)
        painter.setPen(QColor(colours.text))
        box = QRectF(at - 40, AXIS_TOP + 1, 80, 16)
        text = probability_text(probability_of(self._threshold))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            position = event.position()
            if self._place_at(position) is None:
                self._drag_to(position.x())
            else:
                self._clicks.press(position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._clicks.drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._clicks.release(self.axis.logit_at(event.position().x()), self._threshold)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if place is None:
            self.mousePressEvent(event)
        elif self._scores is not None:
            self._clicks.take_back()
            self.opened.emit(int(self._scores.patch[place]))

    def _place_at(self, position: QPointF) -> int | None:
        """The place of the patch whose thumbnail is there."""
        point = position.toPoint()
        return next((one for one in self._places if self.square_of(one).contains(point)), None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = ZOOM if event.angleDelta().y() > 0 else 1 / ZOOM
            self.zoom(factor, self.axis.logit_at(event.position().x()))
            event.accept()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.axis.width = self.width()
        self._lay_out()

    def _drag_to(self, x: float) -> None:
        if self._scores is not None:
            self.set_threshold(self.axis.logit_at(x))
            self.moved.emit(self._threshold)

    def _lay_out(self) -> None:
        if self._scores is not None:
            self._places = self.axis.spaced(self._scores, SIDE + GAP)
            others, sclerotic = (self.axis.bars(one, BAR) for one in self._classes)
            self._bars = (others, sclerotic)
            self.laid_out.emit()
        self.update()

    def _on_thumbnail_ready(self, patch: int) -> None:
        if self._pictures.take(patch):
            self.update()


_NOTHING = (np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.bool_))
