"""The gate: is the candidate better than the active model, in words and figures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.ui.models.gate_table import GateTable
from glomviewer.ui.models.verdict import Verdict
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.texts import Headline, Secondary

NOTHING_YET = "No model has been through the gate yet"
WHAT_IT_IS = (
    "After each run the new model and the active one call the locked patches, which neither has "
    "seen. Only a model that is better, or not worse, may take the other's place by itself."
)


class GateCard(Card):
    """Shows a verdict; says what its reader wants to do about it."""

    promote_chosen = Signal()
    keep_chosen = Signal()
    overrule_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("The gate", parent)
        self.headline, self.sentence, self.looks = Headline(), Secondary(), Secondary()
        self.table = GateTable()
        self.needed, self.left_out = Secondary(), Secondary()
        self.promote = _button("Promote", self.promote_chosen.emit)
        self.promote.setProperty("role", "primary")
        self.keep = _button("Keep the active model", self.keep_chosen.emit)
        self.overrule = _button("Promote all the same…", self.overrule_chosen.emit)
        self.decision = QWidget()
        buttons = FlowLayout(self.decision, gap=8)
        for button in (self.promote, self.keep, self.overrule):
            buttons.addWidget(button)
        self._details = QWidget()
        details = QVBoxLayout(self._details)
        details.setContentsMargins(0, 8, 0, 0)
        details.setSpacing(8)
        for widget in (self.table, self.needed, self.left_out):
            details.addWidget(widget)
        for widget in (self.headline, self.sentence, self.looks, self.decision, self._details):
            self.body.addWidget(widget)
        self.show_verdict(None)

    def show_verdict(
        self, verdict: Verdict | None, *, old: str = "", new: str = "", undecided: bool = False
    ) -> None:
        """Show this verdict; `undecided` offers to promote or to keep."""
        self._details.setVisible(verdict is not None)
        self.decision.setVisible(verdict is not None and undecided)
        if verdict is None:
            self.headline.setText(NOTHING_YET)
            self.sentence.setText(WHAT_IT_IS)
            self.looks.say("")
            return
        self.headline.setText(verdict.headline)
        self.sentence.setText(verdict.sentence)
        self.looks.say(verdict.looks)
        self.table.setVisible(bool(verdict.rows))
        self.table.show_rows(verdict.rows, old, new)
        self.needed.say("" if verdict.needed in verdict.sentence else verdict.needed)
        self.left_out.say(verdict.left_out)
        self.promote.setVisible(verdict.may_promote)
        self.overrule.setVisible(not verdict.may_promote)
        self.keep.setText(f"Keep {old}" if old else "Leave it")


def _button(text: str, clicked: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda: clicked())
    return button
