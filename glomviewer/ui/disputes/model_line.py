"""The model's call behind a key: hidden, or told with all that belongs to it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.disputes.records import ModelCall
from glomviewer.domain.labels import LabelSet
from glomviewer.ui.colours import colours_of
from glomviewer.ui.shapes import label_icon
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.texts import Secondary, Section, Text

SHAPE = 14
REMARK = "For review, not for diagnosis."
HIDDEN = (
    "Hidden. What you decide once it has been shown is kept as decided having seen it, and "
    "stays out of the gate."
)


class ModelLine(QWidget):
    asked = Signal()

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Model's call")
        self._labels = labels
        self._key, self._verb = "", "Show"
        self.button = QPushButton("Show")
        self.button.setProperty("role", "small")
        self.button.clicked.connect(self.asked)
        self._shape, self.call, self.facts = QLabel(), Text(), Secondary()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row(Section("Model's call"), 1, self.button))
        column.addLayout(row(self._shape, self.call, 1))
        column.addWidget(self.facts)
        self.hide_call(has_model=False)

    def set_key(self, key: str) -> None:
        self._key = key
        self._say_verb(self._verb)

    def hide_call(self, *, has_model: bool) -> None:
        self._shape.hide()
        self.call.say("")
        self.facts.setText(HIDDEN if has_model else "No model has been added yet.")
        self.button.setVisible(has_model)
        self._say_verb("Show")

    def show_call(self, call: ModelCall | None) -> None:
        """None: the model has none that this reader may be told."""
        self._say_verb("Hide")
        self.button.setVisible(True)
        self._shape.setVisible(call is not None)
        if call is None:
            self.call.say("")
            self.facts.setText("The model has no call of this patch that you may be told.")
            return
        label = self._labels[call.label]
        icon = label_icon(label, colours_of(self), SHAPE, filled=False)
        self._shape.setPixmap(icon.pixmap(QSize(SHAPE, SHAPE), self.devicePixelRatioF()))
        name = label.name[:1].upper() + label.name[1:]
        self.call.say(f"{name}, {call.probability:.3f}")
        parts = [call.title, f"threshold {call.threshold:.3f}"]
        if call.trained_on:
            parts.append("out of fold" if call.out_of_fold else "trained on it")
        self.facts.setText(f"{' · '.join(parts)}. {REMARK}")

    def _say_verb(self, verb: str) -> None:
        self._verb = verb
        self.button.setText(f"{verb}  {self._key}" if self._key else verb)
