"""Stain views come off the window's thread, ahead of the key where there is time."""

import threading

import numpy as np
import pytest
from PySide6.QtGui import QImage

from glomviewer.domain.stain_views import StainView, stain_view
from glomviewer.drawn import draw_patch
from glomviewer.jobs import stain_pictures
from glomviewer.jobs.stain_pictures import StainPictures, image_of, pixels_of


@pytest.fixture
def pictures(session):
    return StainPictures(session, parent=session)


@pytest.fixture
def made(monkeypatch):
    """What is computed, and on which thread."""
    heard = []

    def computed(pixels, view):
        heard.append((pixels.shape, view, threading.current_thread().name))
        return stain_view(pixels, view)

    monkeypatch.setattr(stain_pictures, "stain_view", computed)
    return heard


def drawn(seed=3, size=(60, 50)):
    pixels = draw_patch(seed, 0, size=size).pixels
    return pixels, image_of(pixels)


@pytest.mark.parametrize("width", [1, 2, 5, 64])
def test_pixels_survive_the_way_to_an_image_and_back(qapp, width):
    pixels = np.random.default_rng(1).integers(0, 256, (7, width, 3), dtype=np.uint8)
    image = image_of(pixels)
    assert image.format() == QImage.Format.Format_RGB32
    np.testing.assert_array_equal(pixels_of(image), pixels)


def test_a_null_image_has_no_pixels(qapp):
    assert pixels_of(QImage()).shape == (0, 0, 3)


@pytest.mark.parametrize("view", list(StainView))
def test_a_view_comes_later_and_is_there_at_once_from_then_on(qtbot, pictures, made, view):
    pixels, image = drawn()
    with qtbot.waitSignal(pictures.ready):
        assert pictures.view(image, view) is None
    shown = pictures.view(image, view)
    np.testing.assert_array_equal(pixels_of(shown), stain_view(pixels, view))
    assert [one[1] for one in made] == [view]
    assert made[0][2] != threading.main_thread().name


def test_the_views_of_the_patch_on_the_screen_are_made_ahead(qtbot, pictures, made):
    _, image = drawn()
    with qtbot.waitSignal(pictures.ready):
        pictures.prepare(image)
    assert {one[1] for one in made} == set(StainView)
    assert all(pictures.view(image, view) is not None for view in StainView)
    assert len(made) == 3


def test_nothing_is_made_for_a_patch_that_was_only_passed(qtbot, pictures, made):
    images = [drawn(seed, (40 + seed, 40))[1] for seed in range(4)]
    with qtbot.waitSignal(pictures.ready):
        for image in images:
            pictures.prepare(image)
    assert {one[0] for one in made} == {(40, 43, 3)}


def test_work_ahead_stops_when_the_next_patch_is_shown(qtbot, pictures, session, monkeypatch):
    begun, go_on, seen = threading.Event(), threading.Event(), []

    def slow(pixels, view):
        seen.append(view)
        begun.set()
        go_on.wait(10)
        return pixels

    monkeypatch.setattr(stain_pictures, "stain_view", slow)
    pictures.prepare(drawn()[1])
    qtbot.waitUntil(begun.is_set)
    pictures.prepare(None)
    go_on.set()
    qtbot.waitUntil(lambda: session.is_idle)
    assert len(seen) == 1


def test_an_image_read_again_has_views_of_its_own(qtbot, pictures):
    _, first = drawn(3)
    _, second = drawn(4)
    with qtbot.waitSignal(pictures.ready):
        pictures.view(first, StainView.PAS)
    assert pictures.view(second, StainView.PAS) is None


def test_memory_stays_within_its_bound(qtbot, session):
    pictures = StainPictures(session, max_bytes=60 * 50 * 4 * 2, parent=session)
    _, image = drawn()
    with qtbot.waitSignal(pictures.ready):
        pictures.prepare(image)
    assert pictures._made.bytes == 60 * 50 * 4 * 2


def test_a_closed_session_is_asked_for_nothing(qtbot, session, pictures, made):
    session.close()
    assert pictures.view(drawn()[1], StainView.PAS) is None
    pictures.prepare(drawn()[1])
    pictures._pause.timeout.emit()
    assert made == []
