"""Thumbnails of patches with their label's shape, scaled once and kept while there is room."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from glomviewer.domain.labels import Label, LabelSet
from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.colours import Colours
from glomviewer.ui.shapes import label_colour, paint_badge

KEPT = 400
INSET = 4
SMALL_PX = 11


class Pictures:
    """One for each widget that shows patches. `wanted` are those still being read."""

    def __init__(self, images: ImageLoader) -> None:
        self._images = images
        self._scaled: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()
        self.wanted: set[int] = set()

    def take(self, patch: int) -> bool:
        """A thumbnail has come; whether it is one that was wanted."""
        self._scaled = OrderedDict(
            (key, pixmap) for key, pixmap in self._scaled.items() if key[0] != patch
        )
        waited = patch in self.wanted
        self.wanted.discard(patch)
        return waited

    def paint(self, painter: QPainter, square: QRect, patch: int, colours: Colours) -> None:
        """The patch fitted into a square, or an empty plate until it is there."""
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._pixmap(patch, round(square.width() * ratio), ratio)
        if pixmap is None:
            painter.fillRect(square, QColor(colours.window))
            if self._images.failure(patch) is not None:
                _write(painter, square, "Cannot be shown", colours)
            return
        size = pixmap.deviceIndependentSize()
        painter.drawPixmap(
            round(square.center().x() + 1 - size.width() / 2),
            round(square.center().y() + 1 - size.height() / 2),
            pixmap,
        )

    def _pixmap(self, patch: int, side: int, ratio: float) -> QPixmap | None:
        key = (patch, side)
        known = self._scaled.get(key)
        if known is not None:
            self._scaled.move_to_end(key)
            return known
        image = self._images.thumbnail(patch, side)
        if image is None:
            self.wanted.add(patch)
            return None
        if max(image.width(), image.height()) < side:
            self.wanted.add(patch)
        scaled = image.scaled(
            side,
            side,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        pixmap = QPixmap.fromImage(scaled)
        pixmap.setDevicePixelRatio(ratio)
        self._scaled[key] = pixmap
        if len(self._scaled) > KEPT:
            self._scaled.popitem(last=False)
        return pixmap


class TargetShapes:
    """The labels that stand for 0 and 1, as shapes on opaque plates."""

    def __init__(self, labels: LabelSet) -> None:
        self.labels: dict[int, Label] = {
            target: labels[labels.codes_of_target(target)[0]] for target in (0, 1)
        }

    def colour(self, target: int, colours: Colours) -> QColor:
        return label_colour(self.labels[target], colours)

    def name(self, target: int) -> str:
        return self.labels[target].name

    def paint(
        self, painter: QPainter, square: QRect, target: int, call: int, colours: Colours, size: int
    ) -> None:
        """The reference label filled on the left and, where it differs, the call in outline on
        the right, as on every thumbnail."""
        ground = QColor(colours.window)
        top = square.y() + INSET
        plate = QRectF(square.x() + INSET, top, size, size)
        self._badge(painter, plate, target, colours, ground, filled=True)
        if call != target:
            plate.moveLeft(square.right() + 1 - INSET - size)
            self._badge(painter, plate, call, colours, ground, filled=False)

    def _badge(
        self,
        painter: QPainter,
        plate: QRectF,
        target: int,
        colours: Colours,
        ground: QColor,
        *,
        filled: bool,
    ) -> None:
        shape = self.labels[target].shape
        paint_badge(painter, plate, shape, self.colour(target, colours), ground, filled=filled)


def small_font(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(SMALL_PX)
    return small


def _write(painter: QPainter, square: QRect, text: str, colours: Colours) -> None:
    painter.setFont(small_font(painter.font()))
    painter.setPen(QColor(colours.secondary))
    painter.drawText(square, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)
