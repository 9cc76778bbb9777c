"""Asks under which name a filter is kept."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from glomviewer.ui.dialogs.form import FormDialog


class FilterNameDialog(FormDialog):
    """`name` holds the name after accept."""

    def __init__(self, proposal: str, parent: QWidget | None = None) -> None:
        super().__init__(
            title="Save this filter",
            sentence="It is kept in the library for every reader. A name in use is replaced.",
            verb="Save",
            parent=parent,
        )
        self.edit = QLineEdit(proposal)
        self.edit.setAccessibleName("Name of the filter")
        self.edit.selectAll()
        self.edit.textChanged.connect(self._enable)
        self.add(self.edit)
        self.edit.setFocus()
        self._enable()

    @property
    def name(self) -> str:
        return self.edit.text().strip()

    def _enable(self) -> None:
        self.verb.setEnabled(bool(self.name))
