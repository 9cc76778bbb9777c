"""All commands with their keys, which can be given others."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QLineEdit, QPushButton, QVBoxLayout, QWidget

from glomviewer.ui.actions import Action, Actions, KeyTakenError
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Secondary, Warn


class KeysTable(QWidget):
    """Choose a command, press its new key; a key that is taken is refused with what has it."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a command")
        self.search.setAccessibleName("Find a command")
        self.table = RowsTable("Commands and their keys", ("Command", "Where", "Keys"), most=8)
        self.table.setMinimumHeight(220)
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName("New key")
        self.reset = QPushButton("As it came")
        self.reset.setAutoDefault(False)
        self.trouble = Warn()
        self.trouble.say("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 16, 0, 0)
        for widget in (self.search, self.table):
            layout.addWidget(widget)
        layout.addLayout(row(Secondary("New key"), self.edit, self.reset, 1))
        layout.addWidget(self.trouble)
        self.search.textChanged.connect(self._show)
        self.table.moved.connect(self._on_moved)
        self.edit.keySequenceChanged.connect(self._on_key_pressed)
        self.reset.clicked.connect(self._on_reset)
        self._show()

    def _show(self) -> None:
        needle = self.search.text().strip().casefold()
        rows = [
            Row((action.text, action.group, self._actions.key_text(action.id)), action.id)
            for action in sorted(self._actions.all(), key=lambda one: (one.group, one.text))
            if needle in action.text.casefold() or needle in action.group.casefold()
        ]
        self.table.show_rows(rows)
        self._on_moved()

    def _current(self) -> Action | None:
        chosen = self.table.current_data()
        return self._actions[chosen] if chosen and chosen in self._actions else None

    def _on_moved(self) -> None:
        action = self._current()
        self.edit.setEnabled(action is not None)
        self.reset.setEnabled(action is not None)
        self.edit.blockSignals(True)
        first = action.keys[0] if action is not None and action.keys else ""
        self.edit.setKeySequence(QKeySequence(first))
        self.edit.blockSignals(False)
        self.trouble.say("")

    def _on_key_pressed(self, sequence: QKeySequence) -> None:
        action = self._current()
        if action is None or sequence.isEmpty():
            return
        try:
            self._actions.set_keys(action.id, [sequence.toString()])
        except KeyTakenError as error:
            self.trouble.say(str(error))
            return
        self._show()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_reset(self) -> None:
        action = self._current()
        if action is None:
            return
        try:
            self._actions.reset_keys(action.id)
        except KeyTakenError as error:
            self.trouble.say(str(error))
            return
        self._show()
