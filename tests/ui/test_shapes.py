import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from glomviewer.ui.shapes import paint_badge, paint_shape

SHAPES = ("triangle", "circle", "question", "cross", "diamond")


def painted(shape, *, filled):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    paint_shape(painter, QRectF(4, 4, 32, 32), shape, QColor("white"), filled=filled)
    painter.end()
    return image


def lit(image):
    return sum(image.pixelColor(x, y).value() for x in range(40) for y in range(40))


def test_every_shape_looks_different(qapp):
    pictures = {bytes(painted(shape, filled=True).constBits()) for shape in SHAPES}
    assert len(pictures) == len(SHAPES)


@pytest.mark.parametrize("shape", ["triangle", "circle", "question", "cross"])
def test_filled_is_heavier_than_outline(qapp, shape):
    assert lit(painted(shape, filled=True)) > lit(painted(shape, filled=False)) > 0


def test_the_diamond_is_split(qapp):
    image = painted("diamond", filled=True)
    assert image.pixelColor(14, 20).value() == 255
    assert image.pixelColor(26, 20).value() == 0


def test_a_badge_stands_on_an_opaque_plate(qapp):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#d060a0"))
    painter = QPainter(image)
    ground = QColor("#1f1f1f")
    paint_badge(painter, QRectF(8, 8, 24, 24), "circle", QColor("#3A93D0"), ground, filled=True)
    painter.end()
    assert image.pixelColor(20, 10) == ground
    assert image.pixelColor(20, 20) == QColor("#3A93D0")
    assert image.pixelColor(2, 2) == QColor("#d060a0")
