"""Loss, accuracy and AUC of a run as it goes, one above the other on the same epochs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from glomviewer.ui.colours import accent_of, colours_of
from glomviewer.ui.lab.curve_points import Curve, CurvePoints, last_known
from glomviewer.ui.widgets.texts import Secondary, Section, Text

if TYPE_CHECKING:
    import pyqtgraph

HEIGHT = 88
AXIS_HEIGHT = 24
AXIS_WIDTH = 48
NAMES_WIDTH = 136
LINE_WIDTH = 1.6
TICK_PX = 11
DASHES = (Qt.PenStyle.DashLine, Qt.PenStyle.SolidLine)


class RunPlot(QWidget):
    """One figure on training and validation patches, named beside its lines."""

    def __init__(self, title: str, *, last: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._last = title, last
        self.plot: pyqtgraph.PlotWidget | None = None
        self._lines: list[pyqtgraph.PlotDataItem] = []
        self._best: pyqtgraph.InfiniteLine | None = None
        self.setAccessibleName(f"{title} over the epochs")
        self.setFixedHeight(HEIGHT + (AXIS_HEIGHT if last else 0))
        self.validation, self.training = Text(), Secondary()
        self.validation.setProperty("role", "small")
        self.training.setWordWrap(False)
        names = QVBoxLayout()
        names.setContentsMargins(0, 0, 0, AXIS_HEIGHT if last else 0)
        names.setSpacing(4)
        names.addWidget(Section(title))
        names.addWidget(self.validation)
        names.addWidget(self.training)
        names.addStretch(1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnMinimumWidth(1, NAMES_WIDTH)
        self._grid.addLayout(names, 0, 1)

    def build(self) -> None:
        """Make the plot itself, which is dear: only once there is something to draw."""
        import pyqtgraph

        plot = pyqtgraph.PlotWidget()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = plot.getPlotItem()
        assert item is not None
        item.setContentsMargins(0, 4, 8, 0)
        plot.getAxis("left").setWidth(AXIS_WIDTH)
        if self._last:
            plot.getAxis("bottom").setHeight(AXIS_HEIGHT)
        else:
            plot.hideAxis("bottom")
        self._best = pyqtgraph.InfiniteLine(angle=90)
        self._best.setVisible(False)
        item.addItem(self._best, ignoreBounds=True)
        self._lines = [plot.plot([], [], connect="finite") for _ in DASHES]
        self.plot = plot
        self._grid.addWidget(plot, 0, 0)
        self.recolour()

    def show_curve(self, numbers: Sequence[int], curve: Curve, best: int | None) -> None:
        assert self._best is not None
        for line, values in zip(self._lines, (curve.training, curve.validation), strict=True):
            # A single epoch is a point: a line needs two.
            line.setData(list(numbers), list(values), symbol="o" if len(numbers) == 1 else None)
        self._best.setVisible(best is not None)
        if best is not None:
            self._best.setValue(best)
        training, validation = last_known(curve.training), last_known(curve.validation)
        self.validation.setText(_named("validation", validation))
        self.training.setText(_named("training", training))
        said = [text for text in (self.validation.text(), self.training.text()) if text]
        self.setAccessibleDescription(", ".join(said))

    def recolour(self) -> None:
        accent = accent_of(self)
        self.validation.setStyleSheet(f"color: {accent.name()}")
        if self.plot is None or self._best is None:
            return
        import pyqtgraph

        palette, colours = self.palette(), colours_of(self)
        hairline = palette.color(QPalette.ColorRole.Mid)
        self.plot.setBackground(colours.panel)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(colours.line)
            axis.setTextPen(colours.secondary)
            axis.setTickFont(self._small_font())
        for line, colour, dash in zip(
            self._lines, (colours.secondary, accent.name()), DASHES, strict=True
        ):
            line.setPen(pyqtgraph.mkPen(colour, width=LINE_WIDTH, style=dash))
            line.setSymbolBrush(colour)
            line.setSymbolPen(None)
            line.setSymbolSize(5)
        self._best.setPen(pyqtgraph.mkPen(hairline, width=1, style=Qt.PenStyle.DotLine))

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(TICK_PX)
        return font


class RunPlots(QWidget):
    """The three of them; a figure that was never measured has no plot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss = RunPlot("Loss", last=False)
        self.accuracy = RunPlot("Accuracy", last=False)
        self.auc = RunPlot("AUC", last=True)
        self.best = Secondary()
        self._shown = CurvePoints()
        self._range = (0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for plot in self.plots:
            column.addWidget(plot)
        column.addWidget(self.best)

    @property
    def plots(self) -> tuple[RunPlot, RunPlot, RunPlot]:
        return self.loss, self.accuracy, self.auc

    def show_points(self, points: CurvePoints) -> None:
        if points == self._shown:
            return
        self._shown = points
        if self.loss.plot is None:
            self._build()
        for plot, curve in zip(self.plots, (points.loss, points.accuracy, points.auc), strict=True):
            plot.show_curve(points.numbers, curve, points.best)
        wanted = (1, max(2, points.total))
        if wanted != self._range:
            self._range = wanted
            self._view_of(self.auc).setXRange(*wanted, padding=0.01)
        self.best.say(
            "" if points.best is None else f"Dotted: epoch {points.best}, the best so far, is kept."
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "best"):
            for plot in self.plots:
                plot.recolour()

    def _build(self) -> None:
        for plot in self.plots:
            plot.build()
        for plot in (self.loss, self.accuracy):
            self._view_of(plot).setXLink(self._view_of(self.auc))

    @staticmethod
    def _view_of(plot: RunPlot) -> Any:
        assert plot.plot is not None
        return plot.plot.getViewBox()


def _named(name: str, value: float | None) -> str:
    return "" if value is None else f"{name} {value:.3f}"
