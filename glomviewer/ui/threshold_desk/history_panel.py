"""Every threshold that the model has had: when, where, by whose rule, by whom and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.store.models import ThresholdChange
from glomviewer.ui.threshold_desk.wording import threshold_text, when_text
from glomviewer.ui.widgets.probabilities import rule_text
from glomviewer.ui.widgets.rows_table import Row, RowsTable


class HistoryPanel(QWidget):
    """Newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = RowsTable(
            "History of the threshold",
            ("When", "At", "By", "Rule and reason"),
            numeric=(1,),
            stretch=3,
            most=8,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.table)
        column.addStretch(1)

    def show_history(self, history: Sequence[ThresholdChange]) -> None:
        now = datetime.now().astimezone()
        self.table.show_rows([_row(change, now) for change in history])


def _row(change: ThresholdChange, now: datetime) -> Row:
    when = when_text(change.made_at, now)
    who = change.reader.initials if change.reader is not None else "—"
    why = ", ".join(part for part in (rule_text(change.rule), change.reason) if part)
    exactly = change.made_at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
    name = change.reader.name if change.reader is not None else "the training"
    tip = f"{exactly}, {name}: {why}"
    return Row((when, threshold_text(change.logit), who, why), change, tip)
