"""All readers on each case, in any order; a case opens its patches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from glomviewer.domain.agreement.by_case import CaseAgreement
from glomviewer.domain.agreement.statistic import Measure, Statistic
from glomviewer.jobs.agreement_words import figure_text, kappa_of, reason_of
from glomviewer.ui.widgets.cells_table import LEFT, NOWHERE, RIGHT, ROWS_LOOKED_AT, Index
from glomviewer.ui.widgets.quiet_table import QuietTable

CASE, PATCHES, DIFFER = 0, 1, 2
FIGURES = (Measure.RAW, Measure.POSITIVE, Measure.NEGATIVE, Measure.COHEN, Measure.AC1)
HEADERS = ("case", "patches", "differ", "raw agreement", "positive", "negative", "kappa", "AC1")
SPOKEN = {PATCHES: "patches called by two readers or more", DIFFER: "patches on which they differ"}
ASCENDING = Qt.SortOrder.AscendingOrder
DESCENDING = Qt.SortOrder.DescendingOrder


class CaseRows(QAbstractTableModel):
    """Texts are made when they are looked at: there may be thousands of cases."""

    def __init__(self) -> None:
        super().__init__()
        self._cases: tuple[CaseAgreement, ...] = ()
        self._rows: list[CaseAgreement] = []
        self._sorted = (DIFFER, DESCENDING)

    def show(self, cases: tuple[CaseAgreement, ...]) -> None:
        self._cases = cases
        self.sort(*self._sorted)

    def case_at(self, row: int) -> CaseAgreement:
        return self._rows[row]

    @property
    def sorted_by(self) -> tuple[int, Qt.SortOrder]:
        return self._sorted

    def sort(self, column: int, order: Qt.SortOrder = ASCENDING) -> None:
        """What is not defined comes last either way; cases that are alike, as they were named."""
        self.beginResetModel()
        self._sorted = (column, order)
        key = _key_of(column)
        known = [one for one in self._cases if key(one) is not None]
        unknown = [one for one in self._cases if key(one) is None]
        known.sort(key=key, reverse=order == DESCENDING)
        self._rows = known + unknown
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            column, order = self._sorted
            arrow = " ↓" if order == DESCENDING else " ↑"
            return HEADERS[section] + (arrow if section == column else "")
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return SPOKEN.get(section, HEADERS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section else LEFT
        return None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        one, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(one, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{one.case}, {SPOKEN.get(column, HEADERS[column])}: {_text(one, column)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            figure = _figure(one, column)
            return reason_of(figure) or None if figure is not None else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column else LEFT
        return None


class CasesTable(QuietTable):
    """`opened` carries the case of a row, and whether only its disputed patches are meant."""

    opened = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Agreement case by case", parent)
        self.rows = CaseRows()
        self.setModel(self.rows)
        self.setSelectionBehavior(QuietTable.SelectionBehavior.SelectItems)
        header = self.horizontalHeader()
        # Qt's own arrow would lie on a name that stands on the right.
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self.sort_by)
        header.setResizeContentsPrecision(ROWS_LOOKED_AT)
        for column in range(len(HEADERS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(CASE, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(self._open)

    def show_cases(self, cases: tuple[CaseAgreement, ...]) -> None:
        current = self.currentIndex()
        kept = self.rows.case_at(current.row()).case if current.isValid() else ""
        column = current.column() if current.isValid() else DIFFER
        self.rows.show(cases)
        self.fit_height_to_rows(12)
        row = next((at for at in range(len(cases)) if self.rows.case_at(at).case == kept), 0)
        if cases:
            self.setCurrentIndex(self.rows.index(row, column))
            self.clearSelection()

    def sort_by(self, column: int) -> None:
        """As a click on the column's name does: what asks for a look first, then turned round."""
        before, order = self.rows.sorted_by
        first = DESCENDING if column in (PATCHES, DIFFER) else ASCENDING
        turned = ASCENDING if order == DESCENDING else DESCENDING
        self.rows.sort(column, turned if column == before else first)

    def sort_by_next(self) -> None:
        self.sort_by((self.rows.sorted_by[0] + 1) % len(HEADERS))

    @property
    def sorted_by(self) -> str:
        return HEADERS[self.rows.sorted_by[0]]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            one = self.rows.case_at(index.row())
            only = index.column() == DIFFER
            if one.disputed or not only:
                self.opened.emit(one, only)


def _key_of(column: int) -> Callable[[CaseAgreement], Any]:
    if column == CASE:
        return lambda one: one.case.casefold()
    if column == PATCHES:
        return lambda one: one.agreement.compared
    if column == DIFFER:
        return lambda one: one.disputed

    def value(one: CaseAgreement) -> float | None:
        figure = _figure(one, column)
        return None if figure is None else figure.value

    return value


def _figure(one: CaseAgreement, column: int) -> Statistic | None:
    if column <= DIFFER:
        return None
    measure = FIGURES[column - DIFFER - 1]
    return one.agreement[kappa_of(one.agreement) if measure is Measure.COHEN else measure]


def _text(one: CaseAgreement, column: int) -> str:
    figure = _figure(one, column)
    if figure is not None:
        return figure_text(figure)
    if column == CASE:
        return one.case
    return f"{one.agreement.compared if column == PATCHES else one.disputed:,}"
