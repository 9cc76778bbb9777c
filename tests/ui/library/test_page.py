"""The page of the library, by keys and mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from glomviewer.domain.changes import Changes
from glomviewer.store.exchange import known_keys
from glomviewer.store.packs.keys import SigningKey, installation_key
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.dialogs.restore import RestoreDialog
from glomviewer.ui.library.page import LibraryPage


@pytest.fixture
def page(qtbot, theme, session, images, actions):
    page = LibraryPage(session, images, actions)
    qtbot.addWidget(page)
    session.changed.connect(page.refresh)
    page.resize(1280, 640)
    page.show()
    qtbot.waitUntil(lambda: page.state.shows_content)
    return page


def texts(table):
    return [table.rows.row_at(row).texts for row in range(table.rows.rowCount())]


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_says_where_the_library_is_and_what_is_in_it(page, session):
    assert page.library.name.text() == "small"
    assert page.library.place.text() == str(session.folder)
    assert page.library.counts.text() == "24 patches, 6 cases, 6 slides"
    assert page.library.labels.text() == "12 globally sclerotic, 12 not globally sclerotic"


def test_the_splits_are_told_with_their_classes_and_cases(page):
    assert texts(page.splits.table) == [
        ("Training", "16", "8", "8", "4"),
        ("Validation", "4", "2", "2", "1"),
        ("Locked test", "4", "2", "2", "1"),
    ]


def test_a_backup_made_now_is_listed(qtbot, page):
    click(qtbot, page.backups.now)
    qtbot.waitUntil(lambda: len(texts(page.backups.table)) == 1)
    assert texts(page.backups.table)[0][1] == "by hand"
    assert page.backups.restore.isEnabled()


def test_restoring_names_the_chosen_backup(qtbot, page):
    click(qtbot, page.backups.now)
    qtbot.waitUntil(lambda: len(texts(page.backups.table)) == 1)
    click(qtbot, page.backups.restore)
    with qtbot.waitSignal(page.restore_chosen) as chosen:
        click(qtbot, page.findChild(RestoreDialog).verb)
    assert chosen.args[0].is_file()


def test_switching_readers_takes_one_double_click(qtbot, page, session):
    table = page.readers.table
    place = table.visualRect(table.rows.index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: session.reader is not None and session.reader.initials == "BO")
    qtbot.waitUntil(lambda: texts(table)[1][2] == "reading now")


def test_what_is_excluded_stands_with_its_reason_and_comes_back(qtbot, page, session):
    session.run(
        lambda library: library.exclude(reader=session.reader.id, case="case 1", reason="stain")
    )
    qtbot.waitUntil(lambda: texts(page.exclusions.table) == [("case 1", "4", "stain")])
    page.exclusions.table.setCurrentIndex(page.exclusions.table.rows.index(0, 0))
    click(qtbot, page.exclusions.include)
    qtbot.waitUntil(lambda: texts(page.exclusions.table) == [])
    assert page.exclusions.none.isVisible()


def test_missing_files_are_found_and_can_be_opened(qtbot, page, small):
    (small.images / "p3.png").unlink()
    click(qtbot, page.roots.check)
    qtbot.waitUntil(lambda: page.roots.show_missing.isVisible())
    with qtbot.waitSignal(page.open_patches) as opened:
        click(qtbot, page.roots.show_missing)
    assert opened.args[0].missing_only


def test_a_root_can_be_re_pointed(qtbot, page, small, tmp_path, monkeypatch):
    moved = tmp_path / "moved"
    small.images.rename(moved)
    monkeypatch.setattr(
        "glomviewer.ui.library.page.QFileDialog.getExistingDirectory", lambda *_: str(moved)
    )
    click(qtbot, page.roots.repoint)
    qtbot.waitUntil(lambda: texts(page.roots.table)[0][0] == str(moved))


def test_verifying_says_that_all_is_well(qtbot, page):
    click(qtbot, page.library.verify_button)
    qtbot.waitUntil(lambda: bool(page.library.trouble.text()))


def known_key(session):
    key = SigningKey.generate()
    with session.library.write() as connection:
        known_keys.trust(connection, key.public, known_keys.LIBRARIES, "the ward's laptop")
    return key.fingerprint


def test_the_own_key_can_be_copied(qtbot, page):
    own = installation_key().fingerprint
    assert own in page.keys.own.text()
    with qtbot.waitSignal(page.message):
        click(qtbot, page.keys.copy)
    assert QGuiApplication.clipboard().text() == own


def test_a_known_key_is_withdrawn_with_a_reason_by_keys_alone(qtbot, page, session):
    assert not page.keys.withdraw.isVisible()
    fingerprint = known_key(session)
    page.refresh(Changes(packs=True))
    qtbot.waitUntil(lambda: len(texts(page.keys.table)) == 1)
    assert texts(page.keys.table)[0][:2] == ("labels and models", fingerprint)
    assert not page.keys.withdraw.isEnabled()
    page.keys.table.setFocus()
    qtbot.keyClick(page.keys.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.keys.withdraw, Qt.Key.Key_Space)
    dialog = page.findChild(ReasonDialog)
    dialog.text.setPlainText("the laptop was stolen")
    qtbot.keyClick(dialog.verb, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: texts(page.keys.table) == [])
    (act,) = session.library.journal(limit=1)
    assert act.title == "key of the ward's laptop withdrawn" and "stolen" in str(act.body)
    assert act.reader == session.reader
