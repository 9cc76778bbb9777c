"""A name that somebody has already is his: nobody becomes another by writing it."""

from PySide6.QtWidgets import QApplication

from glomviewer.ui.dialogs.passphrase import PassphraseDialog
from glomviewer.ui.dialogs.reader import ReaderDialog

SECRET = "correct horse battery"


def known(session, *, passphrase=""):
    """Cara, who is followed by Dora."""
    cara = session.library.add_reader("Cara Chief", "CC")
    if passphrase:
        session.library.set_passphrase(cara.id, "", passphrase)
    session.library.add_reader("Dora Last", "DL")
    return session.library.reader(cara.id)


def written(qtbot, session):
    dialog = ReaderDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.name.setText("Cara Chief")
    dialog.initials.setText("CC")
    dialog.submit()
    return dialog


def asked(qtbot):
    def found():
        boxes = QApplication.topLevelWidgets()
        return [box for box in boxes if isinstance(box, PassphraseDialog) and box.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    return found()[0]


def test_who_is_there_already_reads_and_not_whoever_came_last(qtbot, theme, session):
    cara = known(session)
    dialog = written(qtbot, session)
    qtbot.waitUntil(lambda: dialog.reader is not None)
    assert session.reader == dialog.reader == cara


def test_one_who_is_locked_is_asked_for_the_passphrase(qtbot, theme, session):
    cara = known(session, passphrase=SECRET)
    before = session.reader
    dialog = written(qtbot, session)
    passphrase = asked(qtbot)
    assert session.reader == before and dialog.reader is None
    passphrase.passphrase.setText("wrong horse battery")
    passphrase.submit()
    qtbot.waitUntil(lambda: bool(passphrase.trouble.text()))
    assert session.reader == before
    passphrase.passphrase.setText(SECRET)
    passphrase.submit()
    qtbot.waitUntil(lambda: session.reader == cara)
    assert dialog.reader == cara
