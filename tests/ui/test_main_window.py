"""The window around the pages, on a real library."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.readings.protocol import Protocol
from glomviewer.jobs import operations
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.ui.dialogs.palette import PaletteDialog
from glomviewer.ui.dialogs.shortcuts_sheet import ShortcutsSheet
from glomviewer.ui.main_window import MainWindow
from glomviewer.ui.opened import OpenedLibrary
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.readings.new_reading import NewReadingDialog
from glomviewer.ui.widgets.key_cap import KeyCaps

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(session, images, actions, settings, theme, qtbot):
    models = ModelJobs(session)
    window = MainWindow(theme, settings, actions)
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    qtbot.waitExposed(window)
    window.show_library(OpenedLibrary(session, images, models, RunJobs(session, models)))
    review = window.review
    assert review is not None
    qtbot.waitUntil(lambda: len(review.grid.ids) == 24)
    window.activateWindow()
    review.grid.setFocus()
    yield window
    window.close()
    qtbot.waitUntil(lambda: not session.saving)


def test_before_any_library_there_are_three_things_to_do(actions, settings, theme, qtbot):
    window = MainWindow(theme, settings, actions)
    qtbot.addWidget(window)
    assert window.stack.currentWidget() is window.first_run
    assert not window.bar.tabs[PageName.REVIEW].isEnabled()
    assert window.focusWidget() is window.first_run.demo
    with qtbot.waitSignal(window.demo_asked):
        window.first_run.demo.click()


def test_pages_are_made_when_they_are_first_shown(window, qtbot):
    assert list(window._pages) == [PageName.REVIEW]
    qtbot.keyClick(window.review.grid, Key.Key_5, CONTROL)
    assert window.page is PageName.CASES
    assert window.bar.tabs[PageName.CASES].isChecked()
    qtbot.mouseClick(window.bar.tabs[PageName.LIBRARY], Qt.MouseButton.LeftButton)
    assert window.page is PageName.LIBRARY
    window.show_page(PageName.REVIEW)
    assert window.review.grid.hasFocus()


def test_a_page_asks_review_to_open_patches(window, qtbot):
    window.show_page(PageName.CASES)
    window.page_widget(PageName.CASES).open_patches.emit(PatchQuery(cases=("case 2",)), "Case 2")
    qtbot.waitUntil(lambda: window.review.grid.ids.tolist() == [5, 6, 7, 8])
    assert window.page is PageName.REVIEW
    assert window.review.header.title.text() == "Case 2"


def test_undo_says_what_it_will_undo_and_goes_back_there(window, session, qtbot):
    grid = window.review.grid
    qtbot.keyClick(grid, Key.Key_1)
    qtbot.waitUntil(lambda: window.bar.undo.isEnabled())
    assert "globally sclerotic" in window.bar.undo.toolTip()
    assert "Ctrl+Z" in window.bar.undo.toolTip()
    assert "globally sclerotic" in window.status.message.text()
    grid.go_to(9)
    qtbot.keyClick(grid, Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: int(session.table["current"][0]) == -1)
    qtbot.waitUntil(lambda: grid.current_patch == 1)
    qtbot.waitUntil(lambda: window.bar.redo.isEnabled())
    qtbot.keyClick(grid, Key.Key_Z, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: int(session.table["current"][0]) == 1)


def test_on_the_page_of_the_threshold_undo_is_about_the_threshold(window, session, qtbot):
    grid = window.review.grid
    qtbot.keyClick(grid, Key.Key_1)
    qtbot.waitUntil(lambda: window.bar.undo.isEnabled())
    label_text = window.bar.undo.toolTip()
    window.show_page(PageName.THRESHOLD)
    page = window.page_widget(PageName.THRESHOLD)
    qtbot.waitUntil(lambda: page.state.shows_content)
    assert window.bar.undo.toolTip() == "Nothing to undo (Ctrl+Z)"
    page.step(1)
    moved = page.threshold
    page.choice.reason.setText("to be undone")
    page.move_threshold()
    qtbot.waitUntil(lambda: window.bar.undo.isEnabled())
    assert session.active_model.threshold == moved
    told = "Undo: the threshold of demo · 1 back to 0.50"
    assert window.bar.undo.toolTip() == f"{told} (Ctrl+Z)"
    assert window.actions_["app.undo"].text == told
    qtbot.keyClick(page.strip, Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: session.active_model.threshold == 0.0)
    qtbot.waitUntil(lambda: window.bar.redo.isEnabled())
    qtbot.keyClick(page.strip, Key.Key_Z, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: session.active_model.threshold == moved)
    qtbot.waitUntil(lambda: not session.saving)
    assert int(session.table["current"][0]) == 1
    window.show_page(PageName.REVIEW)
    assert window.bar.undo.toolTip() == label_text
    qtbot.keyClick(grid, Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: int(session.table["current"][0]) == -1)
    assert session.active_model.threshold == moved


def test_nothing_to_undo_is_said_quietly(window, session, qtbot):
    window.undoing.undo()
    qtbot.waitUntil(lambda: window.status.message.text() == "There is nothing to undo.")
    assert window.failure.isHidden()


def test_the_palette_finds_a_command_and_does_it(window, qtbot):
    qtbot.keyClick(window.review.grid, Key.Key_K, CONTROL)
    palette = window.findChild(PaletteDialog)
    qtbot.keyClicks(palette.edit, "same scale")
    assert "scale" in palette.list.item(0).text()
    qtbot.keyClick(palette.edit, Key.Key_Return)
    qtbot.waitUntil(lambda: window.review.grid.same_scale)


def test_the_sheet_shows_every_group_and_key(window, actions, qtbot):
    actions.trigger("app.keys")
    sheet = window.findChild(ShortcutsSheet)
    caps = {caps.accessibleName() for caps in sheet.findChildren(KeyCaps)}
    assert {"1 or S", "0 or N", "U", "X", "Space", "Ctrl+K"} <= caps
    sheet.accept()


def test_every_command_has_a_key_and_none_is_given_twice(window, actions):
    assert [action.id for action in actions.all() if not action.keys] == []
    for action in actions.all():
        actions.set_keys(action.id, action.keys)


def test_enter_presses_the_button_that_it_goes_to(window, session, qtbot):
    window.show_page(PageName.READINGS)
    page = window.page_widget(PageName.READINGS)
    qtbot.waitUntil(lambda: page.state.message.button.hasFocus())
    qtbot.keyClick(page.state.message.button, Key.Key_Return)
    dialog = page.findChild(NewReadingDialog)
    assert dialog is not None and dialog.isVisible()
    dialog.reject()


def test_one_click_switches_the_reader(window, session, settings, qtbot):
    qtbot.mouseClick(window.bar.reader, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _menu(window) is not None)
    menu = _menu(window)
    assert menu is not None
    entry = next(entry for entry in menu.actions() if entry.text().startswith("Bob"))
    menu.close()
    entry.trigger()
    qtbot.waitUntil(lambda: "Bob Other" in window.bar.reader.text())
    assert session.reader.name == "Bob Other"
    assert list(settings.values.readers.values()) == [session.reader.id]


def test_readings_that_wait_are_counted_and_lead_to_their_page(window, session, qtbot):
    tab, line = window.bar.tabs[PageName.READINGS], window.review.queues.waiting
    assert (tab.text(), line.isHidden()) == ("Readings", True)
    own, other = (one.id for one in session.library.readers())
    make = partial(operations.create_reading, patches=[1, 2], protocol=Protocol(needed=1), seed=1)
    for name, reader in (("Mine", own), ("Another's", other)):
        session.run(partial(make, name=name, readers=[reader]))
    qtbot.waitUntil(lambda: tab.text() == "Readings (1)")
    assert tab.accessibleDescription() == "1 reading waits for you"
    assert line.model_.rows[0].text == "1 reading waits for you"
    place = line.row_rect("readings").center()
    qtbot.mouseClick(line.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.page is PageName.READINGS
    (reading,) = [one.id for one in session.library.readings() if one.name == "Mine"]
    done = partial(operations.finish_reading, reading=reading, reader=own, reason="ill")
    session.run(done)
    qtbot.waitUntil(lambda: (tab.text(), line.isHidden()) == ("Readings", True))
    session.set_reader(session.library.readers()[1])
    qtbot.waitUntil(lambda: tab.text() == "Readings (1)")


def test_the_status_bar_says_model_threshold_and_that_all_is_saved(window, session, qtbot):
    assert window.status.model.text() == "Model demo · 1 · threshold 0.50"
    assert window.status.saved.text() == "All decisions saved"
    with qtbot.waitSignal(session.busy):
        window.review.decide(1)
    qtbot.waitUntil(lambda: window.status.saved.text() == "All decisions saved")


def test_long_work_has_its_place_and_is_cancelled_there(window, session, qtbot):
    def work(control):
        control.progress(3, 10, "reading")
        while not control.wait(0.01):
            pass
        control.check()
        return ""

    task = session.tasks.start("Checking files", work)
    strip = window.status._strips[task]
    qtbot.waitUntil(lambda: "3 of 10" in strip.text.text())
    strip.cancel.click()
    qtbot.waitUntil(lambda: not window.status._strips)
    assert window.status.message.text() == "Checking files: cancelled."


def test_a_failure_stays_until_it_is_dismissed(window, session, qtbot):
    session.failed.emit("The disk is full. The label was not saved.")
    assert "disk is full" in window.failure.text.text()
    session.changed.emit(Changes(sentence="Something else."))
    assert window.failure.isVisible()
    window.failure.dismiss.click()
    assert window.failure.isHidden()


def test_size_place_and_page_are_kept(window, session, settings, qtbot):
    window.show_page(PageName.LIBRARY)
    window.review.grid.go_to(7)
    window.close()
    assert settings.values.window
    (view,) = settings.values.views.values()
    assert view["page"] == "Library"
    assert view["review"]["current"] == 8


def test_dark_or_light_by_a_key_and_kept(window, settings, theme, qtbot):
    qtbot.keyClick(window.review.grid, Key.Key_L, CONTROL | SHIFT)
    assert not theme.colours.dark
    assert settings.values.theme == "light"
    assert _ink(window.bar.library) == theme.colours.text


def _ink(button):
    """The colour that the button's icon is drawn in."""
    drawn = button.icon().pixmap(16, 16).toImage()
    pixels = (drawn.pixelColor(x, y) for x in range(drawn.width()) for y in range(drawn.height()))
    return max(pixels, key=lambda colour: colour.alpha()).name()


def _menu(window):
    return next((menu for menu in window.findChildren(QMenu) if menu.isVisible()), None)
