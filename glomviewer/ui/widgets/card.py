"""A panel with a hairline frame: one subject of a page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from glomviewer.ui.widgets.texts import Section


class Card(QFrame):
    """A titled panel; what it says goes into `body`, from top to bottom."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 14, 16, 16)
        self.body.setSpacing(8)
        self.top = row(spacing=16)
        if title:
            self.title = Section(title)
            self.top.addWidget(self.title)
            self.top.addStretch(1)
            self.body.addLayout(self.top)


def row(*parts: QWidget | QLayout | int, spacing: int = 8) -> QHBoxLayout:
    """Widgets side by side from the left; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    return layout
