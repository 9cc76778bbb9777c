"""Paints one thumbnail: the five things that it says at a glance, and the states it can be in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPixmap

from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.ui.colours import Colours
from glomviewer.ui.review.badges import Badges
from glomviewer.ui.review.cells import Cell
from glomviewer.ui.shapes import label_colour

FADED = 0.3
BAR_HEIGHT = 2
TICK_HEIGHT = 6
INSET = 4
DARK_PLATE = QColor("#1f1f1f")
"""Under yellow, which has a contrast of 1.3 on a light plate."""


class Frame(Enum):
    NONE = 0
    SELECTED = 1
    CURRENT = 2


@dataclass(frozen=True, slots=True)
class Picture:
    """What to paint of a patch: a pixmap of the very size, or meanwhile an image to be scaled
    into `size` device pixels, or a note that says why there is neither."""

    pixmap: QPixmap | None = None
    image: QImage | None = None
    size: QSize | None = None
    note: str = ""

    @property
    def is_there(self) -> bool:
        return self.pixmap is not None or self.image is not None


class CellStyle:
    """What is the same for every cell of one painting, its colours parsed once."""

    def __init__(
        self,
        colours: Colours,
        accent: QColor,
        labels: LabelSet,
        badges: Badges,
        *,
        threshold: float | None,
        many_selected: bool,
        ratio: float,
        side: int,
    ) -> None:
        self.accent, self.badges = accent, badges
        self.threshold, self.many_selected, self.ratio = threshold, many_selected, ratio
        self.ground, self.panel = QColor(colours.window), QColor(colours.panel)
        self.text, self.secondary = QColor(colours.text), QColor(colours.secondary)
        self.bar, self.bar_ground = QColor(colours.bar), QColor(colours.bar_ground)
        self.dispute = QColor(colours.dispute)
        self.badge_size = max(15, min(24, round(side * 0.15)))
        self.shapes = {
            label.code: (label.shape, label_colour(label, colours)) for label in labels.labels
        }
        self.codes = {call: labels.codes_of_target(call)[:1] for call in (0, 1)}


def paint_cell(
    painter: QPainter,
    square: QRect,
    cell: Cell,
    picture: Picture,
    style: CellStyle,
    *,
    frame: Frame,
    left_queue: bool,
) -> None:
    """Paint a cell whose thumbnail lies in `square`."""
    if left_queue or cell.excluded:
        painter.setOpacity(FADED)
    _paint_picture(painter, square, picture, style)
    painter.setOpacity(0.55 if left_queue else 1.0)
    if picture.note:
        _paint_note(painter, square, picture.note, style)
    if cell.probability is not None:
        _paint_bar(painter, square, cell.probability, style)
    _paint_badges(painter, square, cell, style)
    painter.setOpacity(1.0)
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


def _paint_picture(painter: QPainter, square: QRect, picture: Picture, style: CellStyle) -> None:
    size = picture.size if picture.pixmap is None else picture.pixmap.size()
    if size is None or not picture.is_there:
        painter.fillRect(square, style.panel)
        return
    width, height = size.width() / style.ratio, size.height() / style.ratio
    target = QRectF(
        square.x() + round((square.width() - width) / 2),
        square.y() + round((square.height() - height) / 2),
        width,
        height,
    )
    crops = width > square.width() + 1 or height > square.height() + 1
    if crops:
        # At one scale the largest are cropped: a scale that gave way would be none.
        painter.save()
        painter.setClipRect(square, Qt.ClipOperation.IntersectClip)
    if picture.pixmap is not None:
        painter.drawPixmap(target.topLeft(), picture.pixmap)
    elif picture.image is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, picture.image)
    if crops:
        painter.restore()


def _paint_note(painter: QPainter, square: QRect, note: str, style: CellStyle) -> None:
    _small_font(painter)
    painter.setPen(style.secondary)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(square.adjusted(8, 24, -8, -24), int(flags), note)


def _paint_bar(painter: QPainter, square: QRect, probability: float, style: CellStyle) -> None:
    left, top, width = square.x(), square.bottom() + 4, square.width()
    painter.fillRect(left, top, width, BAR_HEIGHT, style.bar_ground)
    painter.fillRect(left, top, round(width * probability), BAR_HEIGHT, style.bar)
    if style.threshold is not None:
        x = left + min(width - 1, round(width * style.threshold))
        painter.fillRect(x, top - (TICK_HEIGHT - BAR_HEIGHT) // 2, 1, TICK_HEIGHT, style.text)


def _paint_badges(painter: QPainter, square: QRect, cell: Cell, style: CellStyle) -> None:
    size = style.badge_size
    left, top = square.x() + INSET, square.y() + INSET
    if cell.label != NO_LABEL:
        _paint_label(painter, left, top, cell.label, style, filled=True)
    if cell.marked_call is not None:
        right = square.right() + 1 - INSET - size
        for code in style.codes[cell.marked_call]:
            _paint_label(painter, right, top, code, style, filled=False)
    x, bottom = left, square.bottom() + 1 - INSET - size
    if cell.disputed:
        badge = style.badges.label(
            "diamond", style.dispute, size, DARK_PLATE, style.ratio, filled=True
        )
        painter.drawPixmap(x, bottom, badge)
        x += size + 3
    for name, holds in (("flag", cell.flagged), ("comment", cell.commented)):
        if holds:
            badge = style.badges.mark(name, style.text, size, style.ground, style.ratio)
            painter.drawPixmap(x, bottom, badge)
            x += size + 3
    if cell.excluded:
        _paint_word(painter, square, "excluded", style)


def _paint_label(
    painter: QPainter, x: int, y: int, code: int, style: CellStyle, *, filled: bool
) -> None:
    known = style.shapes.get(code)
    if known is not None:
        shape, colour = known
        badge = style.badges.label(
            shape, colour, style.badge_size, style.ground, style.ratio, filled=filled
        )
        painter.drawPixmap(x, y, badge)


def _paint_word(painter: QPainter, square: QRect, word: str, style: CellStyle) -> None:
    _small_font(painter)
    width = painter.fontMetrics().horizontalAdvance(word) + 10
    plate = QRectF(square.center().x() - width / 2, square.center().y() - 9, width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.ground)
    painter.drawRoundedRect(plate, 3, 3)
    painter.setPen(style.text)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, word)


def _small_font(painter: QPainter) -> None:
    font = QFont(painter.font())
    font.setPixelSize(11)
    painter.setFont(font)


def _paint_frame(painter: QPainter, square: QRect, style: CellStyle, frame: Frame) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_mitred(style.accent, 2))
    painter.drawRect(square.adjusted(-2, -2, 2, 2))
    if frame is Frame.CURRENT and style.many_selected:
        painter.setPen(_mitred(style.text, 1))
        painter.drawRect(square.adjusted(-4, -4, 3, 3))


def _mitred(colour: QColor, width: int) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen
