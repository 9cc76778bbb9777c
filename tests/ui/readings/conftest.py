"""The page Readings in a shown window of its own, and a way to make readings and to read."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from glomviewer.domain.readings.protocol import Protocol
from glomviewer.jobs import operations
from glomviewer.ui.readings.page import ReadingsPage


class Desk:
    """Somebody before the page, who waits until what he did is durable."""

    def __init__(self, qtbot, session, images, page):
        self.qtbot, self.session, self.images, self.page = qtbot, session, images, page
        self.screen = page.room.screen

    @property
    def conduct(self):
        return self.page.room.conduct

    @property
    def item(self):
        return self.conduct.item

    @property
    def library(self):
        return self.session.library

    def wait(self, condition):
        self.qtbot.waitUntil(lambda: bool(condition()))

    def settle(self):
        self.wait(lambda: self.session.is_idle and self.images.idle)

    def make(self, name="Study A", patches=range(1, 13), readers=(1,), needed=None, **protocol):
        """A reading of these patches; its id."""
        made = []
        rules = Protocol(needed=needed or len(readers), **protocol)
        self.session.run(
            partial(
                operations.create_reading,
                name=name,
                patches=list(patches),
                protocol=rules,
                readers=list(readers),
                seed=1,
            ),
            done=lambda changes: made.append(changes.reading),
        )
        self.wait(lambda: made)
        self.settle()
        return made[0]

    def choose(self, reading):
        self.wait(lambda: self.page.state.shows_content)
        self.page.overview.choose(reading)
        self.page.overview.table.setFocus()

    def begin(self, reading):
        """Read in it by Enter on its row."""
        self.choose(reading)
        self.qtbot.keyClick(self.page.overview.table, Qt.Key.Key_Return)
        self.wait(lambda: self.page.is_reading)
        self.ready()

    def ready(self):
        """The patch on the screen is the one that a key would be about."""
        self.wait(lambda: self.screen.accepts_labels or self.item is None)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        """A key where the focus is, and what follows from it."""
        if not self.page.isActiveWindow():
            # A window manager goes back to the window once a dialog is closed; offscreen has none.
            self.page.activateWindow()
            self.wait(self.page.isActiveWindow)
        self.ready()
        at_end = self.item is None
        target = self.screen.end.button if at_end else self.screen.canvas.canvas
        QTest.keyClick(target, key, modifier)
        self.wait(lambda: not self.session.saving)
        if self.conduct is not None:
            self.wait(lambda: not self.conduct.is_saving)

    def items(self, reading, reader=1):
        return self.library.reading_items(reading, reader)

    def dialog(self, kind):
        self.wait(lambda: self._dialog(kind) is not None)
        return self._dialog(kind)

    def _dialog(self, kind):
        return next((one for one in self.page.findChildren(kind) if one.isVisible()), None)

    def restart(self):
        """Pause, and begin again where one was."""
        reading = self.conduct.reading.id
        self.press(Qt.Key.Key_Escape)
        self.wait(lambda: not self.page.is_reading)
        self.settle()
        self.begin(reading)


@pytest.fixture
def page(qtbot, theme, session, images, actions, settings):
    page = ReadingsPage(session, images, actions, settings=settings)
    qtbot.addWidget(page)
    session.changed.connect(page.refresh)
    page.resize(1280, 645)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    return page


@pytest.fixture
def desk(qtbot, session, images, page):
    desk = Desk(qtbot, session, images, page)
    yield desk
    page.room.stop()
    desk.settle()
