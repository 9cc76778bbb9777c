"""A small table of ready-made texts, for lists that hold tens of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from glomviewer.ui.widgets.quiet_table import QuietTable

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ROWS_LOOKED_AT = 40
"""How many rows a column's width is measured on: all of thousands would be felt."""


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of one row, what it stands for, and what it says under the mouse."""

    texts: tuple[str, ...]
    data: Any = None
    tip: str = ""


class TextRows(QAbstractTableModel):
    """`numeric` names the columns whose texts stand on the right."""

    def __init__(self, headers: Sequence[str], numeric: Sequence[int] = ()) -> None:
        super().__init__()
        self._headers = tuple(headers)
        self._numeric = frozenset(numeric)
        self._rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row_at(self, place: int) -> Row:
        return self._rows[place]

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
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section in self._numeric else LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.texts[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._headers[index.column()]} {row.texts[index.column()]}".strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if index.column() in self._numeric else LEFT
        return None


class RowsTable(QuietTable):
    """The view of it; `opened` carries a row's data on Enter and on a double-click."""

    opened = Signal(object)
    moved = Signal()

    def __init__(
        self,
        name: str,
        headers: Sequence[str],
        *,
        numeric: Sequence[int] = (),
        stretch: int = 0,
        most: int = 8,
        least: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self.rows = TextRows(headers, numeric)
        self._most, self._least = most, least
        self.setModel(self.rows)
        header = self.horizontalHeader()
        for column in range(len(headers)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(ROWS_LOOKED_AT)
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.selectionModel().currentRowChanged.connect(lambda *_: self.moved.emit())

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the cursor stays where its row's data are still there."""
        kept = self.current_data()
        self.rows.show(rows)
        self.fit_height_to_rows(self._most, least=self._least)
        for place, row in enumerate(rows):
            if kept is not None and row.data == kept:
                self.setCurrentIndex(self.rows.index(place, 0))
        self.moved.emit()

    def current_data(self) -> Any:
        index = self.currentIndex()
        return self.rows.row_at(index.row()).data if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _open(self, place: int) -> None:
        self.opened.emit(self.rows.row_at(place).data)
