"""The small dialogs, by keys and mouse."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from glomviewer.store.backups import Backup
from glomviewer.ui.dialogs.comment import CommentDialog
from glomviewer.ui.dialogs.export_labels import ExportLabelsDialog
from glomviewer.ui.dialogs.first_run import FirstRunPage
from glomviewer.ui.dialogs.preferences import PreferencesDialog
from glomviewer.ui.dialogs.reader import ReaderDialog
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.dialogs.restore import RestoreDialog


@pytest.fixture
def shown(qtbot, theme):
    def show(widget):
        qtbot.addWidget(widget)
        widget.show()
        return widget

    return show


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_reader_is_added_and_reads_at_once(qtbot, shown, session):
    dialog = shown(ReaderDialog(session))
    assert not dialog.verb.isEnabled()
    qtbot.keyClicks(dialog.name, "Ada King Lovelace")
    assert dialog.initials.text() == "AKL"
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.initials, Qt.Key.Key_Return)
    assert session.reader == dialog.reader
    assert session.reader.initials == "AKL"


def test_initials_of_ones_own_are_kept(qtbot, shown, session):
    dialog = shown(ReaderDialog(session))
    qtbot.keyClicks(dialog.initials, "XY")
    qtbot.keyClicks(dialog.name, "Ada Lovelace")
    assert dialog.initials.text() == "XY"


def test_a_reason_has_to_be_given_and_can_be_suggested(qtbot, shown):
    dialog = shown(
        ReasonDialog(title="Exclude", sentence="", verb="Exclude", suggestions=["Wrong stain"])
    )
    assert not dialog.verb.isEnabled()
    suggestion = next(
        b for b in dialog.findChildren(type(dialog.verb)) if b.text() == "Wrong stain"
    )
    click(qtbot, suggestion)
    assert dialog.reason == "Wrong stain"
    with qtbot.waitSignal(dialog.accepted):
        click(qtbot, dialog.verb)


def test_a_dialog_stands_in_the_middle_of_its_window(qtbot, shown):
    window = shown(QWidget())
    window.setGeometry(40, 30, 700, 500)
    dialog = ReasonDialog(title="Why?", sentence="words " * 90, verb="So it is", parent=window)
    dialog.open()
    qtbot.waitExposed(dialog)
    apart = dialog.geometry().center() - window.geometry().center()
    assert max(abs(apart.x()), abs(apart.y())) <= 4  # Frames are not counted.
    dialog.reject()


def test_a_comment_leaves_the_patch_to_be_seen(qtbot, shown):
    window = shown(QWidget())
    window.setGeometry(40, 30, 700, 700)
    dialog = CommentDialog("", window)
    dialog.open()
    qtbot.waitExposed(dialog)
    assert dialog.geometry().top() > window.geometry().center().y()
    assert dialog.geometry().bottom() < window.geometry().bottom()
    dialog.reject()


def test_a_backup_is_chosen_by_arrows(qtbot, shown):
    now = datetime(2026, 11, 21, tzinfo=UTC)
    backups = [
        Backup(Path(f"{n}.sqlite"), now - timedelta(days=n), "by hand", 640_000) for n in range(3)
    ]
    dialog = shown(RestoreDialog(backups))
    assert dialog.backup == backups[0]
    qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog.backup == backups[1]


@pytest.fixture
def preferences(shown, theme, actions, settings, qtbot):
    from PySide6.QtWidgets import QWidget

    scope = QWidget()
    qtbot.addWidget(scope)
    done = []
    actions.add("one", "Do one", lambda: done.append(1), scope=scope, group="Test", keys=["F2"])
    actions.add("two", "Do two", lambda: done.append(2), scope=scope, group="Test", keys=["F3"])
    dialog = shown(PreferencesDialog(theme, actions, settings))
    dialog.scope = scope
    return dialog


def test_every_preference_is_kept_at_once(qtbot, preferences, settings, theme):
    preferences.theme.choose("light")
    assert not theme.colours.dark
    preferences.background.choose("white")
    preferences.thumbnails.setValue(200)
    preferences.auto_promote.setFocus()
    preferences.auto_promote.toggle()
    again = type(settings)(settings.path)
    assert again.values.theme == "light"
    assert again.values.viewer_background == "white"
    assert again.values.thumbnail_size == 200
    assert again.values.auto_promote is False


def test_a_key_is_changed_and_a_taken_one_refused(qtbot, preferences, actions):
    keys = preferences.keys
    keys.search.setText("Do one")
    keys.table.setCurrentIndex(keys.table.rows.index(0, 0))
    qtbot.keyClick(keys.edit, Qt.Key.Key_F3)
    qtbot.waitUntil(lambda: "already means “Do two”" in keys.trouble.text())
    qtbot.keyClick(keys.edit, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: actions.key_text("one") == "F4")
    keys.table.setCurrentIndex(keys.table.rows.index(0, 0))
    click(qtbot, keys.reset)
    assert actions.key_text("one") == "F2"


def test_labels_are_exported_as_chosen(qtbot, shown, session, tmp_path):
    dialog = shown(ExportLabelsDialog(session))
    dialog.groups.setChecked(False)
    dialog.model.setChecked(True)
    dialog.export_to(tmp_path / "labels.csv")
    qtbot.waitUntil(lambda: not session.tasks.running)
    with (tmp_path / "labels.csv").open(newline="", encoding="utf-8-sig") as file:
        header = next(csv.reader(file))
    assert header[:2] == ["name", "ground truth"]
    assert "model call" in header
    assert "case" not in header
    assert list(tmp_path.glob("labels*manifest.json"))


def test_a_folder_per_class_is_exported(qtbot, shown, session, tmp_path):
    dialog = shown(ExportLabelsDialog(session))
    dialog.as_folders.setChecked(True)
    dialog.export_to(tmp_path / "out")
    qtbot.waitUntil(lambda: (tmp_path / "out" / "labels.csv").is_file())
    qtbot.waitUntil(lambda: not session.tasks.running)


def test_the_first_page_offers_three_things_and_where_one_was(qtbot, shown, tmp_path, monkeypatch):
    library = tmp_path / "mine.glomlib"
    library.mkdir()
    page = shown(FirstRunPage([str(library), str(tmp_path / "gone.glomlib")]))
    with qtbot.waitSignal(page.demo_chosen):
        click(qtbot, page.demo)
    monkeypatch.setattr(
        "glomviewer.ui.dialogs.first_run.QFileDialog.getExistingDirectory",
        lambda *_: str(tmp_path),
    )
    with qtbot.waitSignal(page.import_chosen) as chosen:
        click(qtbot, page.import_button)
    assert chosen.args == [tmp_path]
    with qtbot.waitSignal(page.open_chosen) as opened:
        click(qtbot, page.recent_buttons[0])
    assert opened.args == [library]
    assert not page.recent_buttons[1].isEnabled()


def test_a_new_library_gets_its_suffix(qtbot, shown, tmp_path, monkeypatch):
    page = shown(FirstRunPage())
    monkeypatch.setattr(
        "glomviewer.ui.dialogs.first_run.QFileDialog.getSaveFileName",
        lambda *_: (str(tmp_path / "study"), ""),
    )
    with qtbot.waitSignal(page.new_chosen) as chosen:
        click(qtbot, page.new_button)
    assert chosen.args == [tmp_path / "study.glomlib"]


def test_trouble_is_said_on_the_first_page(shown):
    page = shown(FirstRunPage())
    page.show_trouble("This is no library.")
    assert page.trouble.isVisible()
