"""Labels in the sizes and greys that the screen knows; the style sheet finds them by `role`."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class Text(QLabel):
    """Content text on one line, never read as markup."""

    role = "content"
    wraps = False

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", self.role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        if self.wraps:
            self.setWordWrap(True)
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def say(self, text: str) -> None:
        """Show this text, or nothing at all where it is empty."""
        self.setText(text)
        self.setVisible(bool(text))


class Body(Text):
    """Wrapped content text that one may mark and copy."""

    wraps = True


class Headline(Text):
    """What a card has to say, in one line or two."""

    role = "headline"
    wraps = True


class Secondary(Text):
    """Smaller grey text, wrapped, that one may mark and copy."""

    role = "secondary"
    wraps = True


class Warn(Text):
    """What a reader should not pass over."""

    role = "danger"
    wraps = True


class Section(Text):
    """The quiet name of a card or of a part of it, in capitals."""

    role = "section"

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text.upper(), parent)
