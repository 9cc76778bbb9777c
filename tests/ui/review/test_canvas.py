"""An image is painted at once, or by way of its tones; both put the same pixels there."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from glomviewer.ui.review.canvas import PatchCanvas


@pytest.fixture
def canvas(qtbot):
    canvas = PatchCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(320, 260)
    canvas.show()
    return canvas


def picture():
    """A ramp with a sharp edge, 90 x 70."""
    pixels = np.zeros((70, 90, 3), dtype=np.uint8)
    pixels[:, :, 0] = np.linspace(40, 200, 90, dtype=np.uint8)
    pixels[20:40, 30:60, 1] = 180
    return QImage(pixels.tobytes(), 90, 70, 270, QImage.Format.Format_RGB888).copy()


def shown(canvas):
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


@pytest.mark.parametrize("factor", [0.4, 1.0, 3.7])
def test_tones_do_not_move_the_image(canvas, factor):
    canvas.show_image(picture(), microns_per_pixel=None, preview_of=None)
    canvas.zoom(factor, QPointF(100, 90))
    plain = shown(canvas)
    assert len(np.unique(plain)) > 20
    canvas.set_tone(0, 1)
    assert np.abs(shown(canvas) - plain).mean() < 1.0


def test_brightness_is_seen(canvas):
    canvas.show_image(picture(), microns_per_pixel=None, preview_of=None)
    plain = shown(canvas)
    canvas.set_tone(50, 0)
    assert shown(canvas).mean() > plain.mean() + 10
