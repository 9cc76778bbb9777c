"""Asks for a comment on one patch."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.widgets.texts import Secondary


class CommentDialog(FormDialog):
    """`text` holds the comment after accept. One writes what one sees."""

    stands_low = True

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            title=f"Comment on {name}" if name else "Comment", verb="Comment", parent=parent
        )
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName("Comment")
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(96)
        self.edit.textChanged.connect(self._enable)
        self.verb.setToolTip("Ctrl+Enter")
        self.verb.setShortcut("Ctrl+Return")
        self.add(self.edit)
        self.add(
            Secondary(
                "It is kept with your name and the time. Earlier comments stay. Ctrl+Enter does it."
            )
        )
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._enable()

    @property
    def text(self) -> str:
        return self.edit.toPlainText().strip()

    def _enable(self) -> None:
        self.verb.setEnabled(bool(self.text))
