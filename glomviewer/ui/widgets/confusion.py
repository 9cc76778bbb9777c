"""A confusion matrix whose cells are buttons that open their patches."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.matrix import NAMES, Matrix
from glomviewer.ui.widgets.texts import Secondary


class ConfusionMatrix(QWidget):
    """Rows are reference labels, columns calls; a click on a cell says which was meant."""

    cell_opened = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._cells: dict[tuple[int, int], QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._title, 0, 0, 1, 3)
        for call in (1, 0):
            head = Secondary(f"called\n{NAMES[call]}")
            head.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(head, 1, 2 - call)
        for place, truth in enumerate((1, 0)):
            side = Secondary(NAMES[truth])
            side.setMinimumWidth(72)
            grid.addWidget(side, 2 + place, 0)
            for call in (1, 0):
                grid.addWidget(self._make_cell(truth, call), 2 + place, 2 - call)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)

    def show_matrix(self, matrix: Matrix) -> None:
        self._title.setText(matrix.title)
        for (truth, call), cell in self._cells.items():
            count = matrix.counts[truth][call]
            cell.setText(f"{count:,}")
            cell.setEnabled(count > 0)
            what = f"{count:,} {NAMES[truth]} by reference label, called {NAMES[call]}"
            cell.setAccessibleName(f"{matrix.title}: {what}")
            cell.setToolTip(f"{what}. Open them.")

    def cell(self, truth: int, call: int) -> QPushButton:
        return self._cells[truth, call]

    def _make_cell(self, truth: int, call: int) -> QPushButton:
        cell = QPushButton()
        cell.setProperty("role", "right" if truth == call else "wrong")
        cell.setMinimumHeight(36)
        cell.clicked.connect(lambda: self.cell_opened.emit(truth, call))
        self._cells[truth, call] = cell
        return cell
