"""Whose threshold is on the desk, and which model is in use."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from glomviewer.domain.records import ModelRecord
from glomviewer.ui.threshold_desk.wording import in_use, model_entry
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.texts import Secondary


class ModelHead(QWidget):
    """Shown where there is more than one model; `chosen` carries the id of another one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Model")
        self.models = Chooser("Model whose threshold is chosen")
        self.sentence = ElidedLabel()
        self.sentence.setProperty("role", "secondary")
        name = Secondary("Model")
        name.setWordWrap(False)
        name.setBuddy(self.models)
        layout = row(name, self.models, spacing=12)
        layout.setContentsMargins(16, 12, 16, 0)
        layout.addWidget(self.sentence, 1)
        self.setLayout(layout)
        self._shown = ""
        self.models.activated.connect(lambda _: self._on_activated())
        self.hide()

    def show_models(self, models: Sequence[ModelRecord], shown: ModelRecord) -> None:
        """Offer these in their order."""
        self._shown = shown.id
        self.models.clear()
        for record in models:
            self.models.addItem(model_entry(record), record.id)
        self.models.choose(shown.id)
        self.models.updateGeometry()
        active = next((record for record in models if record.active), None)
        self.sentence.setText(in_use(shown, active))
        self.setVisible(len(models) > 1)

    def _on_activated(self) -> None:
        wanted = str(self.models.currentData())
        if wanted != self._shown:
            self._shown = wanted
            self.sentence.setText("")
            self.chosen.emit(wanted)
