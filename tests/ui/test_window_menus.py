"""The reader's menu: whoever has a passphrase is asked for it before he is the reader."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.ui.dialogs.passphrase import NewPassphraseDialog, PassphraseDialog
from glomviewer.ui.main_window import MainWindow
from glomviewer.ui.opened import OpenedLibrary
from glomviewer.ui.page_bar import PageName

Key = Qt.Key
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
SECRET = "correct horse battery"


@pytest.fixture
def window(session, images, actions, settings, theme, qtbot):
    models = ModelJobs(session)
    window = MainWindow(theme, settings, actions)
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    qtbot.waitExposed(window)
    window.show_library(OpenedLibrary(session, images, models, RunJobs(session, models)))
    window.activateWindow()
    qtbot.waitUntil(lambda: session.is_idle)
    yield window
    window.close()
    qtbot.waitUntil(lambda: not session.saving)


@pytest.fixture
def bob(session, qtbot):
    """Bob has a passphrase."""
    session.run(lambda library: library.set_passphrase(2, "", SECRET))
    qtbot.waitUntil(lambda: session.library.reader(2).locked)
    return session.library.reader(2)


def asked(window, kind):
    return next((one for one in window.findChildren(kind) if one.isVisible()), None)


def there(window, kind):
    dialog = asked(window, kind)
    assert dialog is not None
    return dialog


def test_a_locked_reader_comes_by_his_passphrase_only(window, session, qtbot, bob):
    window.menus.switch_reader(bob)
    dialog = there(window, PassphraseDialog)
    dialog.passphrase.setText("wrong horse battery")
    dialog.submit()
    qtbot.waitUntil(lambda: bool(dialog.trouble.text()))
    assert session.reader.id == 1
    dialog.passphrase.setText(SECRET)
    dialog.submit()
    qtbot.waitUntil(lambda: session.reader.id == 2)
    qtbot.waitUntil(lambda: session.is_idle)


def test_who_has_left_is_asked_again_on_coming_back(window, session, qtbot, bob):
    ann = session.library.reader(1)
    window.menus.switch_reader(bob)
    dialog = there(window, PassphraseDialog)
    dialog.passphrase.setText(SECRET)
    dialog.submit()
    qtbot.waitUntil(lambda: session.reader.id == 2 and session.is_idle)
    window.menus.switch_reader(ann)
    qtbot.waitUntil(lambda: session.reader.id == 1 and session.is_idle)
    window.menus.switch_reader(bob)
    assert asked(window, PassphraseDialog) is not None
    assert session.reader.id == 1


def test_the_page_of_the_library_switches_no_more_easily(window, session, qtbot, bob):
    window.show_page(PageName.LIBRARY)
    page = window.page_widget(PageName.LIBRARY)
    qtbot.waitUntil(lambda: session.is_idle)
    page._switch(bob)
    assert asked(window, PassphraseDialog) is not None
    assert session.reader.id == 1


def test_a_reader_sets_his_own_passphrase_by_its_key(window, session, qtbot):
    qtbot.keyClick(window.review.grid, Key.Key_P, CONTROL_SHIFT)
    qtbot.waitUntil(lambda: asked(window, NewPassphraseDialog) is not None)
    dialog = there(window, NewPassphraseDialog)
    dialog.new.setText(SECRET)
    dialog.again.setText(SECRET)
    dialog.submit()
    qtbot.waitUntil(lambda: session.reader.locked)
    qtbot.waitUntil(lambda: session.is_idle)
    assert "is asked for the passphrase" in window.status.message.text()
    window.menus.open_reader_menu()
    qtbot.waitUntil(lambda: asked(window, QMenu) is not None)
    menu = there(window, QMenu)
    assert [entry.text() for entry in menu.actions()][:2] == [
        "Ann Reader (AR), with a passphrase",
        "Bob Other (BO)",
    ]
    menu.close()
    window.menus.set_passphrase()
    qtbot.waitUntil(lambda: asked(window, NewPassphraseDialog) is not None)
    dialog = there(window, NewPassphraseDialog)
    dialog.old.setText(SECRET)
    dialog.submit()
    qtbot.waitUntil(lambda: not session.reader.locked and session.is_idle)
    assert "has no passphrase any more" in window.status.message.text()
