"""Who made which model active, when and why."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from glomviewer.store.models import Promotion
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.models.models_state import ModelsState
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Secondary

VERDICTS = {
    "better": "better",
    "not_worse": "not worse",
    "worse": "worse",
    "cannot_tell": "cannot tell",
    "refused": "not judged",
    "first": "first model",
    "none": "never judged",
}


class HistoryDialog(FormDialog):
    """Promotions and roll backs, newest first."""

    def __init__(self, state: ModelsState, parent: QWidget | None = None) -> None:
        looks = (
            f"{state.looks:,} {'look' if state.looks == 1 else 'looks'} at the locked set so far."
        )
        super().__init__(
            title="History of the active model",
            sentence=looks,
            verb="Close",
            cancel=False,
            width=720,
            parent=parent,
        )
        self.table = RowsTable(
            "Promotions", ("When", "Active from then", "By", "Gate", "Reason"), stretch=4, most=12
        )
        self.table.show_rows([_row(promotion, state) for promotion in state.promotions])
        self.table.setVisible(bool(state.promotions))
        self.add(self.table)
        if not state.promotions:
            self.add(Secondary("No model has been active yet."))


def _row(promotion: Promotion, state: ModelsState) -> Row:
    model = state.model(promotion.model)
    who = promotion.reader.initials if promotion.reader is not None else "the gate"
    verdict = VERDICTS.get(promotion.verdict, promotion.verdict)
    reason = promotion.reason or promotion.kind
    if promotion.overruled:
        verdict = f"{verdict}, overruled"
    return Row(
        (
            promotion.made_at.astimezone().strftime("%Y-%m-%d %H:%M"),
            model.title if model is not None else "a removed model",
            who,
            verdict,
            reason,
        ),
        promotion,
        reason,
    )
