"""The patch in its turn, its stain views while a key is held, and the patch itself afterwards."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from glomviewer.domain.stain_views import StainView, stain_view
from glomviewer.jobs.stain_pictures import image_of, pixels_of
from glomviewer.ui.readings.reading_canvas import ReadingCanvas
from glomviewer.ui.readings.turning import TURNS, turned, turned_size

turns = st.integers(0, TURNS - 1)


def noise(width, height, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def laid(pixels, turn):
    return pixels_of(turned(image_of(pixels), turn))


# turning


@given(st.integers(1, 9), st.integers(1, 9), turns)
def test_a_turn_moves_pixels_and_changes_none(width, height, turn):
    pixels = noise(width, height)
    image = turned(image_of(pixels), turn)
    assert (image.width(), image.height()) == turned_size((width, height), turn)
    assert image.format() == QImage.Format.Format_RGB32
    mirrored = pixels[:, ::-1] if turn >= 4 else pixels
    np.testing.assert_array_equal(pixels_of(image), np.rot90(mirrored, -turn))


def test_all_eight_are_different_and_the_first_changes_nothing():
    pixels = noise(6, 6)
    pictures = {laid(pixels, turn).tobytes() for turn in range(TURNS)}
    assert len(pictures) == TURNS
    np.testing.assert_array_equal(laid(pixels, 0), pixels)


@given(turns, turns)
def test_one_turn_after_another_is_one_of_the_eight(first, second):
    pixels = noise(5, 5)
    eight = {laid(pixels, turn).tobytes() for turn in range(TURNS)}
    assert laid(laid(pixels, first), second).tobytes() in eight


@given(turns)
def test_every_turn_can_be_taken_back(turn):
    pixels = noise(7, 4)
    once = laid(pixels, turn)
    assert any(
        laid(once, back).shape == pixels.shape and (laid(once, back) == pixels).all()
        for back in range(TURNS)
    )


@pytest.mark.parametrize("turn", [-1, 8])
def test_there_is_no_ninth_turn(turn):
    with pytest.raises(ValueError, match="from 0 to 7"):
        turned(image_of(noise(2, 2)), turn)
    with pytest.raises(ValueError, match="from 0 to 7"):
        turned_size((2, 2), turn)


# the canvas


class Page(QWidget):
    """What a reading page is to the canvas: it hands on keys."""

    def __init__(self, canvas):
        super().__init__()
        self.canvas, self.comment = canvas, QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(canvas)
        column.addWidget(self.comment)

    def keyPressEvent(self, event):
        if not self.canvas.key_pressed(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event):
        if not self.canvas.key_released(event):
            super().keyReleaseEvent(event)


@pytest.fixture
def page(qtbot, session, images):
    canvas = ReadingCanvas(session, images)
    canvas.set_keys(StainView.NORMALISED, ["M"])
    canvas.set_keys(StainView.HAEMATOXYLIN, ["Shift+H", "F6"])
    canvas.set_keys(StainView.PAS, ["P", ""])
    page = Page(canvas)
    qtbot.addWidget(page)
    page.resize(500, 400)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(lambda: canvas.canvas.hasFocus())
    return page


@pytest.fixture
def reading(page):
    return page.canvas


@pytest.fixture
def on_first(qtbot, reading):
    """Patch 1 is on the screen."""
    show(qtbot, reading, 1)
    return reading


def show(qtbot, reading, patch, turn=0):
    reading.show_item(patch, turn)
    qtbot.waitUntil(lambda: reading.picture.full_shown)


def painted(reading):
    return pixels_of(reading.canvas._image)


def whole(reading):
    return pixels_of(reading.canvas.plain)


def hold(qtbot, reading, view):
    reading.hold(view)
    qtbot.waitUntil(lambda: reading.canvas.legend == view.value)


def test_an_item_is_shown_in_its_turn(qtbot, reading):
    heard = []
    reading.shown.connect(heard.append)
    for turn in range(TURNS):
        show(qtbot, reading, 1, turn)
        np.testing.assert_array_equal(painted(reading), laid(whole(reading), turn))
    assert heard == [1] * TURNS
    assert reading.is_settled


def test_a_preview_is_turned_as_its_image_will_be(qtbot, reading):
    reading.canvas.set_turn(1)
    small, large = image_of(noise(20, 10)), image_of(noise(80, 40))
    reading.canvas.show_image(small, microns_per_pixel=None, preview_of=(80, 40))
    before = reading.canvas.view
    assert before.image == (40, 80)
    reading.canvas.show_image(large, microns_per_pixel=None, preview_of=None)
    assert reading.canvas.view == before


def test_an_item_is_not_settled_before_its_own_image_is_there(qtbot, on_first):
    on_first.show_item(2)
    assert not on_first.is_settled
    qtbot.waitUntil(lambda: on_first.is_settled)
    assert on_first.picture.full_shown
    on_first.show_item(None)
    assert on_first.is_settled
    assert not on_first.canvas.has_image


def test_a_patch_that_cannot_be_read_is_settled_with_its_sentence(qtbot, reading):
    reading.show_item(999)
    qtbot.waitUntil(lambda: reading.is_settled)
    assert not reading.canvas.has_image
    reading.hold(StainView.PAS)
    assert reading.canvas.legend == ""


@pytest.mark.parametrize("turn", [0, 5])
@pytest.mark.parametrize("view", list(StainView))
def test_a_view_is_shown_in_the_turn_and_place_of_the_patch(qtbot, reading, view, turn):
    show(qtbot, reading, 1, turn)
    reading.canvas.zoom(3.0)
    plain, place = painted(reading), reading.canvas.view
    hold(qtbot, reading, view)
    np.testing.assert_array_equal(painted(reading), laid(stain_view(whole(reading), view), turn))
    assert reading.canvas.view == place
    assert reading.canvas.accessibleDescription() == view.value
    reading.release()
    np.testing.assert_array_equal(painted(reading), plain)
    assert reading.canvas.view == place
    assert reading.canvas.legend == ""


def test_the_plate_is_painted_only_while_a_view_is_shown(qtbot, on_first):
    def plate():
        return on_first.canvas.grab().toImage().pixelColor(on_first.canvas.width() // 2, 16).name()

    on_first.canvas.set_background("white")
    outside = plate()
    assert outside != "#1f1f1f"
    hold(qtbot, on_first, StainView.PAS)
    assert plate() == "#1f1f1f"
    on_first.release()
    assert plate() == outside


def test_views_made_ahead_are_shown_at_the_very_press(qtbot, on_first):
    key, made = on_first.canvas.plain.cacheKey(), on_first._stains._made
    qtbot.waitUntil(lambda: all((key, view) in made for view in StainView))
    for view in StainView:
        on_first.hold(view)
        assert on_first.canvas.legend == view.value
        on_first.release()


def test_a_view_that_comes_after_the_release_is_not_shown(qtbot, session, on_first):
    on_first.hold(StainView.PAS)
    on_first.release()
    qtbot.waitUntil(lambda: session.is_idle)
    assert on_first.canvas.legend == ""


def test_a_view_of_the_patch_before_is_not_shown_of_the_next(qtbot, on_first):
    on_first.hold(StainView.PAS)
    show(qtbot, on_first, 2)
    qtbot.waitUntil(lambda: on_first.canvas.legend == StainView.PAS.value)
    expected = stain_view(whole(on_first), StainView.PAS)
    np.testing.assert_array_equal(painted(on_first), expected)


def test_holding_another_view_replaces_the_first(qtbot, on_first):
    heard = []
    on_first.held_changed.connect(heard.append)
    hold(qtbot, on_first, StainView.PAS)
    hold(qtbot, on_first, StainView.HAEMATOXYLIN)
    on_first.release()
    on_first.release()
    assert heard == [StainView.PAS, StainView.HAEMATOXYLIN, None]


def test_a_second_call_from_a_menu_lets_go(qtbot, on_first):
    hold(qtbot, on_first, StainView.PAS)
    on_first.hold(StainView.PAS)
    assert on_first.held is None
    assert on_first.canvas.legend == ""


# keys


def test_a_key_holds_and_releases(qtbot, on_first):
    qtbot.keyPress(on_first.canvas, Qt.Key.Key_P)
    assert on_first.held is StainView.PAS
    qtbot.keyRelease(on_first.canvas, Qt.Key.Key_P)
    assert on_first.held is None


def test_a_modifier_may_be_let_go_first_and_a_second_key_serves_as_well(qtbot, on_first):
    qtbot.keyPress(on_first.canvas, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyRelease(on_first.canvas, Qt.Key.Key_H)
    assert on_first.held is None
    qtbot.keyPress(on_first.canvas, Qt.Key.Key_F6)
    assert on_first.held is StainView.HAEMATOXYLIN


def test_other_keys_meanwhile_do_not_release(qtbot, on_first):
    qtbot.keyPress(on_first.canvas, Qt.Key.Key_P)
    qtbot.keyClick(on_first.canvas, Qt.Key.Key_1)
    assert on_first.held is StainView.PAS


def test_a_held_key_repeats_its_press_and_its_release(on_first):
    def key(kind, *, repeats):
        none = Qt.KeyboardModifier.NoModifier
        return QKeyEvent(kind, Qt.Key.Key_P, none, "p", repeats)

    assert on_first.key_pressed(key(QEvent.Type.KeyPress, repeats=False))
    for _ in range(5):
        assert not on_first.key_released(key(QEvent.Type.KeyRelease, repeats=True))
        assert on_first.key_pressed(key(QEvent.Type.KeyPress, repeats=True))
        assert on_first.held is StainView.PAS
    assert on_first.key_released(key(QEvent.Type.KeyRelease, repeats=False))
    assert on_first.held is None


def test_the_patch_comes_back_when_the_window_loses_the_focus(qtbot, on_first, page):
    hold(qtbot, on_first, StainView.PAS)
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitExposed(other):
        other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: on_first.held is None)
    assert on_first.canvas.legend == ""


def test_the_patch_comes_back_when_the_window_is_deactivated(qtbot, on_first):
    hold(qtbot, on_first, StainView.PAS)
    on_first.event(QEvent(QEvent.Type.WindowDeactivate))
    assert on_first.canvas.legend == ""


def test_the_patch_comes_back_when_a_field_takes_the_keys(qtbot, on_first, page):
    hold(qtbot, on_first, StainView.PAS)
    page.comment.setFocus()
    assert on_first.held is None
    assert on_first.canvas.legend == ""


def test_the_patch_comes_back_when_the_page_is_left(qtbot, on_first, page):
    page.comment.setFocus()
    hold(qtbot, on_first, StainView.PAS)
    on_first.hide()
    assert on_first.held is None


def test_preloaded_patches_are_on_the_screen_at_once(qtbot, images, on_first):
    on_first.preload([2, 3, 2])
    qtbot.waitUntil(lambda: images.idle)
    on_first.show_item(3, 6)
    assert on_first.picture.full_shown
    np.testing.assert_array_equal(painted(on_first), laid(whole(on_first), 6))
