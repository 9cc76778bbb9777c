"""Commit, then reveal: the model's call comes after one's own, and both labels are kept."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from glomviewer.domain.changes import Changes
from glomviewer.domain.readings.protocol import Reveal

Key = Qt.Key


@pytest.fixture
def revealing(desk):
    reading = desk.make(reveal=Reveal.AFTER, repeats=0)
    desk.begin(reading)
    return reading


def call_of(patch):
    """As the model of these tests calls it: it errs on patches 1 and 2."""
    sclerotic = (patch - 1) % 2
    return 1 - sclerotic if patch <= 2 else sclerotic


def test_nothing_is_told_before_the_commit_and_everything_after(desk, revealing):
    strip = desk.screen.strip
    assert strip.currentWidget() is strip.views
    item = desk.item
    desk.press(Key.Key_1)
    assert desk.item.id == item.id
    assert strip.currentWidget() is strip.revealed
    called = "globally sclerotic" if call_of(item.patch) else "not globally sclerotic"
    assert strip.revealed.own.text == "You: globally sclerotic"
    assert strip.revealed.call.text.startswith(f"Model: {called} 0.")
    small = strip.revealed.small.text()
    assert small.startswith("demo · 1 · threshold 0.50 · For review, not for diagnosis.")


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return])
def test_space_and_enter_keep_and_go_on(desk, revealing, key):
    desk.press(Key.Key_1)
    desk.press(key)
    assert desk.item.place == 1
    item = desk.items(revealing)[0]
    assert (item.label, item.first_label, item.revealed) == (1, 1, True)
    assert desk.screen.strip.currentWidget() is desk.screen.strip.views


def test_space_does_nothing_before_the_commit(desk, revealing):
    desk.press(Key.Key_Space)
    assert desk.item.place == 0
    assert desk.items(revealing)[0].label == -1


def test_another_label_changes_and_the_first_is_kept(desk, revealing):
    patch = desk.item.patch
    desk.press(Key.Key_1)
    desk.press(Key.Key_0)
    assert desk.item.place == 1
    item = desk.items(revealing)[0]
    assert (item.label, item.first_label) == (0, 1)
    rows = [row for row in desk.library.history(patch) if row.field == "label"]
    assert sorted((row.label, row.call_shown) for row in rows) == [(0, True), (1, False)]


def test_going_back_shows_what_was_told_again(desk, revealing):
    desk.press(Key.Key_1)
    desk.press(Key.Key_0)
    desk.restart()
    assert desk.item.place == 1
    desk.press(Key.Key_Left)
    strip = desk.screen.strip
    desk.wait(lambda: strip.currentWidget() is strip.revealed)
    assert strip.revealed.own.text == "You: not globally sclerotic"
    assert strip.revealed.agreement.text() == "You first said globally sclerotic."


def test_a_call_that_is_being_saved_takes_no_second_label(desk, revealing):
    desk.settle()
    canvas = desk.screen.canvas.canvas
    QTest.keyClick(canvas, Key.Key_1)
    assert desk.conduct.is_saving
    assert desk.screen.strip.saying.text() == "Saving…"
    QTest.keyClick(canvas, Key.Key_0)
    desk.wait(lambda: not desk.conduct.is_saving)
    desk.settle()
    assert desk.items(revealing)[0].label == 1


def test_undo_of_what_was_revealed_is_refused_and_said(desk, revealing):
    said = []
    desk.session.failed.connect(said.append)
    desk.press(Key.Key_1)
    desk.session.run(lambda library: library.undo(reader=1))
    desk.wait(lambda: said)
    assert "shown since" in said[0]
    assert desk.items(revealing)[0].label == 1


def test_at_once_shows_the_call_before_the_label(desk):
    reading = desk.make(independent=False, reveal=Reveal.AT_ONCE, repeats=0)
    desk.begin(reading)
    strip = desk.screen.strip
    desk.wait(lambda: strip.currentWidget() is strip.revealed)
    assert not strip.revealed.own.isVisible()
    assert not strip.revealed.keep.isVisible()
    desk.press(Key.Key_1)
    assert desk.item.place == 1


def hold_the_store(session):
    """Nothing is written from now on until the event that is given back is set."""
    free = threading.Event()

    def wait(_library):
        free.wait(timeout=30)
        return Changes()

    session.run(wait)
    return free


def test_a_pause_before_the_label_is_durable_keeps_it_and_tells_nobody(desk, revealing, qtbot):
    item, gone = desk.item, []
    desk.conduct.destroyed.connect(lambda: gone.append(True))
    free = hold_the_store(desk.session)
    qtbot.keyClick(desk.screen, Qt.Key.Key_1)
    desk.page.pause()
    desk.wait(lambda: gone)
    free.set()
    desk.settle()
    assert desk.items(revealing)[item.place].label == 1


def test_the_next_patches_are_read_once_the_label_is_durable(desk, qtbot, monkeypatch):
    desk.begin(desk.make(reveal=Reveal.NEVER, repeats=0))
    desk.settle()
    asked, screen = [], desk.screen
    monkeypatch.setattr(screen.canvas, "preload", asked.append)
    free = hold_the_store(desk.session)
    qtbot.keyClick(screen, Qt.Key.Key_1)
    desk.wait(lambda: desk.item.place == 1 and not screen._near.isActive())
    assert asked == []
    free.set()
    desk.wait(lambda: asked)
