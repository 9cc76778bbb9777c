"""Asks for a model's name and the note beside it."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from glomviewer.domain.records import ModelRecord
from glomviewer.ui.dialogs.fields import Fields, line
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.widgets.texts import Secondary


class EditModelDialog(FormDialog):
    """`model_name` and `note` hold what was written after accept."""

    def __init__(self, record: ModelRecord, parent: QWidget | None = None) -> None:
        super().__init__(title=f"Name and note of {record.title}", verb="Save", parent=parent)
        self.name = line("Name")
        self.name.setText(record.name)
        self.text = QPlainTextEdit(record.note)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(96)
        fields = Fields(name_width=48)
        fields.add("Name", self.name, stretch=True)
        fields.add("Note", self.text, stretch=True)
        self.add(fields)
        self.add(Secondary("The note stays in this library: no export and no card tells it."))
        self.verb.setShortcut("Ctrl+Return")
        self.verb.setToolTip("Ctrl+Enter")
        self.name.textChanged.connect(self._enable)
        self._enable()

    @property
    def model_name(self) -> str:
        return self.name.text().strip()

    @property
    def note(self) -> str:
        return self.text.toPlainText().strip()

    def _enable(self) -> None:
        self.verb.setEnabled(bool(self.model_name))
