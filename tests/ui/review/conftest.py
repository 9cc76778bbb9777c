"""The Review page in a shown window of its own."""

import pytest

from glomviewer.ui.review.page import ReviewPage


@pytest.fixture
def page(session, images, actions, settings, theme, qtbot):
    page = ReviewPage(session, images, actions, settings)
    session.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    qtbot.waitUntil(lambda: len(page.grid.ids) == 24)
    qtbot.waitUntil(lambda: images.idle)
    page.grid.setFocus()
    page.repaint()
    yield page
    page.seen.flush()
    qtbot.waitUntil(lambda: not session.saving)


@pytest.fixture
def press(page, qtbot, session):
    """Press a key where the focus is, and wait until what it did is durable."""

    def press(key, modifier=None):
        target = page.reading.canvas if page.is_reading else page.grid
        if modifier is None:
            qtbot.keyClick(target, key)
        else:
            qtbot.keyClick(target, key, modifier)
        qtbot.waitUntil(lambda: not session.saving)

    return press
