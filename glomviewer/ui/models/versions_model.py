"""The table of a library's models, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from glomviewer.domain.records import ModelRecord
from glomviewer.ui.models.figures import (
    UNKNOWN,
    locked_figure,
    rule_text,
    threshold_text,
    when_text,
)

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
UNKNOWN_TIP = (
    "It is not known what this model was trained on. It may have seen the locked patches, "
    "so its figures on them would prove nothing."
)


class VersionsModel(QAbstractTableModel):
    """Columns: model, state, AUC and F1 on the locked set, threshold, trained when."""

    HEADERS = ("Model", "", "AUC, locked set", "F1, locked set", "Threshold", "Added")

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self._records: list[ModelRecord] = []
        self._candidate = ""

    def show(self, records: Sequence[ModelRecord], candidate: str) -> None:
        """Show these models; `candidate` is the id of the one that waits for a decision."""
        self.beginResetModel()
        self._records = list(records)
        self._candidate = candidate
        self.endResetModel()

    def record_at(self, row: int) -> ModelRecord:
        return self._records[row]

    def row_of(self, model_id: str) -> int:
        """The row of this model, -1 where it is not in the table."""
        return next((row for row, one in enumerate(self._records) if one.id == model_id), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.HEADERS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        record = self._records[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(record)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(record, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            header = self.HEADERS[index.column()]
            return f"{header} {self._texts(record)[index.column()]}".strip()
        return None

    def _texts(self, record: ModelRecord) -> tuple[str, ...]:
        return (
            record.title,
            self._state(record),
            locked_figure(record, "auc"),
            locked_figure(record, "f1"),
            threshold_text(record),
            when_text(record.created, self._now()),
        )

    def _state(self, record: ModelRecord) -> str:
        if record.active:
            return "active"
        return "candidate" if record.id == self._candidate else ""

    def _tip(self, record: ModelRecord, column: int) -> str | None:
        if column in (2, 3) and self._texts(record)[column] == UNKNOWN:
            return UNKNOWN_TIP
        if column == 4:
            return rule_text(str(record.card.get("threshold", {}).get("rule", ""))) or None
        added = f"Added {when_text(record.created, self._now())}."
        return f"{added} {record.note}".strip()
