"""The passphrase is asked for when a reading starts, for a sign-off, and on coming back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from glomviewer.domain.readings.protocol import Reveal
from glomviewer.ui.dialogs.passphrase import NewPassphraseDialog, PassphraseDialog
from glomviewer.ui.dialogs.sign_off import SignOffDialog
from glomviewer.ui.unlocking import unlocking_of

SECRET = "correct horse battery"


@pytest.fixture
def locked(desk):
    """Ann has a passphrase; a reading waits for her and Bob."""
    reading = desk.make(reveal=Reveal.NEVER, repeats=0, readers=(1, 2))
    desk.session.run(lambda library: library.set_passphrase(1, "", SECRET))
    desk.settle()
    desk.session.set_reader(desk.library.reader(1))
    desk.settle()
    return reading


def answer(desk, dialog, text):
    dialog.passphrase.setText(text)
    dialog.submit()


def test_a_reading_starts_with_the_right_passphrase_only(desk, page, locked):
    desk.choose(locked)
    page.read()
    dialog = desk.dialog(PassphraseDialog)
    assert not page.is_reading
    answer(desk, dialog, "wrong horse battery")
    desk.wait(lambda: dialog.trouble.text())
    assert dialog.trouble.text() == (
        "That is not the passphrase of Ann Reader. Nothing was opened; try again."
    )
    assert dialog.isVisible() and not page.is_reading
    answer(desk, dialog, SECRET)
    desk.wait(lambda: page.is_reading)


def test_a_pause_does_not_ask_again_but_another_reader_between_does(desk, page, locked):
    desk.choose(locked)
    page.read()
    answer(desk, desk.dialog(PassphraseDialog), SECRET)
    desk.wait(lambda: page.is_reading)
    page.pause()
    desk.choose(locked)
    page.read()
    desk.wait(lambda: page.is_reading)
    desk.session.set_reader(desk.library.reader(2))
    desk.wait(lambda: not page.is_reading)
    desk.settle()
    desk.session.set_reader(desk.library.reader(1))
    desk.settle()
    desk.choose(locked)
    page.read()
    assert desk.dialog(PassphraseDialog).isVisible()
    assert not page.is_reading


def test_another_reader_does_not_go_on_in_ones_reading(desk, page, locked):
    desk.session.set_reader(desk.library.reader(2))
    desk.settle()
    desk.begin(locked)
    desk.session.set_reader(desk.library.reader(1))
    desk.wait(lambda: not page.is_reading)
    assert page.room.conduct is None


def test_a_sign_off_asks_even_whom_a_reading_has_asked(desk, page, locked):
    desk.session.run(
        lambda library: library.finish_reading(reading=locked, reader=1, reason="enough")
    )
    desk.settle()
    desk.choose(locked)
    page.sign_off()
    dialog = desk.dialog(SignOffDialog)
    assert not dialog.verb.isEnabled()
    answer(desk, dialog, "wrong horse battery")
    desk.wait(lambda: dialog.trouble.text())
    assert "passphrase" in dialog.trouble.text()
    assert desk.library.signoffs() == []
    answer(desk, dialog, SECRET)
    desk.wait(lambda: len(desk.library.signoffs()) == 1)


def test_what_is_written_is_not_to_be_read(qtbot, session):
    dialog = PassphraseDialog(session, session.reader, why="")
    qtbot.addWidget(dialog)
    assert dialog.passphrase.echoMode() is QLineEdit.EchoMode.Password


def test_who_has_none_is_never_asked(qtbot, session):
    done = []
    unlocking_of(session).unlock(session.reader, "", lambda: done.append(1), None)
    assert done == [1]
    assert unlocking_of(session) is unlocking_of(session)


def set_new(qtbot, dialog, new, again, old=""):
    dialog.old.setText(old)
    dialog.new.setText(new)
    dialog.again.setText(again)
    qtbot.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)


def test_a_passphrase_is_set_and_changed(qtbot, session):
    dialog = NewPassphraseDialog(session, session.reader)
    qtbot.addWidget(dialog)
    dialog.show()
    set_new(qtbot, dialog, SECRET, "another")
    assert "differ" in dialog.trouble.text()
    set_new(qtbot, dialog, "short", "short")
    assert "at least 8 characters" in dialog.trouble.text()
    set_new(qtbot, dialog, SECRET, SECRET)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    reader = session.library.reader(1)
    assert reader.locked
    assert session.library.check_passphrase(1, SECRET)

    again = NewPassphraseDialog(session, reader)
    qtbot.addWidget(again)
    again.show()
    set_new(qtbot, again, "another secret", "another secret", old="not the old one")
    qtbot.waitUntil(lambda: bool(again.trouble.text()))
    assert session.library.check_passphrase(1, SECRET)
    set_new(qtbot, again, "another secret", "another secret", old=SECRET)
    qtbot.waitUntil(lambda: not again.isVisible())
    assert session.library.check_passphrase(1, "another secret")
