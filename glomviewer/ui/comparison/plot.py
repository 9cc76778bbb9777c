"""A plot of shares from 0 to 1 for two models, with its labels among the curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.comparison.curves import CalibrationBin
from glomviewer.domain.comparison.scored import Floats
from glomviewer.ui.comparison.palette import ModelStyle, styles_of
from glomviewer.ui.widgets.texts import Section

if TYPE_CHECKING:
    import pyqtgraph

HEIGHT = 248
TICK_PX = 11
LABEL_STEP = 0.115
GROUND_ALPHA = 200
ROOM_FOR_LABELS = 360
MOST_POINTS = 2000
"""More points than this look the same and take longer to draw."""


@dataclass(frozen=True, slots=True)
class Line:
    """One model's curve: its points, where its threshold lies, and its label, `short` where there
    is little room. Points of `bins` are drawn with their intervals and can be clicked."""

    label: str
    short: str
    x: Floats
    y: Floats
    mark: tuple[float, float] | None = None
    bins: Sequence[CalibrationBin] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """The straight line that the curves are seen against, from the left to the right side, and
    where its name stands; `anchor` is the point of the text that stands there."""

    name: str
    start: float
    end: float
    label_at: tuple[float, float]
    anchor: tuple[float, float]


class SharePlot(QWidget):
    """Curves over the unit square."""

    bin_opened = Signal(int, int)
    """Which model, 0 or 1, and which of its bins."""

    def __init__(
        self,
        title: str,
        x: str,
        y: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self._axes = (x, y)
        self._label_at = (1.0, 0.06)
        self._plot: pyqtgraph.PlotWidget | None = None
        self._shown: tuple[Line | None, Line | None] = (None, None)
        self._beside: Reference | None = None
        self._empty = ""
        self._is_narrow = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(Section(title))
        self._room = QWidget()
        self._room.setFixedHeight(HEIGHT)
        self._layout.addWidget(self._room)

    def show_lines(
        self,
        lines: tuple[Line | None, Line | None],
        *,
        beside: Reference,
        label_at: tuple[float, float],
        empty: str = "",
    ) -> None:
        """`label_at` is where the labels stand, from the lowest on; `empty` says why there is
        no curve."""
        self._shown, self._beside, self._empty = lines, beside, empty
        self._label_at = label_at
        self.setAccessibleDescription(
            "; ".join(line.label for line in lines if line is not None) or empty
        )
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < ROOM_FOR_LABELS
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            if self._plot is not None:
                self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._plot is not None:
            # The window, whose grey says which scheme it is, gets its palette after its parts.
            QTimer.singleShot(0, self, self._draw)

    def _draw(self) -> None:
        plot = self._made()
        plot.clear()
        palette = self.palette()
        grey = palette.color(QPalette.ColorRole.PlaceholderText)
        hairline = palette.color(QPalette.ColorRole.Mid)
        plot.setBackground(palette.color(QPalette.ColorRole.Base))
        for side, name in (("bottom", self._axes[0]), ("left", self._axes[1])):
            axis = plot.getAxis(side)
            axis.setPen(hairline)
            axis.setTextPen(grey)
            axis.setTickFont(self._font())
            axis.setLabel(name, color=grey.name(), **{"font-size": f"{TICK_PX}px"})
        if self._beside is not None and any(line is not None for line in self._shown):
            self._draw_reference(plot, self._beside, grey)
        for place, (line, style) in enumerate(zip(self._shown, styles_of(self), strict=True)):
            if line is not None:
                self._draw_line(plot, place, line, style)
                at = (self._label_at[0], self._label_at[1] + (1 - place) * LABEL_STEP)
                left = self._label_at[0] < 0.5
                anchor = (0.0 if left else 1.0, 1.0)
                label = line.short if self._is_narrow else line.label
                self._write(plot, label, style.text, at, anchor=anchor)
        if self._empty:
            self._write(plot, self._empty, grey, (0.5, 0.5), anchor=(0.5, 0.5))

    def _draw_reference(self, plot: pyqtgraph.PlotWidget, beside: Reference, grey: QColor) -> None:
        import pyqtgraph

        pen = pyqtgraph.mkPen(grey, width=1, style=Qt.PenStyle.DotLine)
        plot.plot([0.0, 1.0], [beside.start, beside.end], pen=pen)
        self._write(plot, beside.name, grey, beside.label_at, anchor=beside.anchor)

    def _draw_line(
        self, plot: pyqtgraph.PlotWidget, place: int, line: Line, style: ModelStyle
    ) -> None:
        import pyqtgraph

        pen = pyqtgraph.mkPen(style.colour, width=2, style=style.line)
        x, y = _thinned(line.x, line.y)
        plot.plot(x, y, pen=pen)
        if line.mark is not None:
            ground = self.palette().color(QPalette.ColorRole.Base)
            mark: dict[str, Any] = {
                "symbol": style.mark,
                "size": 10,
                "pen": pyqtgraph.mkPen(style.text, width=2),
                "brush": ground,
            }
            plot.addItem(pyqtgraph.ScatterPlotItem([line.mark[0]], [line.mark[1]], **mark))
        if line.bins:
            self._draw_bins(plot, place, line, style)

    def _draw_bins(
        self, plot: pyqtgraph.PlotWidget, place: int, line: Line, style: ModelStyle
    ) -> None:
        import pyqtgraph

        # A little beside each other, so that neither model's interval hides the other's.
        x = line.x + (place - 0.5) * 0.012
        top = np.array([one.high - one.observed for one in line.bins])
        bottom = np.array([one.observed - one.low for one in line.bins])
        plot.addItem(
            pyqtgraph.ErrorBarItem(
                x=x, y=line.y, top=top, bottom=bottom, pen=pyqtgraph.mkPen(style.colour, width=1)
            )
        )
        points = pyqtgraph.ScatterPlotItem(
            x, line.y, symbol=style.mark, size=8, pen=None, brush=style.colour
        )
        points.sigClicked.connect(
            lambda _item, clicked, *_: self.bin_opened.emit(place, int(clicked[0].index()))
        )
        points.setCursor(Qt.CursorShape.PointingHandCursor)
        plot.addItem(points)

    def _write(
        self,
        plot: pyqtgraph.PlotWidget,
        text: str,
        colour: QColor,
        at: tuple[float, float],
        *,
        anchor: tuple[float, float],
    ) -> None:
        import pyqtgraph

        ground = QColor(self.palette().color(QPalette.ColorRole.Base))
        ground.setAlpha(GROUND_ALPHA)
        item = pyqtgraph.TextItem(text, color=colour, anchor=anchor, fill=ground)
        item.setFont(self._font(TICK_PX + 1))
        item.setPos(*at)
        plot.addItem(item)

    def _made(self) -> pyqtgraph.PlotWidget:
        if self._plot is not None:
            return self._plot
        import pyqtgraph

        plot = pyqtgraph.PlotWidget()
        plot.setFixedHeight(HEIGHT)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setAntialiasing(True)
        item = plot.getPlotItem()
        assert item is not None
        item.setContentsMargins(0, 4, 14, 0)
        item.getViewBox().setRange(xRange=(0.0, 1.0), yRange=(0.0, 1.0), padding=0.04)
        plot.getAxis("left").setWidth(48)
        plot.getAxis("bottom").setHeight(36)
        plot.getAxis("bottom").setStyle(hideOverlappingLabels=False)
        self._plot = plot
        self._layout.replaceWidget(self._room, plot)
        self._room.deleteLater()
        return plot

    def _font(self, size: int = TICK_PX) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(size)
        return font


def _thinned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if len(x) <= MOST_POINTS:
        return x, y
    kept = np.unique(np.linspace(0, len(x) - 1, MOST_POINTS).astype(np.int64))
    return x[kept], y[kept]
