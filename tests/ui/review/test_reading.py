"""One at a time."""

from PySide6.QtCore import Qt

Key = Qt.Key


def label_of(session, patch):
    return int(session.table["current"][session.table.rows_of((patch,))[0]])


def test_enter_opens_one_key_labels_and_moves_on(page, press, session, qtbot):
    press(Key.Key_Return)
    assert page.is_reading
    assert page.reading.progress.text() == "Everything · 1 of 24"
    press(Key.Key_1)
    assert page.reading.patch == 2
    press(Key.Key_0)
    assert page.reading.patch == 3
    assert (label_of(session, 1), label_of(session, 2)) == (1, 0)
    press(Key.Key_Escape)
    assert not page.is_reading
    assert page.grid.current_patch == 3
    assert page.grid.hasFocus()


def test_the_call_is_hidden_until_decided_then_told(page, press, qtbot):
    press(Key.Key_Return)
    assert page.reading.call.text() == "Hidden until you decide"
    press(Key.Key_0)
    qtbot.waitUntil(lambda: "the model: Globally sclerotic" in page.reading.before.text())
    assert page.reading.call.text() == "Hidden until you decide"
    press(Key.Key_Left)
    assert "Globally sclerotic" in page.reading.call.text()


def test_the_reader_may_have_the_call_at_once_but_not_on_locked_patches(page, press, settings):
    press(Key.Key_Return)
    press(Key.Key_V)
    assert "Globally sclerotic" in page.reading.call.text()
    assert not settings.values.hide_call_until_decided
    page.reading.go_to(8)
    assert page.reading.call.text() == "Hidden until you decide"


def test_a_call_hidden_here_and_in_the_grid_is_logged_as_hidden(page, press, session):
    page.log._calls.clear()
    page.reading.start(page.grid.ids, 4, "Everything")
    page.views.setCurrentWidget(page.reading)
    page.reading.canvas.setFocus()
    press(Key.Key_1)
    assert not session.library.history(5)[0].call_shown


def test_looking_is_enough_to_have_seen(page, press, session, qtbot, images):
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: page.reading.picture.full_shown)
    press(Key.Key_Right)
    qtbot.waitUntil(lambda: page.reading.picture.full_shown)
    qtbot.waitUntil(lambda: bool(session.table["seen"][:2].all()))
    assert not session.table["seen"][5]


def test_the_next_image_is_ready_before_it_is_asked_for(page, press, qtbot, images):
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: images.idle)
    press(Key.Key_Right)
    assert page.reading.picture.full_shown


def test_the_end_is_said(page, press, qtbot):
    press(Key.Key_End)
    press(Key.Key_Return)
    press(Key.Key_1)
    assert page.is_reading
    assert "the last" in page.reading.before.text()


def test_buttons_label_too(page, press, session, qtbot):
    press(Key.Key_Return)
    qtbot.mouseClick(page.reading.buttons.buttons[2], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: label_of(session, 1) == 2)
    assert page.reading.patch == 2


def test_a_hidden_call_cannot_be_accepted(page, press, session):
    press(Key.Key_Return)
    press(Key.Key_Space)
    assert page.reading.patch == 1
    assert label_of(session, 1) == -1
    press(Key.Key_V)
    press(Key.Key_Space)
    assert label_of(session, 1) == 1
