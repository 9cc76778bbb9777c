"""The table of cases: sorts by a click, opens by Enter, unfolds by the right arrow."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from glomviewer.domain.cases import CaseSummary
from glomviewer.ui.cases.delegate import CaseDelegate, triangle_rect
from glomviewer.ui.cases.rows_model import OPEN_ROLE, CaseRows, Column
from glomviewer.ui.widgets.quiet_table import QuietTable

WIDTHS = {
    Column.GLOMERULI: 96,
    Column.REFERENCE: 296,
    Column.MODEL: 296,
    Column.CANNOT_TELL: 92,
    Column.NOT_A_GLOMERULUS: 92,
    Column.EXCLUDED: 80,
    Column.UNLABELLED: 80,
}


class CaseTable(QuietTable):
    """`opened` carries the CaseSummary of a double-clicked row."""

    opened = Signal(object)

    def __init__(self, rows: CaseRows, parent: QWidget | None = None) -> None:
        super().__init__("Cases and slides", parent)
        self.rows = rows
        self.setModel(rows)
        self.setItemDelegate(CaseDelegate(self))
        self.setMouseTracking(True)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.CASE, Qt.SortOrder.AscendingOrder)
        header = self.horizontalHeader()
        header.setSectionResizeMode(Column.CASE, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(64)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)
        self.doubleClicked.connect(lambda index: self.opened.emit(rows.summary_at(index.row())))

    def current_summary(self) -> CaseSummary | None:
        index = self.currentIndex()
        return self.rows.summary_at(index.row()) if index.isValid() else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == Column.CASE:
            is_open = index.data(OPEN_ROLE)
            hit = triangle_rect(self.visualRect(index)).contains(event.position().toPoint())
            if hit and is_open is not None:
                self.rows.set_open(index.row(), not is_open)
                return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.isValid():
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.opened.emit(self.rows.summary_at(index.row()))
                return
            if key == Qt.Key.Key_Right:
                self.rows.set_open(index.row(), True)
                return
            if key == Qt.Key.Key_Left:
                self._fold(index.row())
                return
        super().keyPressEvent(event)

    def _fold(self, row: int) -> None:
        summary = self.rows.summary_at(row)
        if summary.slide:
            self.setCurrentIndex(self.rows.index(self.rows.row_of(summary.case), Column.CASE))
        else:
            self.rows.set_open(row, False)
