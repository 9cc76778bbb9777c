"""A patch lies on the screen as it would lie in a pack."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from glomviewer.domain import turns
from glomviewer.ui.readings import turning


def pixels_of(image):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)


@pytest.mark.parametrize("turn", range(turns.TURNS))
def test_screen_and_pack_number_the_turns_alike(turn):
    pixels = np.random.default_rng(3).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    data = pixels.tobytes()
    image = QImage(data, 7, 5, 7 * 3, QImage.Format.Format_RGB888)
    assert np.array_equal(pixels_of(turning.turned(image, turn)), turns.turned(pixels, turn))
    assert turning.TURNS == turns.TURNS
