"""Asks for the reason of a step that others will read about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.texts import Secondary


class ReasonDialog(FormDialog):
    """`reason` holds the text after accept; the verb is enabled once there is one."""

    def __init__(
        self,
        *,
        title: str,
        sentence: str,
        verb: str,
        suggestions: Sequence[str] = (),
        optional: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title=title, sentence=sentence, verb=verb, parent=parent)
        self._optional = optional
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Reason")
        self.text.setPlaceholderText("Reason, if there is one" if optional else "Reason")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(80)
        self.text.textChanged.connect(self._enable)
        self.verb.setToolTip("Ctrl+Enter")
        self.verb.setShortcut("Ctrl+Return")
        self.add(self.text)
        if suggestions:
            self.add(self._suggestions(suggestions))
        self.add(Secondary("It is kept with your name and the time. Ctrl+Enter does it."))
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._enable()

    @property
    def reason(self) -> str:
        return self.text.toPlainText().strip()

    def _suggestions(self, suggestions: Sequence[str]) -> FlowLayout:
        flow = FlowLayout()
        for suggestion in suggestions:
            button = QPushButton(suggestion)
            button.setProperty("role", "small")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, text=suggestion: self.text.setPlainText(text))
            flow.addWidget(button)
        return flow

    def _enable(self) -> None:
        self.verb.setEnabled(self._optional or bool(self.reason))
