"""Paints one thumbnail: the five things that it says at a glance, and the states it can be in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QPolygonF

from glomviewer.domain.labels import NO_LABEL, Label, LabelSet
from glomviewer.ui.colours import Colours
from glomviewer.ui.review.cells import Cell
from glomviewer.ui.shapes import label_colour, paint_badge

FADED = 0.3
BAR_HEIGHT = 2
TICK_HEIGHT = 6


class Frame(Enum):
    NONE = 0
    SELECTED = 1
    CURRENT = 2


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What is the same for every cell of one painting."""

    colours: Colours
    accent: QColor
    labels: LabelSet
    threshold: float | None
    many_selected: bool
    ratio: float


def paint_cell(
    painter: QPainter,
    square: QRect,
    cell: Cell,
    picture: QPixmap | None,
    note: str,
    style: CellStyle,
    *,
    frame: Frame,
    left_queue: bool,
) -> None:
    """Paint a cell whose thumbnail lies in `square`; `note` says why there is no picture."""
    painter.save()
    if left_queue or cell.excluded:
        painter.setOpacity(FADED)
    if picture is not None:
        _paint_picture(painter, square, picture, style)
    else:
        painter.fillRect(square, QColor(style.colours.panel))
    painter.setOpacity(0.55 if left_queue else 1.0)
    if picture is None and note:
        _paint_note(painter, square, note, style)
    _paint_bar(painter, square, cell, style)
    _paint_badges(painter, square, cell, style)
    painter.restore()
    if frame is not Frame.NONE:
        _paint_frame(painter, square, style, frame)


def picture_size(
    cell: Cell, side: int, pixels_per_unit: float | None, ratio: float
) -> QSize | None:
    """The size of the whole picture in device pixels: fitted into the square, or at the one
    scale of all, in device pixels a micron (or a pixel where no size is known)."""
    if cell.width <= 0 or cell.height <= 0:
        return None
    if pixels_per_unit is None:
        scale = side * ratio / max(cell.width, cell.height)
    else:
        scale = pixels_per_unit * unit_per_pixel(cell.microns_per_pixel)
    return QSize(max(1, round(cell.width * scale)), max(1, round(cell.height * scale)))


def unit_per_pixel(microns_per_pixel: float) -> float:
    """Microns a pixel, or 1 where nobody knows."""
    return microns_per_pixel if microns_per_pixel > 0 else 1.0


def _paint_picture(painter: QPainter, square: QRect, picture: QPixmap, style: CellStyle) -> None:
    width = picture.width() / style.ratio
    height = picture.height() / style.ratio
    target = QRectF(
        square.x() + (square.width() - width) / 2,
        square.y() + (square.height() - height) / 2,
        width,
        height,
    )
    if width > square.width() or height > square.height():
        # At one scale the largest are cropped: a scale that gave way would be none.
        painter.save()
        painter.setClipRect(square)
        painter.drawPixmap(target, picture, QRectF(picture.rect()))
        painter.restore()
    else:
        painter.drawPixmap(target.topLeft(), _at_ratio(picture, style.ratio))


def _at_ratio(picture: QPixmap, ratio: float) -> QPixmap:
    if picture.devicePixelRatio() != ratio:
        picture.setDevicePixelRatio(ratio)
    return picture


def _paint_note(painter: QPainter, square: QRect, note: str, style: CellStyle) -> None:
    font = QFont(painter.font())
    font.setPixelSize(11)
    painter.setFont(font)
    painter.setPen(QColor(style.colours.secondary))
    inner = square.adjusted(8, 24, -8, -24)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(inner, int(flags), note)


