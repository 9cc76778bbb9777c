"""The quarters of every reader's order, drawn: a row a reader, a panel a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.agreement.over_time import QUARTERS
from glomviewer.domain.agreement.statistic import Share
from glomviewer.ui.colours import colours_of

if TYPE_CHECKING:
    import pyqtgraph

ROW_HEIGHT, AXES_HEIGHT = 72, 76
AXIS_WIDTH = 110
LAST_AXIS_WIDTH = 28
APART = 0.4
"""Between two rows, in rows."""
DOT_PX, TICK_PX = 7, 11
LINES = (0.0, 0.5, 1.0)

Load = Callable[[Callable[[object], None]], None]
"""Loads pyqtgraph somewhere, and then calls back on the window's thread."""


@dataclass(frozen=True, slots=True)
class DrawnReader:
    """A reader's shares by question and quarter; a question that nobody can answer has none."""

    name: str
    questions: tuple[tuple[Share, ...], ...]


@dataclass(frozen=True, slots=True)
class _Panel:
    """One question: what is drawn of it, from the back to the front."""

    plot: Any
    grid: pyqtgraph.PlotDataItem
    together: pyqtgraph.PlotDataItem
    intervals: pyqtgraph.PlotDataItem
    dots: pyqtgraph.ScatterPlotItem
    rings: pyqtgraph.ScatterPlotItem


class TimePlot(QWidget):
    """Dots with their intervals, rings where there is none, and dashed the share over all."""

    def __init__(self, titles: Sequence[str], load: Load, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Over time, drawn")
        self.setAccessibleDescription("The shares of the table below, with their intervals.")
        self._titles, self._load = tuple(titles), load
        self._is_asked = False
        self._readers: tuple[DrawnReader, ...] = ()
        self.view: pyqtgraph.GraphicsLayoutWidget | None = None
        self.panels: tuple[_Panel, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def show_readers(self, readers: Sequence[DrawnReader]) -> None:
        self._readers = tuple(readers)
        self.setFixedHeight(AXES_HEIGHT + ROW_HEIGHT * len(self._readers))
        if self.view is not None:
            self._draw()
        elif not self._is_asked:
            self._is_asked = True
            self._load(self._build)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_layout"):
            # The window has its new palette only once all its children know theirs.
            QTimer.singleShot(0, self, self._draw)

    def _build(self, _loaded: object = None) -> None:
        import pyqtgraph

        self.view = pyqtgraph.GraphicsLayoutWidget()
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # There is nothing to point at, and the wheel is to scroll the page.
        self.view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.view.setAntialiasing(True)
        self._layout.addWidget(self.view)
        self.panels = tuple(self._panel(column) for column in range(len(self._titles)))
        self._draw()

    def _panel(self, column: int) -> _Panel:
        import pyqtgraph

        view: Any = self.view
        plot = view.addPlot(row=0, col=column)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.setXRange(0.5, QUARTERS + 0.5, padding=0)
        plot.getAxis("left").setWidth(LAST_AXIS_WIDTH if column else AXIS_WIDTH)
        plot.getAxis("bottom").setTicks([[(number, f"{number}") for number in range(1, 5)]])
        dots, rings = pyqtgraph.ScatterPlotItem(), pyqtgraph.ScatterPlotItem()
        grid, together, intervals = (pyqtgraph.PlotDataItem(connect="pairs") for _ in range(3))
        for item in (grid, together, intervals, dots, rings):
            plot.addItem(item)
        return _Panel(plot, grid, together, intervals, dots, rings)

    def _draw(self) -> None:
        if self.view is None:
            return
        colours = colours_of(self)
        self.view.setBackground(colours.panel)
        for column, panel in enumerate(self.panels):
            self._place_axes(panel, column)
            self._draw_panel(panel, column)

    def _place_axes(self, panel: _Panel, column: int) -> None:
        colours, plot = colours_of(self), panel.plot
        rows = [self._bottom(row) for row in range(len(self._readers))]
        ends = [(bottom + at, f"{at:g}") for bottom in rows for at in (0.0, 1.0)]
        names = [(bottom + 0.5, one.name) for bottom, one in zip(rows, self._readers, strict=True)]
        left = plot.getAxis("left")
        left.setTicks([ends] if column else [names, ends])
        plot.setYRange(-0.15, max(rows, default=0.0) + 1.15, padding=0)
        plot.setTitle(self._titles[column], color=colours.secondary, size=f"{TICK_PX}px")
        font = QFont(self.font())
        font.setPixelSize(TICK_PX)
        for axis in (left, plot.getAxis("bottom")):
            axis.setStyle(tickLength=0, tickFont=font)
            axis.setPen(colours.panel)
            axis.setTextPen(colours.text if axis is left and not column else colours.secondary)
        size = {"font-size": f"{TICK_PX}px"}
        plot.getAxis("bottom").setLabel("quarter", color=colours.secondary, **size)

    def _draw_panel(self, panel: _Panel, column: int) -> None:
        import pyqtgraph

        colours = colours_of(self)
        grid: list[tuple[float, float]] = []
        together: list[tuple[float, float]] = []
        spans: list[tuple[float, float]] = []
        dots: list[tuple[float, float]] = []
        rings: list[tuple[float, float]] = []
        for row, reader in enumerate(self._readers):
            bottom, shares = self._bottom(row), reader.questions[column]
            for at in LINES:
                grid += _across(bottom + at)
            of = sum(share.of for share in shares)
            if of:
                together += _across(bottom + sum(share.count for share in shares) / of)
            for quarter, share in enumerate(shares, 1):
                one = share.share
                if one.value is None:
                    continue
                if one.low is None or one.high is None:
                    rings.append((quarter, bottom + one.value))
                    continue
                dots.append((quarter, bottom + one.value))
                spans += [(quarter, bottom + one.low), (quarter, bottom + one.high)]
        dashed = pyqtgraph.mkPen(colours.secondary, width=1, style=Qt.PenStyle.DashLine)
        ink = pyqtgraph.mkPen(colours.text, width=1.5)
        for item, ends, pen in (
            (panel.grid, grid, pyqtgraph.mkPen(colours.line, width=1)),
            (panel.together, together, dashed),
            (panel.intervals, spans, ink),
        ):
            item.setData([x for x, _ in ends], [y for _, y in ends])
            item.setPen(pen)
        panel.dots.setData(pos=dots, size=DOT_PX, pen=ink, brush=colours.text)
        panel.rings.setData(pos=rings, size=DOT_PX, pen=ink, brush=colours.panel)

    def _bottom(self, row: int) -> float:
        """Where a row begins; the first reader stands at the top."""
        return (len(self._readers) - 1 - row) * (1.0 + APART)


def _across(at: float) -> list[tuple[float, float]]:
    return [(0.5, at), (QUARTERS + 0.5, at)]
