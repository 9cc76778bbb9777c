"""Pixmaps of thumbnails, made on the GUI thread from decoded images, while there is room."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

LIMIT_BYTES = 96 * 1024 * 1024

Key = tuple[int, int, int]


class Pixmaps:
    """The least recently painted go first."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit = limit_bytes
        self._held = 0
        self._pixmaps: OrderedDict[Key, QPixmap] = OrderedDict()

    def get(self, patch: int, size: QSize) -> QPixmap | None:
        """The pixmap of exactly this size in device pixels, or None."""
        key = (patch, size.width(), size.height())
        pixmap = self._pixmaps.get(key)
        if pixmap is not None:
            self._pixmaps.move_to_end(key)
        return pixmap

    def put(self, patch: int, size: QSize, image: QImage, ratio: float) -> QPixmap:
        """Scale an image to `size` device pixels and keep it."""
        scaled = image.scaled(
            size,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        pixmap = QPixmap.fromImage(scaled)
        pixmap.setDevicePixelRatio(ratio)
        self._pixmaps[patch, size.width(), size.height()] = pixmap
        self._held += _bytes(pixmap)
        while self._held > self._limit and len(self._pixmaps) > 1:
            _key, oldest = self._pixmaps.popitem(last=False)
            self._held -= _bytes(oldest)
        return pixmap

    def forget(self, patch: int) -> None:
        """Drop every size of one patch, since its file was read anew."""
        for key in [key for key in self._pixmaps if key[0] == patch]:
            self._held -= _bytes(self._pixmaps.pop(key))

    def clear(self) -> None:
        self._pixmaps.clear()
        self._held = 0


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
