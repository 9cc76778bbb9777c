"""Cases with their slides beneath, as rows of a table that sorts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from glomviewer.domain.cases import CaseSummary, Proportion

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
HIDDEN = "hidden until decided"
NO_CASE = "no case known"
PROPORTION_ROLE = int(Qt.ItemDataRole.UserRole) + 1
SUMMARY_ROLE = int(Qt.ItemDataRole.UserRole) + 2
OPEN_ROLE = int(Qt.ItemDataRole.UserRole) + 3
"""True and False for a case whose slides are and aren't shown, None where there are none."""


class Column(IntEnum):
    CASE = 0
    GLOMERULI = 1
    REFERENCE = 2
    MODEL = 3
    CANNOT_TELL = 4
    NOT_A_GLOMERULUS = 5
    EXCLUDED = 6
    UNLABELLED = 7


HEADERS = {
    Column.CASE: "Case",
    Column.GLOMERULI: "Glomeruli",
    Column.REFERENCE: "Sclerotic, by reference label",
    Column.MODEL: "Sclerotic, by the model",
    Column.CANNOT_TELL: "Cannot tell",
    Column.NOT_A_GLOMERULUS: "Not a glom.",
    Column.EXCLUDED: "Excluded",
    Column.UNLABELLED: "No label",
}
TIPS = {
    Column.GLOMERULI: "Without excluded patches, duplicates, cannot tell and not a glomerulus. "
    "Serial sections show one glomerulus more than once, and each counts here.",
    Column.REFERENCE: "Globally sclerotic of those with a reference label; Wilson 95 % interval.",
    Column.MODEL: "Called globally sclerotic by the active model; Wilson 95 % interval.",
    Column.NOT_A_GLOMERULUS: "Labelled not a glomerulus: in no percentage.",
    Column.CANNOT_TELL: "Labelled cannot tell: in no percentage.",
    Column.UNLABELLED: "Patches without a reference label; disputed ones have none.",
}


def percentage_text(proportion: Proportion) -> str:
    """`25 % (12 to 45), 5 of 20`."""
    if not proportion.total:
        return "–"
    low, high = round(100 * proportion.low), round(100 * proportion.high)
    share = round(100 * proportion.value)
    return f"{share} % ({low} to {high}), {proportion.positive:,} of {proportion.total:,}"


