"""A table whose cells, each for itself, stand for patches and open them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from glomviewer.ui.widgets.quiet_table import QuietTable

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ROWS_LOOKED_AT = 40
Behind = Callable[[], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, how the patches behind it are found and what they are called, and what it says
    under the mouse. They are looked for when asked for: thousands of cells would be felt."""

    text: str
    behind: Behind | None = None
    title: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A column's name as it fits, and as it is spoken and told under the mouse."""

    text: str
    full: str = ""

    @property
    def spoken(self) -> str:
        return self.full or self.text


class CellRows(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self._headers: tuple[Header, ...] = ()
        self._rows: tuple[tuple[Cell, ...], ...] = ()

    def show(self, headers: Sequence[Header], rows: Sequence[Sequence[Cell]]) -> None:
        """Show these; where only texts have changed, the cursor stays."""
        same = tuple(headers) == self._headers and len(rows) == len(self._rows)
        if not same:
            self.beginResetModel()
        self._headers, self._rows = tuple(headers), tuple(tuple(row) for row in rows)
        if not same:
            self.endResetModel()
        elif rows:
            last = self.index(len(rows) - 1, len(headers) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def cell(self, row: int, column: int) -> Cell:
        return self._rows[row][column]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._headers)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section].text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._headers[section].spoken
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section else LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = self._rows[index.row()][0].text
            return f"{name}, {self._headers[index.column()].spoken}: {cell.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if index.column() else LEFT
        return None


class CellsTable(QuietTable):
    """Arrows move from cell to cell; Enter or a double-click opens the patches behind one."""

    opened = Signal(object, str)
    """The patches of a cell, and what they are called."""

    def __init__(self, name: str, *, most: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.cells = CellRows()
        self._most = most
        self.setModel(self.cells)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.doubleClicked.connect(lambda index: self._open(index))

    def show_rows(self, headers: Sequence[Header], rows: Sequence[Sequence[Cell]]) -> None:
        """The first column names the row and takes the room that is left."""
        self.cells.show(headers, rows)
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(ROWS_LOOKED_AT)
        for column in range(len(headers)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.fit_height_to_rows(self._most)
        if rows and not self.currentIndex().isValid():
            self.selectionModel().setCurrentIndex(
                self.cells.index(0, min(1, len(headers) - 1)),
                self.selectionModel().SelectionFlag.NoUpdate,
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: Index) -> None:
        if index.isValid():
            cell = self.cells.cell(index.row(), index.column())
            patches = cell.behind() if cell.behind is not None else ()
            if patches:
                self.opened.emit(patches, cell.title)
