"""The confusion matrices of both models; each cell opens its patches."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from glomviewer.domain.comparison.details import Details
from glomviewer.domain.comparison.scored import Compared
from glomviewer.ui.comparison.wording import marked
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.confusion import ConfusionMatrix
from glomviewer.ui.widgets.matrix import NAMES, Matrix


class MatricesCard(Card):
    opened = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Calls", parent)
        self.matrices = (ConfusionMatrix(), ConfusionMatrix())
        self._compared: Compared | None = None
        self._titles = ("", "")
        for place, matrix in enumerate(self.matrices):
            self.body.addWidget(matrix)
            matrix.cell_opened.connect(
                lambda target, call, place=place: self._open(place, target, call)
            )
        self.body.addStretch(1)

    def show_details(self, compared: Compared, details: Details, titles: tuple[str, str]) -> None:
        self._compared, self._titles = compared, titles
        sides = (details.first, details.second)
        for place, (matrix, side, title) in enumerate(
            zip(self.matrices, sides, titles, strict=True)
        ):
            matrix.show_matrix(Matrix(marked(place, title), side.confusion.rows))

    def _open(self, place: int, target: int, call: int) -> None:
        if self._compared is None:
            return
        scored = (self._compared.first, self._compared.second)[place]
        rows = (scored.target == bool(target)) & (scored.calls == bool(call))
        title = f"{self._titles[place]}: {NAMES[target]}, called {NAMES[call]}"
        self.opened.emit(self._compared.ids(rows), title)
