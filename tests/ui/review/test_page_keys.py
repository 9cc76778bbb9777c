"""Deciding by keys, on a real library."""

from PySide6.QtCore import Qt

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.patch_query import Queue

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def label_of(session, patch):
    return int(session.table["current"][session.table.rows_of((patch,))[0]])


def last_decision(session, patch):
    return session.library.history(patch)[0]


def test_one_key_labels_and_goes_on(page, press, session):
    assert page.grid.current_patch == 1
    press(Key.Key_1)
    assert label_of(session, 1) == 1
    assert page.grid.current_patch == 2
    press(Key.Key_N)
    press(Key.Key_U)
    press(Key.Key_X)
    assert [label_of(session, patch) for patch in (2, 3, 4)] == [0, 2, 3]
    assert page.grid.current_patch == 5


def test_keys_are_those_of_the_label_set(page, press, session):
    press(Key.Key_S)
    press(Key.Key_0)
    assert (label_of(session, 1), label_of(session, 2)) == (1, 0)


def test_many_selected_then_one_key_is_one_gesture(page, press, session):
    press(Key.Key_Right, SHIFT)
    press(Key.Key_Right, SHIFT)
    assert page.grid.selected_patches().tolist() == [1, 2, 3]
    press(Key.Key_U)
    assert [label_of(session, patch) for patch in (1, 2, 3, 4)] == [2, 2, 2, NO_LABEL]
    assert len({last_decision(session, patch).batch for patch in (1, 2, 3)}) == 1
    assert page.grid.current_patch == 3


def test_the_log_tells_what_was_shown(page, press, session):
    press(Key.Key_1)
    decision = last_decision(session, 1)
    assert decision.call_shown
    assert decision.on_screen
    assert decision.model == session.active_model.id


def test_on_locked_patches_the_call_is_hidden_and_logged_as_hidden(page, press, session, qtbot):
    page.grid.go_to(8)
    assert page.grid.current_patch == 9
    qtbot.waitUntil(lambda: page.panel.detail is not None)
    assert page.panel.facts.text("Model's call") == "Hidden until you decide"
    press(Key.Key_Space)
    assert label_of(session, 9) == NO_LABEL
    press(Key.Key_0)
    decision = last_decision(session, 9)
    assert not decision.call_shown
    assert decision.model == ""
    page.grid.go_to(8)
    qtbot.waitUntil(lambda: "sclerotic" in page.panel.facts.text("Model's call"))


def test_space_accepts_the_call_that_is_shown(page, press, session):
    press(Key.Key_Space)
    assert label_of(session, 1) == 1
    assert last_decision(session, 1).call_shown
    assert page.grid.current_patch == 2


def test_what_was_never_on_screen_is_logged_as_such(page, press, session, qtbot):
    page.set_thumbnail_size(480)
    page.log._seen.clear()
    page.grid.repaint()
    page.grid.viewport().repaint()
    press(Key.Key_A, CONTROL)
    press(Key.Key_U)
    visible = page.grid.visible_places()
    assert len(visible) < 24
    assert last_decision(session, 1).on_screen
    assert not last_decision(session, 24).on_screen
    seen = session.table["seen"][session.table.rows_of((1, 24))]
    assert seen.tolist() == [True, False]


def test_a_patch_that_leaves_its_queue_stays_until_it_is_refreshed(page, press, session, qtbot):
    page.listing.open_queue(Queue.MODEL_DISAGREES)
    qtbot.waitUntil(lambda: page.grid.ids.tolist() == [1, 2])
    assert page.grid.current_patch == 1
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: page.listing.left == {1})
    assert page.grid.ids.tolist() == [1, 2]
    assert page.grid.current_patch == 2
    assert page.header.left.isVisible()
    press(Key.Key_F5)
    qtbot.waitUntil(lambda: page.grid.ids.tolist() == [2])
    assert page.grid.current_patch == 2
    assert not page.header.left.isVisible()


def test_flags_and_their_queue(page, press, session, qtbot):
    press(Key.Key_F)
    qtbot.waitUntil(lambda: page.queues.queues.model_.rows[6].count == 1)
    assert bool(session.table["flagged"][0])
    press(Key.Key_F)
    assert not bool(session.table["flagged"][0])


def test_arrows_move_and_decide_nothing(page, press, session):
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Up, Key.Key_End, Key.Key_Home, Key.Key_Left):
        press(key)
    assert page.grid.current_patch == 1
    assert all(label_of(session, patch) == NO_LABEL for patch in range(1, 25))


def test_without_a_reader_a_key_asks_for_one(page, qtbot, session):
    session.reader = None
    with qtbot.waitSignal(page.reader_needed):
        qtbot.keyClick(page.grid, Key.Key_1)
    assert not session.saving


def test_same_scale_and_size_keys(page, press):
    before = page.grid.thumbnail_size
    press(Key.Key_BracketRight)
    assert page.grid.thumbnail_size > before
    press(Key.Key_BracketLeft)
    assert page.grid.thumbnail_size == before
    press(Key.Key_Equal)
    assert page.grid.same_scale


def test_find_by_key_and_back_by_enter(page, press, qtbot):
    qtbot.keyClick(page.grid, Key.Key_Slash)
    qtbot.waitUntil(page.queues.finder.hasFocus)
    qtbot.keyClicks(page.queues.finder, "case 2")
    qtbot.waitUntil(lambda: page.grid.ids.tolist() == [5, 6, 7, 8])
    assert [chip.text() for chip in page.filter_bar.chips] == ["“case 2”  ×"]
    qtbot.keyClick(page.queues.finder, Key.Key_Return)
    qtbot.waitUntil(page.grid.hasFocus)
    page.filter_bar.clear.click()
    qtbot.waitUntil(lambda: len(page.grid.ids) == 24)
    assert page.queues.finder.text() == ""
