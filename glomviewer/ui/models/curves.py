"""Loss and AUC of a run as it goes: training in grey, validation in the accent."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from glomviewer.ui.colours import accent_of
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.texts import Secondary, Section
from training.events import Epoch

if TYPE_CHECKING:
    import pyqtgraph

HEIGHT = 176
LINE_WIDTH = 1.6
TICK_PX = 11


class CurvePair(QWidget):
    """One figure over the epochs, on training and validation patches."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{title} over the epochs")
        self._title = title
        self._plot: pyqtgraph.PlotWidget | None = None
        self._training: pyqtgraph.PlotDataItem | None = None
        self._validation: pyqtgraph.PlotDataItem | None = None
        self._best: pyqtgraph.InfiniteLine | None = None
        self._legend_training = Secondary("training")
        self._legend_validation = Secondary("validation")
        for legend in (self._legend_training, self._legend_validation):
            legend.setWordWrap(False)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addLayout(
            row(Section(title), self._legend_training, self._legend_validation, 1, spacing=16)
        )
        self._room = QWidget()
        self._room.setFixedHeight(HEIGHT)
        self._layout.addWidget(self._room)

    def show_points(
        self,
        epochs: Sequence[int],
        training: Sequence[float],
        validation: Sequence[float],
        best: int | None,
    ) -> None:
        if self._plot is None:
            self._build()
        assert self._training is not None
        assert self._validation is not None
        assert self._best is not None
        self._training.setData(list(epochs), list(training))
        self._validation.setData(list(epochs), list(validation))
        self._best.setVisible(best is not None)
        if best is not None:
            self._best.setValue(best)
        last = next((value for value in reversed(validation) if not math.isnan(value)), None)
        if last is not None:
            self.setAccessibleDescription(f"validation {self._title} {last:.3f}")

    def _build(self) -> None:
        import pyqtgraph

        plot = pyqtgraph.PlotWidget()
        plot.setFixedHeight(HEIGHT)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = plot.getPlotItem()
        assert item is not None
        item.setContentsMargins(0, 8, 8, 0)
        plot.getAxis("left").setWidth(44)
        plot.getAxis("bottom").setHeight(24)
        self._best = pyqtgraph.InfiniteLine(angle=90)
        self._best.setVisible(False)
        plot.addItem(self._best)
        symbols: dict[str, Any] = {"symbol": "o", "symbolSize": 4, "connect": "finite"}
        self._training = plot.plot([], [], **symbols)
        self._validation = plot.plot([], [], **symbols)
        self._plot = plot
        self._layout.replaceWidget(self._room, plot)
        self._room.deleteLater()
        self._recolour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def _recolour(self) -> None:
        palette = self.palette()
        grey = palette.color(QPalette.ColorRole.PlaceholderText)
        accent = accent_of(self)
        self._legend_validation.setStyleSheet(f"color: {accent.name()}")
        if self._plot is None:
            return
        import pyqtgraph

        hairline = palette.color(QPalette.ColorRole.Mid)
        self._plot.setBackground(palette.color(QPalette.ColorRole.Base))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(hairline)
            axis.setTextPen(grey)
            axis.setTickFont(self._small_font())
        for item, colour in ((self._training, grey), (self._validation, accent)):
            assert item is not None
            item.setPen(pyqtgraph.mkPen(colour, width=LINE_WIDTH))
            item.setSymbolBrush(colour)
            item.setSymbolPen(None)
        assert self._best is not None
        self._best.setPen(pyqtgraph.mkPen(hairline, width=1, style=Qt.PenStyle.DashLine))

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(TICK_PX)
        return font


class Curves(QWidget):
    """The two pairs side by side; nothing is drawn, nor pyqtgraph loaded, before an epoch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss = CurvePair("Loss")
        self.auc = CurvePair("AUC")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(24)
        layout.addWidget(self.loss)
        layout.addWidget(self.auc)

    def show_epochs(self, epochs: Sequence[Epoch], best: int | None) -> None:
        numbers = list(range(1, len(epochs) + 1))
        place = next((n for n, one in zip(numbers, epochs, strict=True) if one.epoch == best), None)
        _show(self.loss, numbers, epochs, lambda e: (e.train_loss, e.validation_loss), place)
        _show(self.auc, numbers, epochs, lambda e: (e.train_auc, e.validation_auc), place)


def _show(
    pair: CurvePair,
    numbers: Sequence[int],
    epochs: Sequence[Epoch],
    values: Callable[[Epoch], tuple[float | None, float | None]],
    best: int | None,
) -> None:
    both = [values(epoch) for epoch in epochs]
    training = [math.nan if one is None else one for one, _ in both]
    validation = [math.nan if one is None else one for _, one in both]
    pair.show_points(numbers, training, validation, best)
