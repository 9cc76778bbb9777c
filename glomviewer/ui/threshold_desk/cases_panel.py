"""The cases whose percentage globally sclerotic crosses a cut-off because the line was moved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.thresholds.crossing import CUT_OFF, CaseCalls, Crossing
from glomviewer.ui.threshold_desk.wording import crossing_headline, share_text
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.numbers import counted
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Body, Secondary

MOST_ROWS = 200
"""More cases are counted, not listed: nobody reads them one by one."""
REMARK = (
    "By the model's calls, against the threshold in force. Cases with locked patches are left out."
)


class CasesPanel(QWidget):
    """`case_opened` carries a Crossing; `cut_off_changed` says that the share has changed."""

    case_opened = Signal(object)
    changed_opened = Signal()
    cut_off_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = Body()
        self.cut_off_edit = QLineEdit(f"{100 * CUT_OFF:g}")
        self.cut_off_edit.setAccessibleName("Cut-off in percent")
        self.cut_off_edit.setFixedWidth(48)
        percents = QDoubleValidator(0.0, 100.0, 2, self)
        percents.setLocale(QLocale.c())
        self.cut_off_edit.setValidator(percents)
        self.changed = QPushButton()
        self.changed.setProperty("role", "small")
        self.table = RowsTable(
            "Cases that cross the cut-off",
            ("Case", "Glomeruli", "Now", "Then"),
            numeric=(1, 2, 3),
            most=6,
            least=3,
        )
        self.remark = Secondary(REMARK)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        top = row(Secondary("Cut-off"), self.cut_off_edit, Secondary("%"), spacing=6)
        top.insertWidget(0, self.headline, 1)
        column.addLayout(top)
        # The table first: it takes what it can use, and the rest stays empty.
        column.addWidget(self.table, 100)
        column.addLayout(row(self.changed, 1))
        column.addWidget(self.remark)
        column.addStretch(1)
        self.table.opened.connect(self.case_opened)
        self.changed.clicked.connect(lambda: self.changed_opened.emit())
        self.cut_off_edit.textEdited.connect(lambda _: self.cut_off_changed.emit())

    @property
    def cut_off(self) -> float:
        """A fraction; 20 % while what is written is no percentage."""
        text = self.cut_off_edit.text().strip()
        try:
            percent = float(text)
        except ValueError:
            return CUT_OFF
        return percent / 100 if 0 < percent <= 100 else CUT_OFF

    def show_crossing(self, crossing: Sequence[Crossing], cases: CaseCalls, changed: int) -> None:
        number = len(crossing)
        self.headline.setText(crossing_headline(number, cases.cases, cases.unit, self.cut_off))
        self.table.setVisible(bool(crossing))
        self.table.show_rows([_row(one) for one in crossing[:MOST_ROWS]])
        calls = counted(changed, "call changes", "calls change")
        self.changed.setText(f"{calls} outside the locked set")
        self.changed.setEnabled(changed > 0)
        self.changed.setToolTip("Open the patches." if changed else "")


def _row(crossing: Crossing) -> Row:
    now = share_text(crossing.before, crossing.glomeruli)
    then = share_text(crossing.after, crossing.glomeruli)
    return Row(
        (crossing.name, f"{crossing.glomeruli:,}", now, then),
        crossing,
        f"{crossing.name}: {crossing.before:,} of {crossing.glomeruli:,} called sclerotic now, "
        f"{crossing.after:,} then. Open its patches.",
    )
