"""All keys on one sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from glomviewer.ui.actions import Action, Actions, key_names
from glomviewer.ui.widgets.key_cap import KeyCaps
from glomviewer.ui.widgets.texts import Headline, Secondary, Section

COLUMNS = 3
FOOT = "With Shift, moves select. Preferences change keys. Ctrl+K finds a command by its name."
EXTENDING = "grid.extend_"
"""The same moves with Shift; one line says so for all."""


class ShortcutsSheet(QDialog):
    """Made from the registry, so that it is never behind."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAccessibleName("All keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        groups = actions.groups()
        columns = [QVBoxLayout() for _column in range(COLUMNS)]
        heights = [0] * COLUMNS
        for name, members in groups.items():
            shown = [a for a in members if a.keys and not a.id.startswith(EXTENDING)]
            if not shown:
                continue
            shortest = heights.index(min(heights))
            columns[shortest].addWidget(_group(name, shown))
            heights[shortest] += len(shown) + 2
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 16, 0)
        row.setSpacing(40)
        for column in columns:
            column.setSpacing(16)
            column.addStretch(1)
            row.addLayout(column, 1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        close = QPushButton("Close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(Secondary(FOOT), 1)
        foot.addWidget(close)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 16)
        outer.setSpacing(16)
        outer.addWidget(Headline("Keys"))
        outer.addWidget(scroll, 1)
        outer.addLayout(foot)
        window = parent.window().size()
        self.resize(min(1120, window.width() - 80), min(760, window.height() - 60))


def _group(name: str, actions: list[Action]) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(6)
    grid.addWidget(Section(name), 0, 0, 1, 2)
    for number, action in enumerate(actions, start=1):
        text = QLabel(action.text)
        text.setWordWrap(True)
        grid.addWidget(text, number, 0)
        grid.addWidget(KeyCaps(key_names(action.keys)), number, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return holder
