"""A person before the window: keys and clicks where the focus is, and patience."""

import contextlib
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QMenu,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from glomviewer.ui.main_window import MainWindow
from glomviewer.ui.models.page import ModelsPage
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.review.grid import PatchGrid
from glomviewer.ui.review.page import ReviewPage

NOTHING = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
D = TypeVar("D", bound=QDialog)
MOMENT_MS = 1_000
PATIENCE_MS = 120_000
"""A training run on a busy processor takes a while; nothing is waited for longer than it takes."""


class Seat:
    """What one can see and touch of the window while the program runs."""

    def __init__(self, qtbot, window: MainWindow) -> None:
        self.window = window
        self._qtbot = qtbot

    @property
    def opened(self):
        assert self.window.opened is not None
        return self.window.opened

    @property
    def session(self):
        return self.opened.session

    @property
    def library(self):
        return self.session.library

    @property
    def review(self) -> ReviewPage:
        assert self.window.review is not None
        return self.window.review

    @property
    def grid(self) -> PatchGrid:
        return self.review.grid

    @property
    def models(self) -> ModelsPage:
        page = self.window.page_widget(PageName.MODELS)
        assert isinstance(page, ModelsPage)
        return page

    def wait(self, condition) -> None:
        self._qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def wait_a_moment(self, condition) -> None:
        """Wait for what should come at once, and go on in any case."""
        with contextlib.suppress(self._qtbot.TimeoutError):
            self._qtbot.waitUntil(condition, timeout=MOMENT_MS)

    def settle(self) -> None:
        """Wait until everything asked for has been read, written and drawn."""
        self.wait(self._is_settled)

    def _is_settled(self) -> bool:
        opened = self.window.opened
        return opened is not None and opened.session.is_idle and opened.images.idle

    def go_to(self, page: PageName) -> None:
        """To a page by its key, once all that it shows is there."""
        self.settle()
        self.turn_to(page)
        self.wait(lambda: self.window.page is page)
        self.settle()

    def turn_to(self, page: PageName) -> None:
        """Press the key of a page, and wait for nothing."""
        QTest.keySequence(self._focus(), QKeySequence(page.key))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NOTHING) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self._focus(), key, modifier)

    def write(self, text: str) -> None:
        QTest.keyClicks(self._focus(), text)

    def click(
        self,
        widget: QWidget,
        at: QPoint | None = None,
        modifier: Qt.KeyboardModifier = NOTHING,
    ) -> None:
        """Click where a person could: on something that shows and can be used."""
        self.wait(lambda: widget.isVisible() and widget.isEnabled())
        # What has just been unfolded gets its place in the next turn of the loop.
        self.wait_a_moment(lambda: self._comes_into_view(widget))
        assert self._comes_into_view(widget), f"{widget} is not on the screen"
        place = at if at is not None else widget.rect().center()
        target = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, modifier, place)

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Press at one place, move to another with the button down, and leave it pressed."""
        self.wait(lambda: widget.isVisible() and widget.isEnabled())
        self._scroll_to(widget)
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, NOTHING, start)
        middle = (start + end) / 2
        for place in (middle, end):
            QTest.mouseMove(widget, place)

    def drop(self, widget: QWidget, at: QPoint) -> None:
        """Let go what was dragged there."""
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, NOTHING, at)

    def choose_by_keys(self, chooser: QComboBox, data: object) -> None:
        """Step through a box that has the focus until it shows this."""
        assert chooser.hasFocus()
        missing = chooser.findData(data) - chooser.currentIndex()
        for _ in range(abs(missing)):
            self.press(Qt.Key.Key_Down if missing > 0 else Qt.Key.Key_Up)
        assert chooser.currentData() == data

    def click_patch(self, place: int, modifier: Qt.KeyboardModifier = NOTHING) -> None:
        """Click a patch of the grid that is on the screen."""
        assert place in self.grid.visible_places()
        cell = self.grid.layout_.cell(place)
        top = cell.y - self.grid.verticalScrollBar().value()
        middle = cell.side // 2
        self.click(self.grid, QPoint(cell.x + middle, top + middle), modifier)

    def choose_reader(self, name: str) -> None:
        """In the menu of readers, by keys."""
        self.press(Qt.Key.Key_R, CONTROL | SHIFT)
        self.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        wanted = next(one for one in menu.actions() if one.text().startswith(name))
        while menu.activeAction() is not wanted:
            QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    def dialog(self, kind: type[D]) -> D:
        """The dialog of this kind, once it is open and takes keys."""
        self.wait(lambda: self._dialog(kind) is not None)
        found = self._dialog(kind)
        assert isinstance(found, kind)
        popup = bool(found.windowFlags() & Qt.WindowType.Popup == Qt.WindowType.Popup)
        self.wait(lambda: popup or QApplication.activeWindow() is found)
        return found

    def any_dialog(self) -> QDialog:
        """Whichever dialog has just been opened."""
        return self.dialog(QDialog)

    def leave(self, dialog: QDialog) -> None:
        """Close a dialog by Escape."""
        self.press(Qt.Key.Key_Escape)
        self.wait(lambda: not isValid(dialog) or not dialog.isVisible())

    def tab_stops(self) -> list[QWidget]:
        """Where Tab leads from here, until it has been everywhere twice."""
        stops: list[QWidget] = []
        focus = self._focus()
        while stops.count(focus) < 2:
            stops.append(focus)
            self.press(Qt.Key.Key_Tab)
            focus = self._focus()
        return stops

    def _dialog(self, kind: type[QDialog]) -> QDialog | None:
        return next(
            (dialog for dialog in self.window.findChildren(kind) if dialog.isVisible()), None
        )

    def _comes_into_view(self, widget: QWidget) -> bool:
        self._scroll_to(widget)
        return not widget.visibleRegion().isEmpty()

    def _scroll_to(self, widget: QWidget) -> None:
        area = widget.parentWidget()
        while area is not None:
            if isinstance(area, QScrollArea):
                area.ensureWidgetVisible(widget)
            area = area.parentWidget()

    def _focus(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup.focusWidget() or popup
        if QApplication.activeWindow() is None:
            # A window manager goes back to the window once a dialog is closed; offscreen has none.
            self.window.activateWindow()
        self.wait(lambda: QApplication.focusWidget() is not None)
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus
