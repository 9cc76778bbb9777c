"""The frame of every dialog that asks for something: headline, body, one verb and Cancel."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from glomviewer.ui.widgets.texts import Body, Headline, Warn

MARGIN = 24


class FormDialog(QDialog):
    """Put what is asked into `body`; `verb` is the button that does it."""

    def __init__(
        self,
        *,
        title: str,
        sentence: str = "",
        verb: str,
        width: int = 480,
        cancel: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.headline, self.sentence, self.trouble = Headline(title), Body(), Warn()
        self.sentence.say(sentence)
        self.trouble.say("")
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.verb = QPushButton(verb)
        self.verb.setProperty("role", "primary")
        self.verb.setDefault(True)
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(self.verb, QDialogButtonBox.ButtonRole.AcceptRole)
        if cancel:
            self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.submit)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(12)
        layout.addWidget(self.headline)
        layout.addWidget(self.sentence)
        layout.addLayout(self.body)
        layout.addWidget(self.trouble)
        layout.addWidget(self.buttons)

    def submit(self) -> None:
        """What the verb does; dialogs that write first override it."""
        self.accept()

    def add(self, part: QWidget | QLayout) -> None:
        if isinstance(part, QWidget):
            self.body.addWidget(part)
        else:
            self.body.addLayout(part)
