"""The filters in force as chips, each to be taken away by a click."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.ui.review.filter_words import conditions, without_filters
from glomviewer.ui.widgets.flow_layout import FlowLayout


class FilterBar(QWidget):
    """Hidden while there is no filter."""

    query_chosen = Signal(object)
    save_asked = Signal()

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Filters in force")
        self._labels = labels
        self._query = PatchQuery()
        self._flow = FlowLayout(gap=4)
        self.chips: list[QToolButton] = []
        self.save = _small("Save filter…", "Keep this filter by name, for every reader")
        self.save.clicked.connect(self.save_asked)
        self.clear = _small("Clear", "Take every filter away")
        self.clear.clicked.connect(self._on_clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 8)
        row.setSpacing(8)
        row.addLayout(self._flow, 1)
        row.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_query(self, query: PatchQuery) -> None:
        if query == self._query:
            return
        self._query = query
        self._flow.clear()
        self.chips = []
        for condition in conditions(query, self._labels):
            chip = QToolButton()
            chip.setProperty("role", "chip")
            chip.setText(f"{condition.text}  ×")
            chip.setToolTip("Take this filter away")
            chip.setAccessibleName(f"Filter {condition.text}, take away")
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(
                lambda _checked=False, rest=condition.without: self.query_chosen.emit(rest)
            )
            self._flow.addWidget(chip)
            self.chips.append(chip)
        self.setVisible(bool(self.chips))

    def _on_clear(self) -> None:
        self.query_chosen.emit(without_filters(self._query))


def _small(text: str, tooltip: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "small")
    button.setText(text)
    button.setToolTip(tooltip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
