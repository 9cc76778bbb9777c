import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from glomviewer.ui.review.tone import tone_curve, toned

levels = st.integers(-100, 100)


def test_nothing_asked_changes_nothing():
    assert tone_curve(0, 0).tolist() == list(range(256))


@given(levels, levels)
def test_darker_stays_darker(brightness, contrast):
    assert (np.diff(tone_curve(brightness, contrast).astype(int)) >= 0).all()


def test_brightness_lifts_and_contrast_spreads():
    assert tone_curve(50, 0)[100] > 100
    assert tone_curve(0, 50)[200] > 200
    assert tone_curve(0, 50)[50] < 50


def test_an_image_is_toned_and_its_original_is_left(qapp):
    image = QImage(3, 2, QImage.Format.Format_RGB888)
    image.fill(QColor(100, 150, 200))
    bright = toned(image, tone_curve(40, 0))
    assert bright.pixelColor(2, 1).red() == int(tone_curve(40, 0)[100])
    assert image.pixelColor(2, 1).red() == 100
