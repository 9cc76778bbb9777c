"""The model's call behind a key: hidden, or told with all that belongs to it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from glomviewer.domain.disputes.records import ModelCall
from glomviewer.domain.labels import LabelSet
from glomviewer.ui.colours import colours_of
from glomviewer.ui.shapes import label_icon
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.key_button import KeyButton
from glomviewer.ui.widgets.probabilities import probability_text
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
        self.button = KeyButton("Show", small=True)
        self.button.clicked.connect(self.asked)
        self._shape, self.call, self.facts = QLabel(), Text(), Secondary()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row(Section("Model's call"), 1, self.button))
        column.addLayout(row(self._shape, self.call, 1))
        column.addWidget(self.facts)
        self.hide_call(has_model=False)

    def hide_call(self, *, has_model: bool) -> None:
        self._shape.hide()
        self.call.say("")
        self.facts.setText(HIDDEN if has_model else "No model has been added yet.")
        self.button.setVisible(has_model)
        self.button.set_text("Show")

    def show_call(self, call: ModelCall | None) -> None:
        """None: the model has none that this reader may be told."""
        self.button.set_text("Hide")
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
        self.call.say(f"{name}, {probability_text(call.probability)}")
        parts = [call.title, f"threshold {probability_text(call.threshold)}"]
        if call.trained_on:
            parts.append("out of fold" if call.out_of_fold else "trained on it")
        self.facts.setText(f"{' · '.join(parts)}. {REMARK}")
