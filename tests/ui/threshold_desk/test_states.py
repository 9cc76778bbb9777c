"""The page of the threshold where there is little to show, and how it looks and is gone through."""

import pytest
from audit import backward_steps, clipped, cut_off, nameless
from builders import add_model, make_library, plans
from PySide6.QtCore import Qt
from threshold_steps import choose_rule, press

from glomviewer.jobs.images import loader_for
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library
from glomviewer.ui.actions import Actions
from glomviewer.ui.threshold_desk.page import ThresholdPage

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton


def make_page(qtbot, library, reader=None):
    session = Session(library, reader=reader)
    page = ThresholdPage(session, loader_for(session), Actions())
    qtbot.addWidget(page)
    session.changed.connect(page.refresh)
    session.load()
    page.resize(1280, 645)
    page.show()
    qtbot.waitUntil(lambda: page.desk_is_read)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return session, page


def test_without_a_model_it_says_so(qtbot, theme, tmp_path):
    session, page = make_page(qtbot, make_library(tmp_path, plans()).library)
    assert page.state.message.headline.text() == "No model yet"
    session.close()


def test_without_predictions_it_says_what_is_lacking(qtbot, theme, tmp_path):
    made = make_library(tmp_path, plans())
    add_model(made)
    session, page = make_page(qtbot, made.library)
    assert page.state.message.headline.text() == "Nothing to choose a threshold on yet"
    page.step(1)
    page.move_threshold()
    page.undo_here()
    page.look_at_locked()
    session.close()


def test_predictions_that_cannot_be_read_are_told_and_tried_again(qtbot, theme, small):
    model = small.library.active_model().id
    file = small.library.paths.predictions(model)
    whole = file.read_bytes()
    session, page = make_page(qtbot, small.library)
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    file.write_bytes(b"no database at all, " * 200)
    page._read()
    qtbot.waitUntil(lambda: page.state.message.headline.text() == "This could not be read")
    file.write_bytes(whole)
    qtbot.mouseClick(page.state.message.button, LEFT)
    qtbot.waitUntil(lambda: page.state.shows_content)
    session.close()


def test_a_library_for_reading_only_is_looked_at_and_not_changed(qtbot, theme, small):
    folder = small.library.folder
    small.library.close()
    session, page = make_page(qtbot, Library.open(folder, write=False))
    press(qtbot, page, Key.Key_Right)
    assert "reading only" in page.choice.obstacle.text()
    for button in (page.choice.move_button, page.choice.undo, page.view.locked.look):
        assert not button.isEnabled()
    page.look_at_locked()
    page.undo_here()
    assert session.library.looks() == 0
    session.close()


def test_every_key_is_its_own(page, actions):
    taken = [
        (key, action.scopes) for action in actions.groups()["Threshold"] for key in action.keys
    ]
    assert len({key for key, _ in taken}) == len(taken)


@pytest.mark.parametrize("size", [(1920, 1005), (1280, 645), (960, 480)])
def test_everything_has_a_name_and_room_for_its_words(qtbot, page, size):
    def nothing_is_wrong():
        assert nameless(page) + clipped(page) + cut_off(page) == []

    page.resize(*size)
    for tab in range(3):
        page.view.side.show_page(tab)
        for rule in range(5):
            choose_rule(qtbot, page, rule)
            qtbot.waitUntil(nothing_is_wrong)


def test_tab_follows_the_eye(qtbot, page):
    page.strip.setFocus()
    stops = []
    while page.focusWidget() not in stops:
        stops.append(page.focusWidget())
        qtbot.keyClick(page.focusWidget(), Key.Key_Tab)
    assert backward_steps(stops) == []
    named = [stop.accessibleName() for stop in stops]
    order = [page.strip, page.view.beside, page.choice.kind, page.view.cases.cut_off_edit]
    places = [named.index(widget.accessibleName()) for widget in order]
    assert places == sorted(places)
