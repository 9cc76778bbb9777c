"""The whole application but for its event loop: open, close, reopen."""

import threading

import pytest
from builders import make_library
from older import VERSION, older_library, version_of
from PySide6.QtCore import Qt

from glomviewer.app import App
from glomviewer.jobs.opening import Opening
from glomviewer.settings import SettingsFile
from glomviewer.store import migrate
from glomviewer.store.library import Library
from glomviewer.store.schema import SCHEMA_VERSION
from glomviewer.store.settings import DEMO_READER, DEMO_SETTING


@pytest.fixture
def folder(tmp_path):
    made = make_library(tmp_path)
    made.library.close()
    return made.library.folder


@pytest.fixture
def start(qapp, qtbot):
    style, palette, font = qapp.style().name(), qapp.palette(), qapp.font()
    running = []

    def start(folder=None):
        app = App(qapp, SettingsFile())
        running.append(app)
        app.start(folder)
        return app

    yield start
    for app in running:
        app.window.close()
        app.close()
        app.window.deleteLater()
        app.deleteLater()
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(palette)
    qapp.setFont(font)


def loaded(app, qtbot):
    qtbot.waitUntil(lambda: app.opened is not None and app.opened.session.is_loaded)
    qtbot.waitUntil(lambda: len(app.window.review.grid.ids) > 0)


def stop(app):
    app.window.close()
    app.close()


def test_a_library_is_opened_labelled_and_found_again(folder, start, qtbot):
    app = start(folder)
    loaded(app, qtbot)
    app.window.review.grid.setFocus()
    app.window.review.grid.go_to(4)
    session = app.opened.session
    session.reader = session.library.readers()[0]
    app.window.menus.remember_reader(session.reader)
    app.window.review.decide(1)
    qtbot.waitUntil(lambda: not session.saving)
    stop(app)

    again = start()
    loaded(again, qtbot)
    assert again.opened.session.folder == folder
    assert again.opened.session.reader.name == "Ann Reader"
    assert again.window.review.grid.current_patch == 6
    assert int(again.opened.session.table["current"][4]) == 1
    qtbot.waitUntil(lambda: again.window.bar.undo.isEnabled())


def test_of_two_libraries_asked_for_at_once_one_is_open(folder, tmp_path, start, qtbot):
    other = make_library(tmp_path / "other")
    other.library.close()
    app = start(folder)
    app.open(other.library.folder)
    qtbot.waitUntil(lambda: app.opened is not None)
    qtbot.waitUntil(lambda: app.opened.session.folder == other.library.folder)
    loaded(app, qtbot)
    with Library.open(folder) as first:
        assert not first.read_only


def test_what_is_no_library_is_said_on_the_first_page(tmp_path, start, qtbot):
    (tmp_path / "nothing.glomlib").mkdir()
    app = start(tmp_path / "nothing.glomlib")
    qtbot.waitUntil(lambda: bool(app.window.first_run.trouble.text()))
    assert app.window.stack.currentWidget() is app.window.first_run


@pytest.fixture
def slow_older(tmp_path, monkeypatch):
    """An older library, and an event before which bringing it up to date comes no further than
    half of its copy."""
    go_on, copy = threading.Event(), migrate.back_up

    def slow(paths, reason, *, copied):
        copied(1, 2)
        go_on.wait(60)
        return copy(paths, reason, copied=copied)

    paths = older_library(tmp_path / "old.glomlib")
    monkeypatch.setattr(migrate, "back_up", slow)
    yield paths, go_on
    go_on.set()


def test_an_older_library_tells_how_far_it_is_and_can_be_left_as_it_was(slow_older, start, qtbot):
    paths, go_on = slow_older
    app = start(paths.folder)
    page = app.window.opening
    qtbot.waitUntil(page.cancel.isVisible)
    assert page.text.text() == "Copying the library (step 1 of 5) 1 of 2"
    assert page.line.share == 0.5
    page.cancel.click()
    go_on.set()
    qtbot.waitUntil(lambda: bool(app.window.first_run.trouble.text()))
    assert "is as it was" in app.window.first_run.trouble.text()
    assert version_of(paths) == VERSION
    app.open(paths.folder)
    qtbot.waitUntil(lambda: app.opened is not None and app.opened.session.is_loaded)
    assert version_of(paths) == SCHEMA_VERSION


def test_closing_the_window_leaves_an_older_library_as_it_was(slow_older, start, monkeypatch):
    paths, go_on = slow_older
    cancel = Opening.cancel
    monkeypatch.setattr(Opening, "cancel", lambda self: (cancel(self), go_on.set()))
    stop(start(paths.folder))
    assert version_of(paths) == VERSION


def test_the_title_of_the_window_names_no_patient(tmp_path, start, qtbot):
    app = start()
    app.create(tmp_path / "S23-12345 left.glomlib")
    qtbot.waitUntil(lambda: app.opened is not None)
    assert app.window.windowTitle() == "A library · glomviewer"


def test_a_new_library_is_made_and_closed(tmp_path, start, qtbot):
    app = start()
    app.window.new_asked.emit(tmp_path / "mine.glomlib")
    qtbot.waitUntil(lambda: app.opened is not None and app.opened.session.is_loaded)
    assert app.window.windowTitle() == "mine · glomviewer"
    app.actions.trigger("app.close_library")
    assert app.opened is None
    assert app.window.stack.currentWidget() is app.window.first_run


def test_changed_keys_survive_a_restart(folder, start, qtbot):
    app = start(folder)
    loaded(app, qtbot)
    app.window.menus.remember_reader(app.opened.session.library.readers()[0])
    app.actions.set_keys("review.flag", ["Shift+F", "M"])
    stop(app)
    again = start(folder)
    loaded(again, qtbot)
    assert again.actions.key_text("review.flag") == "Shift+F or M"
    again.window.activateWindow()
    again.window.review.grid.setFocus()
    qtbot.waitUntil(again.window.review.grid.hasFocus)
    session = again.opened.session
    qtbot.keyClick(again.window.review.grid, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: bool(session.table["flagged"][0]))


@pytest.mark.parametrize("drawn", [True, False])
def test_a_library_of_drawn_patches_says_so_on_every_page(folder, start, qtbot, drawn):
    with Library.open(folder) as library:
        library.set_setting(DEMO_SETTING, drawn)
    app = start(folder)
    loaded(app, qtbot)
    told = app.window.status.disclaimer.text()
    assert ("Drawn patches and readers, not real" in told) is drawn
    assert "For review, not for diagnosis" in told


def test_the_demo_asks_nobody_for_his_name(folder, start, qtbot, monkeypatch):
    with Library.open(folder) as library:
        library.set_setting(DEMO_SETTING, True)
        library.add_reader(*DEMO_READER)
    asked = []
    monkeypatch.setattr("glomviewer.ui.window_menus.WindowMenus.ask_reader", asked.append)
    app = start(folder)
    loaded(app, qtbot)
    assert app.opened.session.reader.name == "Demo Reader" and not asked


def test_the_demo_is_for_whoever_has_said_his_name(folder, start, qtbot):
    SettingsFile().change(reader_name="Ann Reader", reader_initials="AR")
    with Library.open(folder) as library:
        library.set_setting(DEMO_SETTING, True)
        library.add_reader("Ann Reader", "AR")
        library.add_reader(*DEMO_READER)
    app = start(folder)
    loaded(app, qtbot)
    assert app.opened.session.reader.name == "Ann Reader"
