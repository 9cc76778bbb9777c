"""The shapes that say a label without its colour: triangle, circle, question, cross, diamond.

Filled is a reader's or the reference label; an outline is a model's call. On tissue every shape
sits on an opaque plate, since vermillion on a PAS pink has a contrast of 1.2.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPainter, QPen, QPixmap, QPolygonF

from glomviewer.domain.labels import Label
from glomviewer.ui.colours import Colours

STROKE = 0.13
"""Width of an outline over the height of its shape."""


def label_colour(label: Label, colours: Colours) -> QColor:
    return QColor(label.colour_on_dark if colours.dark else label.colour)


def paint_shape(
    painter: QPainter, rect: QRectF, shape: str, colour: QColor, *, filled: bool
) -> None:
    """Paint one shape inside `rect`; an unknown shape is painted as a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    stroke = max(1.2, rect.height() * STROKE)
    inner = rect.adjusted(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2)
    pen = _mitred(colour, stroke)
    painter.setPen(pen)
    painter.setBrush(QBrush(colour) if filled else Qt.BrushStyle.NoBrush)
    if shape == "triangle":
        painter.drawPolygon(_triangle(inner))
    elif shape == "circle":
        painter.drawEllipse(inner)
    elif shape == "question":
        _paint_question(painter, rect, colour, filled=filled)
    elif shape == "cross":
        _paint_cross(painter, inner, colour, stroke * (1.4 if filled else 1.0))
    elif shape == "diamond":
        _paint_split_diamond(painter, inner, colour, stroke)
    else:
        painter.drawRect(inner)
    painter.restore()


def paint_badge(
    painter: QPainter,
    plate: QRectF,
    shape: str,
    colour: QColor,
    ground: QColor,
    *,
    filled: bool,
) -> None:
    """Paint a shape on its opaque plate; the shape takes the middle 64 % of it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(plate, 3, 3)
    painter.restore()
    margin = plate.height() * 0.18
    paint_shape(
        painter,
        plate.adjusted(margin, margin, -margin, -margin),
        shape,
        colour,
        filled=filled,
    )


def shape_icon(shape: str, colour: QColor, size: int, *, filled: bool, ratio: float = 2.0) -> QIcon:
    """A shape as an icon for buttons, menus and lists, `size` device-independent pixels."""
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_shape(painter, QRectF(1, 1, size - 2, size - 2), shape, colour, filled=filled)
    painter.end()
    return QIcon(pixmap)


def label_icon(label: Label, colours: Colours, size: int = 16, *, filled: bool = True) -> QIcon:
    return shape_icon(label.shape, label_colour(label, colours), size, filled=filled)


def _mitred(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _triangle(rect: QRectF) -> QPolygonF:
    top = rect.top() + rect.height() * 0.04
    bottom = rect.bottom() - rect.height() * 0.04
    return QPolygonF(
        [
            QPointF(rect.center().x(), top),
            QPointF(rect.right(), bottom),
            QPointF(rect.left(), bottom),
        ]
    )


def _paint_question(painter: QPainter, rect: QRectF, colour: QColor, *, filled: bool) -> None:
    font = QFont(painter.font())
    font.setPixelSize(max(6, round(rect.height() * 1.05)))
    font.setWeight(QFont.Weight.Black if filled else QFont.Weight.Medium)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect.adjusted(-4, -4, 4, 4), Qt.AlignmentFlag.AlignCenter, "?")


def _paint_cross(painter: QPainter, rect: QRectF, colour: QColor, stroke: float) -> None:
    painter.setPen(_mitred(colour, stroke))
    inset = rect.width() * 0.08
    inner = rect.adjusted(inset, inset, -inset, -inset)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())


def _paint_split_diamond(painter: QPainter, rect: QRectF, colour: QColor, stroke: float) -> None:
    top = QPointF(rect.center().x(), rect.top())
    right = QPointF(rect.right(), rect.center().y())
    bottom = QPointF(rect.center().x(), rect.bottom())
    left = QPointF(rect.left(), rect.center().y())
    painter.setPen(_mitred(colour, stroke * 0.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF([top, right, bottom, left]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([top, bottom, left]))
