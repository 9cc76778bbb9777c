"""What relabelling does: each case's percentage before and after adjudicating."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from glomviewer.domain.agreement.percentages import RelabelledCase, Relabelling
from glomviewer.domain.disputes.relabelled import AFTER, BEFORE, relabelled_by_adjudication
from glomviewer.domain.disputes.wording import (
    category_text,
    percentage_text,
    relabelling_sentence,
)
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.thresholds.crossing import CUT_OFF
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library
from glomviewer.ui.disputes.head import BUTTON_HEIGHT
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.key_button import KeyButton
from glomviewer.ui.widgets.page_state import PageState
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Headline, Secondary
from glomviewer.ui.widgets.ticks import TickBox

HEADERS = ("Case", "Before", "After", "Category before", "Category after")
REMARK = (
    f"Before: {BEFORE}. After: {AFTER}. Intervals are Wilson's, 95 %. Cannot tell, not a "
    "glomerulus, excluded patches and duplicates are in no percentage. For review, not for "
    "diagnosis."
)


class RelabellingView(QWidget):
    """Reads anew whenever it comes into view."""

    left = Signal()
    open_patches = Signal(object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What relabelling does")
        self._session = session
        self._found: Relabelling | None = None
        self.cut_offs: tuple[float, ...] = (CUT_OFF,)
        self.headline = Headline()
        self.field = QLineEdit(f"{100 * CUT_OFF:g}")
        self.field.setAccessibleName("Cut-offs in per cent")
        self.field.setToolTip("One or several, in per cent, with commas between")
        self.field.setFixedWidth(88)
        self.field.editingFinished.connect(self._on_cut_offs)
        self.every = TickBox("Every case")
        self.every.toggled.connect(self._show)
        self.back = KeyButton("Back to the disputes", ["Esc"])
        self.back.setFixedHeight(BUTTON_HEIGHT)
        self.back.clicked.connect(self.left)
        self.table = RowsTable("Cases before and after", HEADERS, most=400, least=3)
        self.table.opened.connect(self._open)
        self._arrange()

    def refresh(self) -> None:
        if not self.isVisible():
            return
        table, labels, cut_offs = self._session.table, self._session.label_set, self.cut_offs

        def question(library: Library) -> Relabelling:
            before = library.labels_before_adjudication()
            return relabelled_by_adjudication(table, before, labels, cut_offs)

        self._session.ask(
            question,
            self._on_counted,
            lane="relabelling",
            failed=lambda sentence: self.state.show_failed(sentence, retry=self.refresh),
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _on_counted(self, found: Relabelling) -> None:
        self._found = found
        self._show()

    def _show(self) -> None:
        found = self._found
        if found is None:
            return
        self.headline.setText(relabelling_sentence(found))
        moved = {case.case for case in found.changing}
        others = [case for case in found.cases if case.case not in moved]
        shown = [
            *found.changing,
            *(case for case in others if case.relabelled or self.every.isChecked()),
        ]
        self.table.show_rows([self._row(case, found) for case in shown])
        if shown:
            self.state.show_content()
        else:
            self.state.show_empty(
                "No case's percentage has changed",
                "Settle a dispute, and what that does to its case stands here.",
            )

    def _row(self, case: RelabelledCase, found: Relabelling) -> Row:
        before = category_text(case.category_before, found.cut_offs)
        after = category_text(case.category_after, found.cut_offs)
        return Row(
            texts=(
                case.case,
                percentage_text(case.before),
                percentage_text(case.after),
                before,
                after if case.changes_category else "the same",
            ),
            data=case.case,
        )

    def _open(self, case: object) -> None:
        name = str(case)
        known = name in self._session.table.cases
        query = PatchQuery(cases=(name,)) if known else PatchQuery(slides=(name,))
        self.open_patches.emit(query, name)

    def _on_cut_offs(self) -> None:
        wanted = cut_offs_of(self.field.text())
        if wanted is None:
            self.trouble.setText("Give per cents above 0 and at most 100, such as 20, 50.")
            self.trouble.show()
            return
        self.trouble.hide()
        if wanted != self.cut_offs:
            self.cut_offs = wanted
            self.refresh()

    def _arrange(self) -> None:
        self.trouble = QLabel()
        self.trouble.setProperty("role", "danger")
        self.trouble.hide()
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.table)
        inside.addStretch(1)
        self.state = PageState(content)
        self.state.show_loading("Counting…")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        top = row(self.back)
        top.insertWidget(0, self.headline, 1)
        column.addLayout(top)
        cut_offs = Secondary("Cut-offs in %")
        cut_offs.setWordWrap(False)
        column.addLayout(row(cut_offs, self.field, self.every, self.trouble, 1))
        column.addWidget(self.state, 1)
        column.addWidget(Secondary(REMARK))


def cut_offs_of(text: str) -> tuple[float, ...] | None:
    """`20, 50` as fractions in ascending order; None where it is no list of per cents."""
    try:
        values = sorted({float(part) / 100 for part in text.replace("%", " ").split(",")})
    except ValueError:
        return None
    return tuple(values) if values and all(0 < value <= 1 for value in values) else None
