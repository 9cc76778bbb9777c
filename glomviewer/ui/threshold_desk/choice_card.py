"""Where the threshold is chosen: by a rule on a set of patches, or by hand with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from glomviewer.domain.thresholds.history import BY_HAND, Steps
from glomviewer.store.models import ThresholdChange
from glomviewer.ui.threshold_desk.wording import threshold_text
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.probabilities import rule_text
from glomviewer.ui.widgets.texts import Secondary, Warn
from training.threshold_rule import Rule

KINDS = (
    (BY_HAND, "By hand"),
    ("best-f1", "Best F1"),
    ("cost", "A miss costs more"),
    ("recall", "Recall at least"),
    ("precision", "Precision at least"),
)
USUAL = {"cost": "5", "recall": "0.95", "precision": "0.95"}
HINTS = {
    "cost": "times a false alarm",
    "recall": "then the fewest false alarms",
    "precision": "then the most found",
}
ASKED = {
    "cost": "How many times a false alarm a miss costs, such as 5.",
    "recall": "A share above 0 and up to 1, such as 0.95.",
    "precision": "A share above 0 and up to 1, such as 0.95.",
}


class ChoiceCard(Card):
    """Emits what was chosen; `rule_chosen` whenever the line is to go where the rule says."""

    rule_chosen = Signal()
    set_chosen = Signal(str)
    reason_changed = Signal()
    move_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Choose", parent)
        self.kind, self.patches = Chooser("Rule"), Chooser("Patches that it is chosen on")
        for name, text in KINDS:
            self.kind.addItem(text, name)
        self.amount, self.reason = QLineEdit(), QLineEdit()
        self.amount.setAccessibleName("Number of the rule")
        self.amount.setFixedWidth(64)
        numbers = QDoubleValidator(0.0, 1e6, 6, self)
        numbers.setLocale(QLocale.c())
        self.amount.setValidator(numbers)
        self.reason.setAccessibleName("Reason")
        self.reason.setPlaceholderText("Reason")
        self.hint, self.trouble, self.obstacle = Secondary(), Warn(), Secondary()
        self.move_button = QPushButton("Move the threshold")
        self.move_button.setProperty("role", "primary")
        self.undo, self.redo = QPushButton("Undo"), QPushButton("Redo")
        self.trouble.say("")
        self._lay_out()
        self._connect()
        self._show_kind()

    @property
    def rule(self) -> Rule | None:
        """The rule, or None by hand.

        Raises:
            UserError: its number is no number for it.
        """
        kind = str(self.kind.currentData())
        if kind == BY_HAND:
            return None
        return Rule.parse(kind if kind == "best-f1" else f"{kind}:{self.amount.text().strip()}")

    @property
    def asked(self) -> str:
        """Which number the rule takes."""
        return ASKED.get(str(self.kind.currentData()), "")

    def show_by_hand(self) -> None:
        """The line was moved: no rule stands any more."""
        if self.kind.currentData() != BY_HAND:
            self.kind.choose(BY_HAND)

    def show_sets(self, names: Sequence[str], chosen: str) -> None:
        self.patches.clear()
        for name in names:
            self.patches.addItem(f"{name} patches".capitalize(), name)
        self.patches.choose(chosen)
        self.patches.setEnabled(len(names) > 1)

    def show_steps(self, steps: Steps[ThresholdChange], *, writable: bool) -> None:
        """What undo and redo would put back."""
        for button, word, change in (
            (self.undo, "Undo", steps.undo),
            (self.redo, "Redo", steps.redo),
        ):
            button.setEnabled(writable and change is not None)
            button.setVisible(change is not None or button is self.undo)
            back = "" if change is None else f"{word}: back to {threshold_text(change.logit)}"
            button.setText(back or word)
            rule = "" if change is None else rule_text(change.rule) or "no rule was kept"
            button.setToolTip(
                f"It was chosen: {rule}. This is a new line of the history."
                if rule
                else f"There is nothing to {word.lower()}."
            )

    def show_obstacle(self, sentence: str) -> None:
        """Why it can't be moved as it stands; "" where it can."""
        self.move_button.setEnabled(not sentence)
        self.obstacle.setText(sentence or "It is kept with your name, the time and the reason.")

    def show_trouble(self, sentence: str) -> None:
        self.trouble.say(sentence)

    def _on_kind(self) -> None:
        if self.kind.currentData() != BY_HAND:
            self.rule_chosen.emit()

    def _show_kind(self) -> None:
        kind = str(self.kind.currentData())
        self.trouble.say("")
        self.amount.setText(USUAL.get(kind, ""))
        self.amount.setVisible(kind in USUAL)
        self.hint.setText(HINTS.get(kind, ""))
        self.hint.setVisible(kind in USUAL)
        by_hand = kind == BY_HAND
        self.reason.setPlaceholderText("Reason" if by_hand else "Reason, if there is one")

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        number = row(self.amount)
        number.addWidget(self.hint, 1)
        for place, (name, widget) in enumerate(
            (("Rule", self.kind), ("On", self.patches), ("Why", self.reason))
        ):
            label = Secondary(name)
            label.setBuddy(widget)
            grid.addWidget(label, 2 * place, 0)
            grid.addWidget(widget, 2 * place, 1)
            if widget is self.kind:
                # Tab goes by the order in which they come in.
                grid.addLayout(number, 1, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.trouble)
        buttons = FlowLayout(gap=8)
        for button in (self.move_button, self.undo, self.redo):
            buttons.addWidget(button)
        self.body.addLayout(buttons)
        self.body.addWidget(self.obstacle)
        self.body.addStretch(1)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _: self._show_kind())
        self.kind.activated.connect(lambda _: self._on_kind())
        self.amount.textEdited.connect(lambda _: self.rule_chosen.emit())
        self.patches.activated.connect(
            lambda _: self.set_chosen.emit(str(self.patches.currentData()))
        )
        self.reason.textChanged.connect(lambda _: self.reason_changed.emit())
        self.reason.returnPressed.connect(self._on_return)
        self.move_button.clicked.connect(lambda: self.move_asked.emit())
        self.undo.clicked.connect(lambda: self.undo_asked.emit())
        self.redo.clicked.connect(lambda: self.redo_asked.emit())
        self.kind.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _on_return(self) -> None:
        if self.move_button.isEnabled():
            self.move_asked.emit()
