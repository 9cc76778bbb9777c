"""The line under the patch, of one height whatever it says, so that the patch never jumps.

It offers the stain views; after `cannot tell` it asks for the reason; after a commit it may tell
the model's call.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from glomviewer.domain.labels import Label
from glomviewer.domain.stain_views import StainView
from glomviewer.ui.readings.said_label import SaidLabel
from glomviewer.ui.readings.wording import Revealed
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.key_button import KeyButton
from glomviewer.ui.widgets.texts import Text, Warn

HEIGHT = 64
VIEW_NAMES = {
    StainView.NORMALISED: "Stain-normalised",
    StainView.HAEMATOXYLIN: "Haematoxylin",
    StainView.PAS: "PAS",
}


class ViewsOffered(QWidget):
    """A view is held while its button is."""

    held = Signal(object)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {view: KeyButton(name, small=True) for view, name in VIEW_NAMES.items()}
        hold = Text("While held:")
        hold.setProperty("role", "secondary")
        for view, button in self.buttons.items():
            button.pressed.connect(lambda one=view: self.held.emit(one))
            button.released.connect(self.released)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 0)
        column.addLayout(row(1, hold, *self.buttons.values(), 1))

    def set_keys(self, view: StainView, keys: Sequence[str]) -> None:
        self.buttons[view].set_keys(keys)


class ReasonAsked(QWidget):
    """Why somebody cannot tell: one further key, and no dialog."""

    chosen = Signal(int)
    """Which of the label's details, counted from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = Text()
        self.buttons: list[KeyButton] = []
        self.other = Text("or another label; Esc takes it back")
        self.other.setProperty("role", "secondary")
        self._line = row(1, self.question, self.other, 1, spacing=8)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 0)
        column.addLayout(self._line)

    def ask(self, label: Label, keys: Sequence[Sequence[str]]) -> None:
        """Offer the details of a label, each with its keys."""
        self.question.setText(f"{label.name[:1].upper()}{label.name[1:]}, because it is:")
        for button in self.buttons:
            self._line.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        for place, (detail, own) in enumerate(zip(label.details, keys, strict=False)):
            button = KeyButton(detail, own)
            button.setFixedHeight(32)
            button.setAccessibleName(f"{label.name}: {detail}")
            button.clicked.connect(lambda _checked=False, one=place: self.chosen.emit(one))
            self._line.insertWidget(2 + place, button)
            self.buttons.append(button)


class CallRevealed(QWidget):
    """One's own label and the model's call beside it, and what one may do now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.own, self.call = SaidLabel("You:", filled=True), SaidLabel("Model:", filled=False)
        self.agreement = Text()
        self.agreement.setProperty("role", "secondary")
        self.small = ElidedLabel(modest=False)
        self.small.setProperty("role", "secondary")
        self.small.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.keep = KeyButton("Keep and go on")
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addLayout(row(1, self.own, self.call, self.agreement, 1, spacing=24))
        told.addWidget(self.small)
        line = QHBoxLayout(self)
        line.setContentsMargins(24, 4, 24, 4)
        line.setSpacing(24)
        line.addStretch(1)
        line.addLayout(told)
        line.addWidget(self.keep)
        line.addStretch(1)

    def tell(self, revealed: Revealed) -> None:
        self.own.setVisible(revealed.own is not None)
        if revealed.own is not None:
            self.own.say(revealed.own)
        self.call.say(revealed.call, revealed.chance)
        self.agreement.say(revealed.agreement)
        self.small.setText(revealed.about)
        self.keep.setVisible(revealed.own is not None)

    def forget(self) -> None:
        """Nothing of one patch is left behind while the next is read, not even out of sight."""
        self.own.forget()
        self.call.forget()
        self.agreement.setText("")
        self.small.setText("")
        self.small.setToolTip("")


class UnderStrip(QStackedWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.views, self.reason, self.revealed = ViewsOffered(), ReasonAsked(), CallRevealed()
        self.saying = Text()
        self.saying.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.trouble = Warn()
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.trouble.setContentsMargins(24, 0, 24, 0)
        for page in (self.views, self.reason, self.revealed, self.saying, self.trouble):
            self.addWidget(page)

    @property
    def tells_a_call(self) -> bool:
        return self.currentWidget() is self.revealed

    def warn(self, sentence: str) -> None:
        """Something that the reader should not pass over."""
        self.trouble.setText(sentence)
        self.setCurrentWidget(self.trouble)

    def say(self, sentence: str) -> None:
        """Something that stands here until the next step, such as that it is being saved."""
        self.saying.setText(sentence)
        self.setCurrentWidget(self.saying)
