"""The line above the grid: what is shown, how many, in what order and how large."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QWidget

from glomviewer.domain.patch_query import PatchQuery, SortKey
from glomviewer.ui.review.grid import LARGEST, SMALLEST
from glomviewer.ui.review.words import ORDERS, capital, counted, order_of
from glomviewer.ui.widgets.elided import ElidedLabel

SORT_NAMES = {
    SortKey.UNCERTAINTY: "uncertainty",
    SortKey.DISAGREEMENT: "disagreement",
    SortKey.PROBABILITY: "probability",
    SortKey.NAME: "name",
    SortKey.CASE: "case",
    SortKey.SIZE: "size",
    SortKey.TIME: "time of decision",
}


class Header(QWidget):
    """Says what is asked for, and asks for other orders and sizes."""

    query_chosen = Signal(object)
    size_chosen = Signal(int)
    same_scale_chosen = Signal(bool)
    refresh_asked = Signal()
    filter_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._query = PatchQuery()
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setMaximumWidth(320)
        self.title.setProperty("role", "title")
        self.count = ElidedLabel()
        self.count.setProperty("role", "secondary")
        self.count.setAccessibleName("Count")
        self.left = _tool("", "Read the queue anew (F5)")
        self.left.clicked.connect(self.refresh_asked)
        self.left.hide()
        self.filter = _tool("Filter", "Filter by label, call or part of the data (Ctrl+F)")
        self.filter.clicked.connect(self.filter_asked)
        self.sort = _tool("Sort", "Order of the patches (O)")
        self.sort.clicked.connect(self.open_sort_menu)
        self.same_scale = _tool("Same scale", "All at one scale, or each fitted (=)")
        self.same_scale.setCheckable(True)
        self.same_scale.toggled.connect(self.same_scale_chosen)
        size = QLabel("Size")
        size.setProperty("role", "secondary")
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setRange(SMALLEST, LARGEST)
        self.size_slider.setFixedWidth(88)
        self.size_slider.setAccessibleName("Size of the thumbnails")
        self.size_slider.setToolTip("Size of the thumbnails ([ and ])")
        self.size_slider.valueChanged.connect(self.size_chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addSpacing(4)
        row.addWidget(self.count, 1)
        for widget in (self.left, self.filter, self.sort, self.same_scale):
            row.addWidget(widget)
        row.addSpacing(4)
        row.addWidget(size)
        row.addWidget(self.size_slider)

    def show_query(self, query: PatchQuery, title: str) -> None:
        self._query = query
        self.title.setText(title)
        self.filter.setChecked(query.restricts)

    def show_count(self, count: int, selected: int, left: int) -> None:
        text = f"{counted(count, 'patch', 'patches')}, {order_of(self._query)}"
        if selected > 1:
            text = f"{selected:,} of {counted(count, 'patch', 'patches')} selected"
        self.count.setText(text)
        self.left.setText(f"{left:,} left this list · refresh")
        self.left.setVisible(left > 0)

    def sort_menu(self) -> QMenu:
        menu = QMenu(self)
        for key, name in SORT_NAMES.items():
            action = menu.addAction(capital(name))
            action.setCheckable(True)
            action.setChecked(key is self._query.sort)
            chosen = self._query.with_(sort=key)
            action.triggered.connect(lambda _checked=False, q=chosen: self.query_chosen.emit(q))
        menu.addSeparator()
        for descending in (False, True):
            action = menu.addAction(capital(ORDERS[self._query.sort][int(descending)]))
            action.setCheckable(True)
            action.setChecked(self._query.descending == descending)
            chosen = self._query.with_(descending=descending)
            action.triggered.connect(lambda _checked=False, q=chosen: self.query_chosen.emit(q))
        return menu

    def open_sort_menu(self) -> None:
        self.sort_menu().popup(self.sort.mapToGlobal(self.sort.rect().bottomLeft()))


def _tool(text: str, tooltip: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "small")
    button.setText(text)
    button.setToolTip(tooltip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
