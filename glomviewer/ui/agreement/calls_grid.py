"""Two callers' calls, cell by cell; each cell is a button that opens its patches."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from glomviewer.domain.agreement.confusion import Confusion
from glomviewer.domain.labels import LabelSet
from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.texts import Secondary

ROOM_FOR_NAME = 92


class CallsGrid(QWidget):
    """Rows are the calls of the first, columns those of the second."""

    cell_opened = Signal(int, int)
    """The codes of the first's and of the second's call."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells: dict[tuple[int, int], QPushButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(4)
        self._shape: tuple[int, ...] = ()
        self._across = ElidedLabel()
        self._across.setProperty("role", "secondary")
        self._across.setAlignment(Qt.AlignmentFlag.AlignHCenter)

    def show_confusion(self, confusion: Confusion, labels: LabelSet) -> None:
        """Show these counts; buttons are made anew only for other labels."""
        if confusion.categories != self._shape:
            self._make(confusion.categories, labels)
        first, second = confusion.raters
        self._across.setText(f"{second} →   {first} ↓")
        for (row, column), cell in self.cells.items():
            count = confusion.count(row, column)
            what = (
                f"{count:,} called {labels.name_of(row)} by {first} and "
                f"{labels.name_of(column)} by {second}"
            )
            cell.setText(f"{count:,}")
            cell.setEnabled(count > 0)
            cell.setAccessibleName(what)
            cell.setToolTip(f"{what}. Open them." if count else what)

    def _make(self, categories: tuple[int, ...], labels: LabelSet) -> None:
        self._clear()
        self._shape = categories
        self._grid.addWidget(self._across, 0, 1, 1, len(categories))
        self._across.show()
        for place, code in enumerate(categories):
            head = Secondary(labels[code].short)
            head.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            side = Secondary(labels[code].short)
            side.setMinimumWidth(ROOM_FOR_NAME)
            self._grid.addWidget(head, 1, 1 + place)
            self._grid.addWidget(side, 2 + place, 0)
            self._grid.setColumnStretch(1 + place, 1)
        for row, first in enumerate(categories):
            for column, second in enumerate(categories):
                self._grid.addWidget(self._cell(first, second), 2 + row, 1 + column)

    def _cell(self, first: int, second: int) -> QPushButton:
        cell = QPushButton()
        cell.setProperty("role", "right" if first == second else "wrong")
        cell.setMinimumHeight(32)
        cell.clicked.connect(lambda: self.cell_opened.emit(first, second))
        self.cells[first, second] = cell
        return cell

    def _clear(self) -> None:
        self.cells.clear()
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self._across:
                widget.hide()
                widget.deleteLater()
