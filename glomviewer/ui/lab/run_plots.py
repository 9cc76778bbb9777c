"""Loss, accuracy and AUC of a run as it goes, one above the other on the same epochs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from glomviewer.ui.colours import accent_of, colours_of
from glomviewer.ui.lab.curve_points import Curve, CurvePoints, last_known
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.texts import Secondary, Section, Text

if TYPE_CHECKING:
    import pyqtgraph

HEIGHT = 88
AXIS_HEIGHT = 24
AXIS_WIDTH = 48
NAMES_WIDTH = 144
SAMPLE_WIDTH = 16
LINE_WIDTH = 1.6
TICK_PX = 11
DASHES = (Qt.PenStyle.DashLine, Qt.PenStyle.SolidLine)


Load = Callable[[Callable[[object], None]], None]
"""Loads pyqtgraph somewhere, and then calls back on the window's thread."""


class LineSample(QWidget):
    """A piece of a line as the plot draws it, before its name."""

    def __init__(
        self,
        dash: Qt.PenStyle,
        colour: Callable[[QWidget], QColor],
        parent: QWidget | None = None,
    ) -> None:
        """`colour` is asked at each painting: the plot may not be there yet to say it."""
        super().__init__(parent)
        self._dash, self._colour = dash, colour
        self.setFixedSize(SAMPLE_WIDTH, SAMPLE_WIDTH)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour(self), LINE_WIDTH, self._dash))
        middle = self.height() / 2
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))


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
        self._samples = (
            LineSample(Qt.PenStyle.DashLine, _secondary_of),
            LineSample(Qt.PenStyle.SolidLine, accent_of),
        )
        names = QVBoxLayout()
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(4)
        names.addWidget(Section(title))
        names.addLayout(row(self._samples[1], self.validation, 1))
        names.addLayout(row(self._samples[0], self.training, 1))
        names.addStretch(1)
        if last:
            unit = Secondary("epoch")
            unit.setFixedHeight(AXIS_HEIGHT)
            names.addWidget(unit)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnMinimumWidth(1, NAMES_WIDTH)
        self._grid.addLayout(names, 0, 1)

    def build(self) -> None:
        """Make the plot itself; pyqtgraph has been loaded by then."""
        import pyqtgraph

        plot = pyqtgraph.PlotWidget(enableMenu=False)
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
        self._lines = [plot.plot([], [], connect="finite", antialias=True) for _ in DASHES]
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

    def name_curve(self, curve: Curve) -> None:
        """Say the last figures beside the lines."""
        training, validation = last_known(curve.training), last_known(curve.validation)
        self.validation.setText(_named("validation", validation))
        self.training.setText(_named("training", training))
        for sample, value in zip(self._samples, (training, validation), strict=True):
            sample.setVisible(value is not None)
        said = [text for text in (self.validation.text(), self.training.text()) if text]
        self.setAccessibleDescription(", ".join(said))

    def recolour(self) -> None:
        accent = accent_of(self)
        self.validation.setStyleSheet(f"color: {accent.name()}")
        if self.plot is None or self._best is None:
            return
        import pyqtgraph

        colours = colours_of(self)
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
        self._best.setPen(pyqtgraph.mkPen(colours.secondary, width=1, style=Qt.PenStyle.DotLine))

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(TICK_PX)
        return font


class RunPlots(QWidget):
    """The three of them. Making one takes a third of a frame and loading pyqtgraph twenty, so
    `load` does that elsewhere and calls back, and the plots are made one a turn of the loop."""

    def __init__(self, load: Load, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._load = load
        self._is_asked = False
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
        for plot, curve in self._curves():
            plot.name_curve(curve)
        self.best.say("" if points.best is None else f"Dotted: epoch {points.best}, the best one.")
        if self.is_built:
            self._draw()
        elif not self._is_asked:
            self._is_asked = True
            self._load(self._build_next)

    def _curves(self) -> list[tuple[RunPlot, Curve]]:
        points = self._shown
        return [
            (self.loss, points.loss),
            (self.accuracy, points.accuracy),
            (self.auc, points.auc),
        ]

    @property
    def is_built(self) -> bool:
        return all(plot.plot is not None for plot in self.plots)

    def _draw(self) -> None:
        points = self._shown
        for plot, curve in self._curves():
            plot.show_curve(points.numbers, curve, points.best)
        wanted = (1, max(2, points.total))
        if wanted != self._range:
            self._range = wanted
            self._view_of(self.auc).setXRange(*wanted, padding=0.01)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "best"):
            # The window has its new palette only once all its children know theirs.
            QTimer.singleShot(0, self, self._recolour)

    def _recolour(self) -> None:
        for plot in self.plots:
            plot.recolour()

    def _build_next(self, _loaded: object = None) -> None:
        plot = next((one for one in self.plots if one.plot is None), None)
        if plot is not None:
            plot.build()
            QTimer.singleShot(0, self, self._build_next)
            return
        for one in (self.loss, self.accuracy):
            self._view_of(one).setXLink(self._view_of(self.auc))
        self._draw()

    @staticmethod
    def _view_of(plot: RunPlot) -> Any:
        assert plot.plot is not None
        return plot.plot.getViewBox()


def _secondary_of(widget: QWidget) -> QColor:
    return QColor(colours_of(widget).secondary)


def _named(name: str, value: float | None) -> str:
    return "" if value is None else f"{name} {value:.3f}"
