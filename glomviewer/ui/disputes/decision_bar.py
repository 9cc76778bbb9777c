"""Under the patch: one key a decision, then its reason, then Enter."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.domain.labels import LabelSet
from glomviewer.ui.colours import colours_of
from glomviewer.ui.disputes.head import BUTTON_HEIGHT
from glomviewer.ui.review.label_buttons import LabelButtons
from glomviewer.ui.shapes import label_icon
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.key_button import KeyButton
from glomviewer.ui.widgets.texts import Secondary, Text

SHAPE = 14
OFFERED = {
    Referral.READING: "Another reading",
    Referral.CONSENSUS: "Consensus list",
    Referral.NONE: "Open again",
}
# What a patch has already is not offered.
WAITS_FOR = {
    DisputeState.SENT_BACK: Referral.READING,
    DisputeState.CONSENSUS: Referral.CONSENSUS,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is about to be decided of a patch: a label, or with `label` None a referral."""

    patch: int
    label: int | None = None
    to: Referral = Referral.NONE

    @property
    def needs_reason(self) -> bool:
        return self.label is not None


class DecisionBar(QWidget):
    label_pressed = Signal(int)
    refer_pressed = Signal(object)
    confirmed = Signal(object, str)
    """A verdict and its reason."""
    left = Signal()
    """The reason was written or given up: keys go back to the patches."""

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Decide")
        self._labels = labels
        self.verdict: Verdict | None = None
        self._in_force: int | None = None
        self.buttons = LabelButtons(labels, in_one_row=True)
        self.buttons.pressed.connect(self.label_pressed)
        self.referrals = {to: KeyButton(text) for to, text in OFFERED.items()}
        for to, button in self.referrals.items():
            button.setFixedHeight(BUTTON_HEIGHT)
            button.clicked.connect(lambda _=False, where=to: self.refer_pressed.emit(where))
        self.referrals[Referral.NONE].hide()
        self.note = Secondary()
        self._shape, self.asks = QLabel(), Text()
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Reason")
        self.reason.installEventFilter(self)
        self._arrange()

    def ask(self, verdict: Verdict) -> None:
        """Ask for the reason of what a key has just said."""
        self.verdict = verdict
        if verdict.label is not None:
            label = self._labels[verdict.label]
            icon = label_icon(label, colours_of(self), SHAPE)
            self._shape.setPixmap(icon.pixmap(QSize(SHAPE, SHAPE), self.devicePixelRatioF()))
            self.asks.setText(f"{label.name[:1].upper()}{label.name[1:]}, because")
            self.reason.setPlaceholderText("Why? Enter settles it, Esc leaves it open")
        else:
            self.asks.setText(
                {
                    Referral.READING: "Back for another reading, because",
                    Referral.CONSENSUS: "Onto the consensus list, because",
                    Referral.NONE: "Open again, because",
                }[verdict.to]
            )
            self.reason.setPlaceholderText("Why, if there is a reason; Enter does it")
        self._shape.setVisible(verdict.label is not None)
        self.buttons.set_chosen(verdict.label)
        self.reason.clear()
        self._lines.setCurrentWidget(self._asking)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_up(self) -> None:
        """Nothing is decided."""
        if self.verdict is None:
            return
        self.verdict = None
        self.buttons.set_chosen(self._in_force)
        self._lines.setCurrentWidget(self._offering)
        self.left.emit()

    def show_in_force(self, label: int | None) -> None:
        """What the patch has been settled as, None while it isn't."""
        self._in_force = label
        if self.verdict is None:
            self.buttons.set_chosen(label)

    def set_usable(self, usable: bool, state: DisputeState | None, *, note: str) -> None:
        """`state` of the patch, which only an unsettled dispute can be referred from; None while
        it is read, which changes nothing but that."""
        self.buttons.set_usable(usable)
        waits_for = Referral.NONE if state is None else WAITS_FOR.get(state, Referral.NONE)
        for to, button in self.referrals.items():
            button.setEnabled(usable and state not in (None, DisputeState.SETTLED))
            if state is not None:
                button.setVisible(to is not waits_for)
        self.note.say(note)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.reason and isinstance(event, QKeyEvent):
            key = event.key()
            if event.type() == QEvent.Type.ShortcutOverride and key == Qt.Key.Key_Escape:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                if key == Qt.Key.Key_Escape:
                    self.give_up()
                    return True
                if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._confirm()
                    return True
        return super().eventFilter(watched, event)

    def _confirm(self) -> None:
        verdict, reason = self.verdict, self.reason.text().strip()
        if verdict is None:
            return
        if verdict.needs_reason and not reason:
            self.reason.setPlaceholderText("It needs a reason, which stands beside the label")
            return
        self.give_up()
        self.confirmed.emit(verdict, reason)

    def _arrange(self) -> None:
        self._offering = QWidget()
        offering = row(*self.referrals.values(), 1)
        offering.insertWidget(len(self.referrals), self.note, 1)
        self._offering.setLayout(offering)
        self._asking = QWidget()
        asking = row(self._shape, self.asks)
        asking.addWidget(self.reason, 1)
        self._asking.setLayout(asking)
        self._lines = QStackedWidget()
        self._lines.addWidget(self._offering)
        self._lines.addWidget(self._asking)
        self._lines.setFixedHeight(36)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(8)
        column.addWidget(self.buttons)
        column.addWidget(self._lines)
