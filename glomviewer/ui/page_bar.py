"""The bar at the top: pages on the left, library and reader on the right."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from PySide6.QtCore import QEvent, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from glomviewer.ui.icons import icon
from glomviewer.ui.waiting_readings import waiting_sentence

ROOM_FOR_HINT, ROOM_FOR_AIR, ROOM_FOR_NAMES = 1560, 1400, 1200


class PageName(Enum):
    REVIEW = "Review"
    READINGS = "Readings"
    DISPUTES = "Disputes"
    AGREEMENT = "Agreement"
    CASES = "Cases"
    MODELS = "Models"
    LAB = "Lab"
    COMPARISON = "Compare"
    THRESHOLD = "Threshold"
    LIBRARY = "Library"

    @property
    def key(self) -> str:
        """Ctrl with the place in the bar; the tenth has one of its own."""
        place = list(PageName).index(self) + 1
        return f"Ctrl+{place}" if place < 10 else "Alt+L"


IN_A_PACK = (PageName.READINGS, PageName.REVIEW, PageName.LIBRARY)
"""What a library that was opened from a pack offers: the rest is done at home."""


class PageBar(QWidget):
    page_chosen = Signal(object)
    undo_asked = Signal()
    redo_asked = Signal()
    library_menu_asked = Signal()
    reader_menu_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Pages")
        self.tabs: dict[PageName, QToolButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(0)
        for page in PageName:
            tab = QToolButton()
            tab.setProperty("role", "tab")
            tab.setText(page.value)
            tab.setCheckable(True)
            tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tab.setToolTip(f"{page.value} ({page.key})")
            tab.setAccessibleName(f"Page {page.value}")
            tab.clicked.connect(lambda _checked=False, chosen=page: self.page_chosen.emit(chosen))
            group.addButton(tab)
            row.addWidget(tab)
            self.tabs[page] = tab
        row.addStretch(1)
        self.hint = QLabel("Ctrl+K for every command")
        self.hint.setProperty("role", "secondary")
        self.undo = self._icon_button("Undo", self.undo_asked)
        self.redo = self._icon_button("Redo", self.redo_asked)
        self.library = self._menu_button("Library", self.library_menu_asked)
        self.reader = self._menu_button("Reader", self.reader_menu_asked)
        for widget, gap in (
            (self.undo, 0),
            (self.redo, 12),
            (self.hint, 12),
            (self.library, 8),
            (self.reader, 0),
        ):
            row.addWidget(widget)
            row.addSpacing(gap)
        self._tint()

    def show_page(self, page: PageName) -> None:
        self.tabs[page].setChecked(True)
        for name, tab in self.tabs.items():
            # Tab stops once, where one is, and arrows go on: Qt sees to that for clicks only.
            stops = Qt.FocusPolicy.TabFocus if name is page else Qt.FocusPolicy.NoFocus
            tab.setFocusPolicy(stops)

    def show_waiting(self, count: int) -> None:
        """How many readings wait for the reader, beside the name of their page."""
        page, tab = PageName.READINGS, self.tabs[PageName.READINGS]
        said = waiting_sentence(count)
        tab.setText(f"{page.value} ({count:,})" if count else page.value)
        tab.setToolTip(f"{page.value} ({page.key})" + (f": {said}" if said else ""))
        tab.setAccessibleDescription(said)

    def show_library(self, name: str, pages: Collection[PageName] = tuple(PageName)) -> None:
        """`pages` are those that this library offers."""
        self.library.setText(f" {name}" if name else " No library")
        self.library.setToolTip(name or "No library")
        for page, tab in self.tabs.items():
            offered = bool(name) and page in pages
            tab.setEnabled(offered)
            tab.setVisible(offered)
        self.undo.setVisible(bool(name))
        self.redo.setVisible(bool(name))

    def show_reader(self, name: str) -> None:
        self.reader.setText(f" {name or 'Who reads?'}")
        self.reader.setToolTip(name or "Who reads?")

    def show_undo(self, undo: str, redo: str) -> None:
        """Say what each would take back, "" for nothing."""
        for button, text, word, key in (
            (self.undo, undo, "undo", "Ctrl+Z"),
            (self.redo, redo, "redo", "Ctrl+Shift+Z"),
        ):
            button.setEnabled(bool(text))
            sentence = text or f"Nothing to {word}"
            button.setToolTip(f"{sentence} ({key})")
            button.setAccessibleDescription(sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._use_room(self.width())

    def minimumSizeHint(self) -> QSize:
        # What goes where there is little room must not hold the window open.
        return QSize(0, super().minimumSizeHint().height())

    def _use_room(self, width: int) -> None:
        """Where there is little room the hint goes first, then the air between the pages' names,
        then the names of library and reader, which stay in their tooltips; never a page's name."""
        self.hint.setVisible(width >= ROOM_FOR_HINT)
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if width >= ROOM_FOR_NAMES
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        self.library.setToolButtonStyle(style)
        self.reader.setToolButtonStyle(style)
        air = "wide" if width >= ROOM_FOR_AIR else "tight"
        for tab in self.tabs.values():
            if tab.property("air") != air:
                tab.setProperty("air", air)
                tab.style().unpolish(tab)
                tab.style().polish(tab)
                # A tool button keeps its size in mind until it hears of another style.
                QApplication.sendEvent(tab, QEvent(QEvent.Type.StyleChange))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "reader"):
            self._tint()

    def _tint(self) -> None:
        self.undo.setIcon(icon("undo", self))
        self.redo.setIcon(icon("redo", self))
        self.reader.setIcon(icon("reader", self))
        self.library.setIcon(icon("library", self))

    def _icon_button(self, name: str, asked: SignalInstance) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "flat")
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setEnabled(False)
        button.clicked.connect(asked)
        return button

    def _menu_button(self, name: str, asked: SignalInstance) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(asked)
        return button
