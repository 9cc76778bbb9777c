"""The patches on either side of the line, larger: those whose calls the next move would change."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.thresholds.scores import RankedScores
from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.colours import accent_of, colours_of
from glomviewer.ui.threshold_desk.pictures import Pictures, TargetShapes, small_font
from glomviewer.ui.widgets.keyed_widget import KeyedWidget
from glomviewer.ui.widgets.probabilities import probability_of

GAP, MIDDLE, TITLE, CAPTION = 6, 18, 20, 18
LEAST_SIDE, MOST_SIDE = 84, 184
MOST_ROWS = 3


class BesideLine(KeyedWidget):
    """The nearest patches stand at the line in the middle. Arrows move, Enter and a click open;
    `opened` carries the patch."""

    opened = Signal(int)
    laid_out = Signal()
    """Other patches are shown."""

    def __init__(
        self, images: ImageLoader, labels: LabelSet, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pictures, self._shapes = Pictures(images), TargetShapes(labels)
        self._scores: RankedScores | None = None
        self._threshold = 0.0
        self._cursor = 0
        self.setAccessibleName("Patches on either side of the threshold")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(2 * LEAST_SIDE + MIDDLE, LEAST_SIDE + TITLE + CAPTION)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        images.thumbnail_ready.connect(self._on_thumbnail_ready)

    def sizeHint(self) -> QSize:
        return QSize(4 * (LEAST_SIDE + GAP) + MIDDLE, 120 + TITLE + CAPTION)

    def show_line(self, scores: RankedScores, threshold: float) -> None:
        self._scores, self._threshold = scores, threshold
        self._lay_out()

    @property
    def rows(self) -> int:
        """As many as fill the room with two patches to a side."""
        room = self.height() - TITLE
        return min(MOST_ROWS, max(1, round(room / (self._widest + CAPTION))))

    @property
    def side(self) -> int:
        """Of a patch, in pixels."""
        high = (self.height() - TITLE) // self.rows - CAPTION
        return max(LEAST_SIDE, min(high, MOST_SIDE, self._widest))

    @property
    def _widest(self) -> int:
        return max(LEAST_SIDE, (self.width() - MIDDLE) // 4 - GAP)

    def cells(self) -> list[tuple[int, QRect]]:
        """The places of the patches shown, in rising order, and where they are drawn: each row
        from the line outwards, the nearest in the first one."""
        if self._scores is None:
            return []
        side = self.side
        half = (self.width() - MIDDLE) // 2
        columns = max(1, (half + GAP) // (side + GAP))
        below, above = self._scores.beside(self._threshold, columns * self.rows)
        found = []
        for places, edge, step in (
            (below[::-1], half - side, -(side + GAP)),
            (above, half + MIDDLE, side + GAP),
        ):
            for nearness, place in enumerate(places.tolist()):
                row, column = divmod(nearness, columns)
                top = TITLE + row * (side + CAPTION)
                found.append((place, QRect(edge + column * step, top, side, side)))
        return sorted(found, key=lambda cell: cell[0])

    @property
    def shown(self) -> list[int]:
        scores = self._scores
        return [] if scores is None else [int(scores.patch[place]) for place, _ in self.cells()]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        scores, colours = self._scores, colours_of(self)
        if scores is None:
            return
        painter.setFont(small_font(self.font()))
        half, edge = (self.width() - MIDDLE) // 2, scores.place_of(self._threshold)
        painter.setPen(QColor(colours.secondary))
        centre = int(Qt.AlignmentFlag.AlignVCenter)
        right = int(Qt.AlignmentFlag.AlignRight) | centre
        below, above = f"called {self._shapes.name(0)}", f"called {self._shapes.name(1)}"
        painter.drawText(QRect(0, 0, half, TITLE), right, below)
        painter.drawText(QRect(half + MIDDLE, 0, half, TITLE), centre, above)
        cells = self.cells()
        for number, (place, square) in enumerate(cells):
            self._pictures.paint(painter, square, int(scores.patch[place]), colours)
            call, target = int(place >= edge), int(scores.target[place])
            self._shapes.paint(painter, square, target, call, colours, max(18, square.width() // 7))
            painter.setPen(QColor(colours.text if call != target else colours.secondary))
            caption = QRect(square.x(), square.bottom() + 2, square.width(), CAPTION)
            painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, self._number(place))
            if self.hasFocus() and number == self._cursor:
                painter.setPen(QPen(accent_of(self), 2))
                painter.drawRect(square.adjusted(0, 0, -1, -1))
        bottom = max((square.bottom() + 1 for _, square in cells), default=TITLE)
        painter.fillRect(half + MIDDLE // 2 - 1, 0, 3, bottom, QColor(colours.text))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        for number, (place, square) in enumerate(self.cells()):
            if square.contains(point) and self._scores is not None:
                self._cursor = number
                self.update()
                self.opened.emit(int(self._scores.patch[place]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        shown = self.shown
        if step and shown:
            self._cursor = min(max(self._cursor + step, 0), len(shown) - 1)
            self._describe()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shown:
            self.opened.emit(shown[self._cursor])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        self._cursor = min(self._cursor, max(0, len(self.cells()) - 1))
        self._describe()
        self.laid_out.emit()
        self.update()

    def _number(self, place: int) -> str:
        assert self._scores is not None
        probability = probability_of(float(self._scores.logit[place]))
        # Near the line they differ in what two decimals don't show.
        return f"{probability:.3f}" if 0.01 <= probability <= 0.99 else f"{probability:.5f}"

    def _describe(self) -> None:
        scores, cells = self._scores, self.cells()
        if scores is None or not cells:
            self.setAccessibleDescription("No patch")
            return
        place = cells[self._cursor][0]
        label = self._shapes.name(int(scores.target[place]))
        call = self._shapes.name(int(place >= scores.place_of(self._threshold)))
        self.setAccessibleDescription(
            f"Patch {self._cursor + 1} of {len(cells)}: {label}, called {call}, "
            f"{self._number(place)}"
        )

    def _on_thumbnail_ready(self, patch: int) -> None:
        if self._pictures.take(patch):
            self.update()
