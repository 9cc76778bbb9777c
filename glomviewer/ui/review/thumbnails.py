"""The pictures of the grid: good ones where they are ready, quick ones until then."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QImage

from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.review.cell_painter import Picture, picture_size
from glomviewer.ui.review.cells import Cell
from glomviewer.ui.review.pixmaps import Pixmaps

SLICE_SECONDS = 0.005
"""The longest that the window is kept from its events for finer pictures."""


class Thumbnails(QObject):
    """A frame paints at once what memory holds, scaled quickly; finer pictures are made in
    slices when the window has nothing else to do, and `refined` names their patches."""

    def __init__(
        self, images: ImageLoader, refined: Callable[[list[int]], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._images = images
        self._refined = refined
        self._pixmaps = Pixmaps()
        self._waiting: dict[int, tuple[QSize, QImage, float]] = {}
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._refine)

    def picture(
        self, cell: Cell, side: int, pixels_per_unit: float | None, ratio: float
    ) -> Picture:
        """What to paint now in a square of `side` device-independent pixels."""
        if cell.missing:
            return Picture(note="File missing")
        size = picture_size(cell, side, pixels_per_unit, ratio)
        if size is not None:
            pixmap = self._pixmaps.get(cell.patch, size)
            if pixmap is not None:
                return Picture(pixmap)
        asked = round(side * ratio) if size is None else max(size.width(), size.height())
        image = self._images.thumbnail(cell.patch, asked)
        if image is None:
            failed = self._images.failure(cell.patch) is not None
            return Picture(note="Cannot be shown" if failed else "")
        if size is None:
            room = QSize(asked, asked)
            size = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        self._waiting[cell.patch] = (size, image, ratio)
        self._idle.start()
        return Picture(image=image, size=size)

    def forget(self, patch: int) -> None:
        """Its thumbnail was read anew."""
        self._pixmaps.forget(patch)
        self._waiting.pop(patch, None)

    def forget_all(self) -> None:
        self._pixmaps.clear()
        self._waiting.clear()

    def new_frame(self) -> None:
        """Whatever the last frame wanted and has scrolled away is not wanted any more."""
        self._waiting.clear()

    def _refine(self) -> None:
        made: list[int] = []
        until = time.perf_counter() + SLICE_SECONDS
        while self._waiting and time.perf_counter() < until:
            patch, (size, image, ratio) = self._waiting.popitem()
            self._pixmaps.put(patch, size, image, ratio)
            made.append(patch)
        if self._waiting:
            self._idle.start()
        self._refined(made)
