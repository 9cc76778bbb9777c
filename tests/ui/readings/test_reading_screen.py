"""Reading blind by keys: labels, back and forward, pause, cannot tell, failed writes."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from glomviewer.domain.readings.protocol import Order, Reveal
from glomviewer.jobs import operations
from glomviewer.jobs.sentences import JobError
from glomviewer.ui.dialogs.comment import CommentDialog
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.reason import ReasonDialog

Key, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def blind(desk):
    """A reading of twelve patches in which the call is never shown, begun."""
    reading = desk.make(reveal=Reveal.NEVER, repeats=0)
    desk.begin(reading)
    return reading


def labels(desk, reading):
    return [item.label for item in desk.items(reading)]


def test_ten_patches_are_read_by_one_key_each(desk, blind):
    for place, key in enumerate([Key.Key_1, Key.Key_0, Key.Key_S, Key.Key_N, Key.Key_X] * 2):
        assert desk.item.place == place
        desk.press(key)
    assert labels(desk, blind) == [1, 0, 1, 0, 3] * 2 + [-1, -1]
    assert desk.screen.progress.text().startswith("Independent reading · 11 of 12")


def test_the_next_patch_is_on_the_screen_before_the_key_comes_up(desk, blind):
    desk.settle()
    QTest.keyPress(desk.screen.canvas.canvas, Key.Key_1)
    assert desk.item.place == 1
    assert desk.screen.canvas.is_settled
    QTest.keyRelease(desk.screen.canvas.canvas, Key.Key_1)
    desk.settle()


def test_no_label_is_taken_for_a_patch_that_is_not_on_the_screen_yet(desk, blind):
    desk.settle()
    desk.images.forget()
    desk.screen.canvas.show_item(desk.item.patch, desk.item.turn)
    assert not desk.screen.accepts_labels
    QTest.keyClick(desk.screen.canvas.canvas, Key.Key_1)
    assert desk.item.place == 0
    desk.press(Key.Key_1)
    assert labels(desk, blind)[:2] == [1, -1]


def test_the_ground_behind_a_patch_is_kept(desk, blind, settings):
    desk.press(Key.Key_B)
    assert settings.values.viewer_background == "black"
    desk.screen.set_background("window")
    desk.restart()
    desk.press(Key.Key_B)
    assert settings.values.viewer_background == "grey"


def test_a_click_on_a_label_does_the_same(desk, blind):
    desk.ready()
    QTest.mouseClick(desk.screen.buttons.buttons[0], LEFT)
    desk.settle()
    assert labels(desk, blind)[0] == 0
    assert desk.item.place == 1


def test_back_and_another_label_before_finishing(desk, blind):
    for _ in range(3):
        desk.press(Key.Key_1)
    desk.press(Key.Key_Left)
    desk.press(Key.Key_Left)
    assert desk.item.place == 1
    assert desk.screen.buttons.buttons[1].chosen
    desk.press(Key.Key_0)
    assert desk.item.place == 2
    item = desk.items(blind)[1]
    assert (item.label, item.first_label) == (0, 0)


def test_right_leads_no_further_than_the_first_unread(desk, blind):
    for _ in range(3):
        desk.press(Key.Key_1)
    for _ in range(3):
        desk.press(Key.Key_Left)
    desk.press(Key.Key_Right)
    assert desk.item.place == 1
    desk.press(Key.Key_End)
    assert desk.item.place == 3
    desk.press(Key.Key_Right)
    assert desk.item.place == 3


def test_a_pause_leaves_nothing_half_done(desk, blind):
    desk.press(Key.Key_1)
    desk.press(Key.Key_U)
    desk.press(Key.Key_Escape)
    assert desk.page.is_reading
    assert desk.conduct.asking is None
    desk.restart()
    assert labels(desk, blind)[:2] == [1, -1]
    assert desk.item.place == 1


def test_cannot_tell_takes_its_reason_by_one_further_key(desk, blind):
    desk.press(Key.Key_U)
    strip = desk.screen.strip
    assert strip.currentWidget() is strip.reason
    assert [button.text() for button in strip.reason.buttons] == [
        "cut off",
        "out of focus",
        "other",
    ]
    assert labels(desk, blind)[0] == -1
    desk.press(Key.Key_3)
    item = desk.items(blind)[0]
    assert (item.label, item.detail) == (2, "out of focus")
    assert desk.item.place == 1
    assert strip.currentWidget() is strip.views
    assert "you said" not in desk.screen.progress.text()
    desk.press(Key.Key_Left)
    assert desk.screen.progress.text().endswith(" · you said: out of focus")


def test_another_label_takes_the_question_back(desk, blind):
    desk.press(Key.Key_U)
    desk.press(Key.Key_1)
    assert labels(desk, blind)[:2] == [1, -1]


def test_a_digit_says_nothing_unless_a_reason_is_asked(desk, blind):
    desk.press(Key.Key_2)
    assert labels(desk, blind)[0] == -1
    assert desk.item.place == 0


def test_segmental_sclerosis_is_said_with_the_label(desk, blind):
    desk.press(Key.Key_N, SHIFT)
    item = desk.items(blind)[0]
    assert (item.label, item.detail) == (0, "segmental sclerosis")


def test_a_flag_and_a_comment_stay_with_the_item(desk, blind):
    desk.press(Key.Key_F)
    assert desk.items(blind)[0].flagged
    desk.press(Key.Key_C)
    dialog = desk.dialog(CommentDialog)
    dialog.edit.setPlainText("At the edge of the core.")
    dialog.verb.click()
    desk.settle()
    assert desk.items(blind)[0].comment == "At the edge of the core."
    assert desk.item.place == 0
    desk.press(Key.Key_F)
    assert not desk.items(blind)[0].flagged


def test_undo_comes_back_to_the_patch(desk, blind):
    desk.press(Key.Key_1)
    desk.press(Key.Key_0)
    desk.session.run(lambda library: library.undo(reader=1))
    desk.wait(lambda: desk.item is not None and desk.item.place == 1)
    desk.settle()
    assert not desk.item.is_done
    assert labels(desk, blind)[:2] == [1, -1]


def test_a_label_that_was_not_written_brings_its_patch_back(desk, blind, monkeypatch):
    desk.press(Key.Key_1)
    desk.settle()

    def refuse(library, **_what):
        raise JobError("The disk is full.")

    monkeypatch.setattr("glomviewer.jobs.operations.commit_item", refuse)
    QTest.keyClick(desk.screen.canvas.canvas, Key.Key_0)
    assert desk.item.place == 2
    desk.wait(lambda: desk.item.place == 1)
    assert not desk.item.is_done
    assert desk.screen.strip.trouble.isVisible()
    assert desk.screen.strip.trouble.text() == "Patch 2 was not saved. The disk is full."
    monkeypatch.undo()
    desk.press(Key.Key_0)
    assert labels(desk, blind)[:3] == [1, 0, -1]
    assert not desk.screen.strip.trouble.isVisible()


def test_the_end_is_calm_and_enter_finishes(desk):
    reading = desk.make(patches=[1, 2, 3], reveal=Reveal.NEVER, repeats=0)
    desk.begin(reading)
    for _ in range(3):
        desk.press(Key.Key_0)
    assert desk.conduct.item is None
    assert desk.screen.end.headline.text() == "You have read all 3 patches."
    desk.press(Key.Key_Left)
    assert desk.item.place == 2
    desk.press(Key.Key_Right)
    desk.press(Key.Key_Return)
    desk.dialog(FormDialog).verb.click()
    desk.wait(lambda: not desk.page.is_reading)
    desk.settle()
    assert desk.library.reading(reading).progress_of(1).finished is not None


def test_a_change_after_finishing_asks_for_its_reason(desk):
    reading = desk.make(patches=[1, 2, 3], reveal=Reveal.NEVER, repeats=0)
    desk.begin(reading)
    for _ in range(2):
        desk.press(Key.Key_0)
    desk.press(Key.Key_Escape)
    finish = partial(operations.finish_reading, reading=reading, reader=1, reason="ill")
    desk.session.run(finish)
    desk.settle()
    desk.begin(reading)
    desk.press(Key.Key_1)
    dialog = desk.dialog(ReasonDialog)
    assert "left this patch unread" in dialog.sentence.text()
    dialog.reject()
    desk.press(Key.Key_Left)
    desk.press(Key.Key_1)
    assert labels(desk, reading) == [0, 0, -1]
    dialog = desk.dialog(ReasonDialog)
    assert "what you called first" in dialog.sentence.text()
    dialog.text.setPlainText("I saw the mask.")
    dialog.verb.click()
    desk.settle()
    assert labels(desk, reading) == [0, 1, -1]


def test_by_case_says_which_case_and_never_its_name(desk):
    reading = desk.make(reveal=Reveal.NEVER, repeats=0, order=Order.BY_CASE)
    desk.begin(reading)
    assert "Case 1 of 3" in desk.screen.progress.text()
    assert "case 1" not in desk.screen.progress.text()
    for _ in range(4):
        desk.press(Key.Key_0)
    assert "Case 2 of 3" in desk.screen.progress.text()


def test_a_held_key_shows_a_stain_and_its_release_the_patch(desk, blind):
    desk.settle()
    canvas = desk.screen.canvas.canvas
    for key in (Key.Key_R, Key.Key_T, Key.Key_G):
        QTest.keyPress(canvas, key)
        desk.wait(lambda: canvas.legend)
        QTest.keyRelease(canvas, key)
        assert canvas.legend == ""
    assert labels(desk, blind)[0] == -1
