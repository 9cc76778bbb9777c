"""Several pages in one place, named by a row of tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.lines import horizontal_line


class Tabs(QWidget):
    """Left and right move between tabs while one of them has the focus."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._pages = QStackedWidget()
        self._bar = row(spacing=0)
        self._bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._bar)
        layout.addWidget(horizontal_line())
        layout.addWidget(self._pages, 1)
        self._group.idClicked.connect(self._pages.setCurrentIndex)

    def add(self, title: str, page: QWidget) -> None:
        number = self._pages.addWidget(page)
        button = QToolButton()
        button.setText(title)
        button.setCheckable(True)
        button.setProperty("role", "tab")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._group.addButton(button, number)
        self._bar.insertWidget(number, button)
        if number == 0:
            button.setChecked(True)

    def show_page(self, number: int) -> None:
        self._group.button(number).setChecked(True)
        self._pages.setCurrentIndex(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        wanted = self._pages.currentIndex() + step
        on_tab = any(button.hasFocus() for button in self._group.buttons())
        if step and on_tab and 0 <= wanted < self._pages.count():
            self.show_page(wanted)
            self._group.button(wanted).setFocus()
        else:
            super().keyPressEvent(event)
