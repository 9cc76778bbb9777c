"""Badges drawn once and blitted ever after: a frame of thumbnails needs a hundred of them."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from glomviewer.ui.shapes import paint_badge

Key = tuple[str, str, bool, int, str, float]


class Badges:
    """Square pixmaps of badges by shape, colour, size and ground."""

    def __init__(self) -> None:
        self._made: dict[Key, QPixmap] = {}

    def label(
        self, shape: str, colour: QColor, size: int, ground: QColor, ratio: float, *, filled: bool
    ) -> QPixmap:
        key = (shape, colour.name(), filled, size, ground.name(), ratio)
        return self._get(
            key,
            lambda painter, plate: paint_badge(
                painter, plate, shape, colour, ground, filled=filled
            ),
        )

    def mark(self, name: str, colour: QColor, size: int, ground: QColor, ratio: float) -> QPixmap:
        """The marks that are no labels: "flag" and "comment"."""
        paint = {"flag": _paint_flag, "comment": _paint_comment}[name]
        key = (name, colour.name(), True, size, ground.name(), ratio)
        return self._get(key, lambda painter, plate: paint(painter, plate, ground, colour))

    def _get(self, key: Key, paint: Callable[[QPainter, QRectF], None]) -> QPixmap:
        pixmap = self._made.get(key)
        if pixmap is None:
            size, ratio = key[3], key[5]
            pixels = math.ceil(size * ratio)
            pixmap = QPixmap(pixels, pixels)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            paint(painter, QRectF(0, 0, size, size))
            painter.end()
            self._made[key] = pixmap
        return pixmap


def _paint_flag(painter: QPainter, plate: QRectF, ground: QColor, colour: QColor) -> None:
    _paint_plate(painter, plate, ground)
    side = plate.height()
    left, top = plate.x() + side * 0.3, plate.y() + side * 0.22
    painter.setPen(QPen(colour, max(1.0, side * 0.08)))
    painter.drawLine(QPointF(left, top), QPointF(left, plate.y() + side * 0.8))
    painter.setBrush(colour)
    cloth = [(0.0, 0.0), (0.44, 0.0), (0.32, 0.15), (0.44, 0.3), (0.0, 0.3)]
    painter.drawPolygon(QPolygonF([QPointF(left + x * side, top + y * side) for x, y in cloth]))


def _paint_comment(painter: QPainter, plate: QRectF, ground: QColor, colour: QColor) -> None:
    _paint_plate(painter, plate, ground)
    side = plate.height()
    painter.setPen(QPen(colour, max(1.0, side * 0.08)))
    for height in (0.34, 0.5, 0.66):
        width = 0.28 if height > 0.6 else 0.48
        start = QPointF(plate.x() + side * 0.26, plate.y() + side * height)
        painter.drawLine(start, start + QPointF(side * width, 0))


def _paint_plate(painter: QPainter, plate: QRectF, ground: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(plate, 3, 3)