def _paint_bar(painter: QPainter, square: QRect, cell: Cell, style: CellStyle) -> None:
    top = square.bottom() + 4
    ground = QRect(square.x(), top, square.width(), BAR_HEIGHT)
    if cell.probability is None:
        return
    painter.fillRect(ground, QColor(style.colours.bar_ground))
    filled = round(square.width() * cell.probability)
    painter.fillRect(QRect(square.x(), top, filled, BAR_HEIGHT), QColor(style.colours.bar))
    if style.threshold is not None:
        x = square.x() + min(square.width() - 1, round(square.width() * style.threshold))
        tick = QRect(x, top - (TICK_HEIGHT - BAR_HEIGHT) // 2, 1, TICK_HEIGHT)
        painter.fillRect(tick, QColor(style.colours.text))


def _paint_badges(painter: QPainter, square: QRect, cell: Cell, style: CellStyle) -> None:
    size = max(15, min(24, round(square.width() * 0.15)))
    inset = 4
    ground = QColor(style.colours.window)
    left, top = square.x() + inset, square.y() + inset
    right = square.right() + 1 - inset - size
    bottom = square.bottom() + 1 - inset - size
    if cell.label != NO_LABEL:
        _paint_label(painter, QRectF(left, top, size, size), cell.label, style, filled=True)
    if cell.marked_call is not None:
        codes = style.labels.codes_of_target(cell.marked_call)
        if codes:
            _paint_label(painter, QRectF(right, top, size, size), codes[0], style, filled=False)
    x = left
    if cell.disputed:
        plate = QRectF(x, bottom, size, size)
        dispute = QColor(style.colours.dispute)
        # Yellow on a light plate has a contrast of 1.3, so this plate is always the dark one.
        paint_badge(painter, plate, "diamond", dispute, QColor("#1f1f1f"), filled=True)
        x += size + 3
    if cell.flagged:
        paint_flag(painter, QRectF(x, bottom, size, size), ground, QColor(style.colours.text))
        x += size + 3
    if cell.commented:
        paint_comment(painter, QRectF(x, bottom, size, size), ground, QColor(style.colours.text))
    state = "excluded" if cell.excluded else ""
    if state:
        _paint_word(painter, square, state, style)


def _paint_label(
    painter: QPainter, plate: QRectF, code: int, style: CellStyle, *, filled: bool
) -> None:
    try:
        label: Label = style.labels[code]
    except KeyError:
        return
    colour = label_colour(label, style.colours)
    paint_badge(painter, plate, label.shape, colour, QColor(style.colours.window), filled=filled)


def _paint_word(painter: QPainter, square: QRect, word: str, style: CellStyle) -> None:
    font = QFont(painter.font())
    font.setPixelSize(11)
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(word) + 10
    plate = QRectF(square.center().x() - width / 2, square.center().y() - 9, width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.colours.window))
    painter.drawRoundedRect(plate, 3, 3)
    painter.setPen(QColor(style.colours.text))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, word)


def paint_flag(painter: QPainter, plate: QRectF, ground: QColor, colour: QColor) -> None:
    _paint_plate(painter, plate, ground)
    side = plate.height()
    left, top = plate.x() + side * 0.3, plate.y() + side * 0.22
    painter.setPen(QPen(colour, max(1.0, side * 0.08)))
    painter.drawLine(QPointF(left, top), QPointF(left, plate.y() + side * 0.8))
    painter.setBrush(colour)
    cloth = [(0.0, 0.0), (0.44, 0.0), (0.32, 0.15), (0.44, 0.3), (0.0, 0.3)]
    painter.drawPolygon(QPolygonF([QPointF(left + x * side, top + y * side) for x, y in cloth]))
    painter.restore()


def paint_comment(painter: QPainter, plate: QRectF, ground: QColor, colour: QColor) -> None:
    _paint_plate(painter, plate, ground)
    side = plate.height()
    painter.setPen(QPen(colour, max(1.0, side * 0.08)))
    for height in (0.34, 0.5, 0.66):
        width = 0.28 if height > 0.6 else 0.48
        start = QPointF(plate.x() + side * 0.26, plate.y() + side * height)
        painter.drawLine(start, start + QPointF(side * width, 0))
    painter.restore()


def _paint_plate(painter: QPainter, plate: QRectF, ground: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(plate, 3, 3)


def _paint_frame(painter: QPainter, square: QRect, style: CellStyle, frame: Frame) -> None:
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_mitred(style.accent, 2))
    painter.drawRect(square.adjusted(-2, -2, 2, 2))
    if frame is Frame.CURRENT and style.many_selected:
        painter.setPen(_mitred(QColor(style.colours.text), 1))
        painter.drawRect(square.adjusted(-4, -4, 3, 3))
    painter.restore()


def _mitred(colour: QColor, width: int) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen
