"""Stain views of the patch on the screen: at once where made ahead, else soon and announced."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from glomviewer.domain.stain_views import Pixels, StainView, stain_view
from glomviewer.jobs.image_cache import ImageCache
from glomviewer.jobs.session import Session

MAX_BYTES = 64 * 1024 * 1024

PAUSE = 150
"""Milliseconds that a patch is looked at before its views are made ahead, so that a reader who
goes through patches fast pays for none of them."""

Key = tuple[int, StainView]


class StainPictures(QObject):
    """Made and asked on the window's thread. A picture is known by its pixels, so one that was
    read again, from a changed file perhaps, is never given the views of the former."""

    ready = Signal()
    """A view that was asked for has come: ask again."""

    def __init__(
        self, session: Session, *, max_bytes: int = MAX_BYTES, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._made: ImageCache[Key] = ImageCache(max_bytes)
        self._next: QImage | None = None
        self._wanted: int | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._make_ahead)

    def view(self, image: QImage, view: StainView) -> QImage | None:
        """The view of an image as 32-bit RGB, or None and `ready` later. A newer question
        replaces an older one."""
        made = self._made.get((image.cacheKey(), view))
        if made is None:
            self._session.compute(
                lambda: self._make(image, (view,)), self._on_made, lane="stain view"
            )
        return made

    def prepare(self, image: QImage | None) -> None:
        """Make all views of the image that is now on the screen when there is time, in place of
        those of the one before."""
        self._next = image
        self._wanted = None
        self._pause.stop()
        if image is not None:
            self._pause.start()

    def _make_ahead(self) -> None:
        image = self._next
        if image is None:
            return
        key = image.cacheKey()
        self._wanted = key
        self._session.compute(
            lambda: self._make(image, StainView, ahead_of=key),
            self._on_made,
            lane="stain views ahead",
        )

    def _make(
        self, image: QImage, views: Iterable[StainView], *, ahead_of: int | None = None
    ) -> bool:
        """Off the window's thread. Stops between views where another patch is on the screen."""
        pixels: Pixels | None = None
        for view in views:
            key = (image.cacheKey(), view)
            if ahead_of is not None and self._wanted != ahead_of:
                return False
            if key not in self._made:
                pixels = pixels_of(image) if pixels is None else pixels
                self._made.put(key, image_of(stain_view(pixels, view)))
        return True

    def _on_made(self, complete: bool) -> None:
        if complete:
            self.ready.emit()


def pixels_of(image: QImage) -> Pixels:
    """A copy as RGB uint8 (height, width, 3). Any thread."""
    if image.isNull():
        return np.zeros((0, 0, 3), dtype=np.uint8)
    packed = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(packed.constBits(), dtype=np.uint8).reshape(packed.height(), -1)
    return rows[:, : 3 * packed.width()].reshape(packed.height(), packed.width(), 3).copy()


def image_of(pixels: Pixels) -> QImage:
    """32-bit RGB with memory of its own. Any thread."""
    height, width = pixels.shape[:2]
    packed = QImage(
        np.ascontiguousarray(pixels).data, width, height, 3 * width, QImage.Format.Format_RGB888
    )
    return packed.convertToFormat(QImage.Format.Format_RGB32)
