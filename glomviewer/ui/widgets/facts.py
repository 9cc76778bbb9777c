"""Rows of a name and what holds for it, with hairlines between."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.lines import horizontal_line

TITLE_DROP = 2
"""Pixels by which the smaller title goes down to the line that the value is written on."""


class Facts(QWidget):
    """Rows are made once by name; their values change. `elided` names those whose values
    have no spaces to wrap at, such as file names."""

    def __init__(
        self, names: list[str], *, elided: tuple[str, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values: dict[str, QLabel] = {}
        self._rows: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for name in names:
            row = QWidget()
            layout = QHBoxLayout(row)
            layout.setContentsMargins(0, 5, 0, 5)
            layout.setSpacing(12)
            title = QLabel(name)
            title.setProperty("role", "secondary")
            title.setContentsMargins(0, TITLE_DROP, 0, 0)
            if name in elided:
                value: QLabel = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
            else:
                value = QLabel()
                value.setWordWrap(True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(name)
            layout.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(value, 1)
            holder = QWidget()
            inner = QVBoxLayout(holder)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(0)
            inner.addWidget(row)
            inner.addWidget(horizontal_line())
            column.addWidget(holder)
            self._values[name] = value
            self._rows[name] = holder

    def set(self, name: str, value: str) -> None:
        """Say what holds; "" hides the row."""
        self._values[name].setText(value)
        self._rows[name].setVisible(bool(value))

    def text(self, name: str) -> str:
        return self._values[name].text()

    def set_quiet(self, name: str, quiet: bool) -> None:
        """Grey what is not known or not to be known yet."""
        label = self._values[name]
        label.setProperty("role", "secondary" if quiet else "content")
        label.style().unpolish(label)
        label.style().polish(label)