class CaseRows(QAbstractTableModel):
    """A flat table of what is open: a case, then its slides where it has been opened."""

    def __init__(self) -> None:
        super().__init__()
        self._summaries: list[CaseSummary] = []
        self._open: set[str] = set()
        self._rows: list[CaseSummary] = []
        self._needle = ""
        self._sorted_by: tuple[int, Qt.SortOrder] = (Column.CASE, Qt.SortOrder.AscendingOrder)

    def show(self, summaries: Sequence[CaseSummary]) -> None:
        self._summaries = list(summaries)
        self._rebuild()

    def find(self, text: str) -> None:
        """Show only cases whose name, or a slide's, contains this."""
        self._needle = text.strip().casefold()
        self._rebuild()

    def summary_at(self, row: int) -> CaseSummary:
        return self._rows[row]

    def row_of(self, case: str, slide: str = "") -> int:
        """The row of this case or slide, -1 where it isn't shown."""
        found = (n for n, one in enumerate(self._rows) if (one.case, one.slide) == (case, slide))
        return next(found, -1)

    def is_open(self, row: int) -> bool | None:
        summary = self._rows[row]
        if summary.slide or not summary.slides:
            return None
        return summary.case in self._open

    def set_open(self, row: int, wanted: bool) -> None:
        """Show or hide the slides of the case in this row."""
        if self.is_open(row) in (None, wanted):
            return
        summary = self._rows[row]
        if wanted:
            slides = self._ordered(summary.slides)
            self.beginInsertRows(NOWHERE, row + 1, row + len(slides))
            self._open.add(summary.case)
            self._rows[row + 1 : row + 1] = slides
            self.endInsertRows()
        else:
            last = row + len(summary.slides)
            self.beginRemoveRows(NOWHERE, row + 1, last)
            self._open.discard(summary.case)
            del self._rows[row + 1 : last + 1]
            self.endRemoveRows()
        self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = (column, order)
        self._rebuild()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS.get(column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        summary, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(summary, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADERS[column]}: {self.text(summary, column)}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(summary, column)
        if role == SUMMARY_ROLE:
            return summary
        if role == PROPORTION_ROLE:
            return _proportion(summary, column)
        if role == OPEN_ROLE and column == Column.CASE:
            return self.is_open(index.row())
        return None

    @staticmethod
    def text(summary: CaseSummary, column: Column) -> str:
        if column == Column.CASE:
            return summary.slide or summary.case or NO_CASE
        if column == Column.GLOMERULI:
            return f"{summary.glomeruli:,} · few" if summary.few else f"{summary.glomeruli:,}"
        if column == Column.REFERENCE:
            return percentage_text(summary.reference)
        if column == Column.MODEL:
            if summary.hidden:
                return HIDDEN
            return "–" if summary.model is None else percentage_text(summary.model)
        number = _number(summary, column)
        return f"{number:,}" if number else "–"

    def _rebuild(self) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        keys = [(self._rows[one.row()].case, self._rows[one.row()].slide) for one in old]
        rows: list[CaseSummary] = []
        for summary in self._ordered([one for one in self._summaries if self._matches(one)]):
            rows.append(summary)
            if summary.case in self._open:
                rows.extend(self._ordered(summary.slides))
        self._rows = rows
        places = {(one.case, one.slide): row for row, one in enumerate(rows)}
        new = [
            self.index(places[key], one.column()) if key in places else NOWHERE
            for key, one in zip(keys, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _matches(self, summary: CaseSummary) -> bool:
        needle = self._needle
        return (
            not needle
            or needle in summary.case.casefold()
            or any(needle in slide.slide.casefold() for slide in summary.slides)
        )

    def _ordered(self, summaries: Sequence[CaseSummary]) -> list[CaseSummary]:
        column, order = self._sorted_by
        key = _sort_key(Column(column))
        return sorted(summaries, key=key, reverse=order == Qt.SortOrder.DescendingOrder)


def _sort_key(column: Column) -> Callable[[CaseSummary], Any]:
    if column == Column.CASE:
        return lambda one: (one.slide or one.case).casefold()
    if column == Column.GLOMERULI:
        return lambda one: one.glomeruli
    if column in (Column.REFERENCE, Column.MODEL):
        return lambda one: _share(_proportion(one, column))
    return lambda one: _number(one, column)


def _share(proportion: Proportion | None) -> float:
    if proportion is None or math.isnan(proportion.value):
        return -1.0
    return proportion.value


def _proportion(summary: CaseSummary, column: Column) -> Proportion | None:
    if column == Column.REFERENCE:
        return summary.reference if summary.reference.total else None
    if column == Column.MODEL:
        return summary.model if summary.model is not None and summary.model.total else None
    return None


def _number(summary: CaseSummary, column: Column) -> int:
    return {
        Column.CANNOT_TELL: summary.cannot_tell,
        Column.NOT_A_GLOMERULUS: summary.not_a_glomerulus,
        Column.EXCLUDED: summary.excluded,
        Column.UNLABELLED: summary.unlabelled + summary.disputed,
    }[column]


def _tip(summary: CaseSummary, column: Column) -> str | None:
    if column == Column.GLOMERULI and summary.few:
        return "Fewer than 10 glomeruli: the percentage says little."
    if column == Column.MODEL and summary.hidden:
        return (
            f"The calls on {summary.hidden:,} locked patches are hidden until you have decided "
            "them, and a percentage would give them away."
        )
    if column == Column.MODEL and summary.trained_on:
        return (
            f"The model has learned from {summary.trained_on:,} of these patches, so its "
            "percentage here agrees better than it would on a new case."
        )
    if column == Column.UNLABELLED and summary.disputed:
        return f"{summary.disputed:,} of them disputed."
    return None


def _side(column: Column) -> Qt.AlignmentFlag:
    left = column in (Column.CASE, Column.REFERENCE, Column.MODEL)
    side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
