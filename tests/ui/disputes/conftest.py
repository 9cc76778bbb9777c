"""The page Disputes on a small library: Ann and Bob differ on patches 1 to 4."""

import pytest
from PySide6.QtCore import Qt

from glomviewer.ui.disputes.page import DisputesPage


@pytest.fixture
def small(small):
    """Cara Chief adjudicates; the model calls patches 1 and 2 wrong."""
    library = small.library
    cara = library.add_reader("Cara Chief", "CC")
    ann, bob = small.readers
    library.decide(reader=ann, patches=[1, 2, 3, 4, 5], label=1)
    library.decide(reader=bob, patches=[1, 2, 3, 4], label=0, comment="open loops")
    library.decide(reader=bob, patches=[5], label=1)
    small.readers.append(cara.id)
    return small


@pytest.fixture
def session(small, session, qtbot):
    cara = small.library.readers()[2]
    with qtbot.waitSignal(session.changed):
        session.set_reader(cara)
    return session


@pytest.fixture
def page(session, images, actions, theme, qtbot):
    page = DisputesPage(session, images, actions)
    session.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(1280, 640)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    page.setFocus()
    settle(qtbot, session, page)
    assert page.patch == 1
    return page


@pytest.fixture
def press(page, qtbot, session):
    """Press a key where the focus is, and wait until what it did is durable and shown."""

    def press(key, modifier=Qt.KeyboardModifier.NoModifier):
        target = page.focusWidget() or page
        qtbot.keyClick(target, key, modifier)
        settle(qtbot, session, page)

    return press


@pytest.fixture
def write(page, qtbot, session):
    """Write a reason, then Enter."""

    def write(text):
        assert page.bar.reason.hasFocus()
        qtbot.keyClicks(page.bar.reason, text)
        qtbot.keyClick(page.bar.reason, Qt.Key.Key_Return)
        settle(qtbot, session, page)

    return write


def settle(qtbot, session, page):
    qtbot.waitUntil(lambda: session.is_idle)
