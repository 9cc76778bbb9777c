"""Old and new model side by side on the locked set, as a small table of text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from glomviewer.ui.models.verdict import GateRow
from glomviewer.ui.widgets.lines import horizontal_line
from glomviewer.ui.widgets.texts import Secondary, Text


class GateTable(QWidget):
    """Metric, old, new, and the difference with its 95 % interval."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Old and new model on the locked set")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(3, 1)
        self.texts: list[str] = []

    def show_rows(self, rows: Sequence[GateRow], old: str, new: str) -> None:
        self._clear()
        compared = any(row.old for row in rows)
        heads = ("", old, new, "difference, 95 %") if compared else ("", "", new, "")
        for column, head in enumerate(heads):
            label = Secondary(head)
            label.setWordWrap(False)
            self._grid.addWidget(label, 0, column)
        for place, gate_row in enumerate(rows):
            self._grid.addWidget(horizontal_line(), 1 + 2 * place, 0, 1, 4)
            texts = (gate_row.name, gate_row.old, gate_row.new, gate_row.difference)
            for column, text in enumerate(texts):
                label = Text(text)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._grid.addWidget(label, 2 + 2 * place, column)
            self.texts.append(" ".join(text for text in texts if text))
        self.setAccessibleDescription("; ".join(self.texts))

    def _clear(self) -> None:
        self.texts.clear()
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
