"""Images for the screen: at once from memory, else read by threads and announced."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from glomviewer.jobs import image_reading
from glomviewer.jobs.gui_calls import GuiCalls
from glomviewer.jobs.image_cache import ImageCache
from glomviewer.jobs.image_requests import ImageRequest, ImageRequests
from glomviewer.jobs.sentences import TOLD, sentence_of

STORED_SIDES = (160, 320)
"""Thumbnails are kept on disk with these longest sides; the screen scales them down."""

MEBIBYTE = 1024 * 1024


class ThumbnailStore(Protocol):
    """Encoded thumbnails on disk. Used from several threads."""

    def get(self, patch: int, side: int) -> bytes | None: ...
    def put(self, patch: int, side: int, data: bytes) -> None: ...


class ImageLoader(QObject):
    """Thumbnails and full patches as QImage. Made and asked on the window's thread.

    `thumbnail` and `full` answer at once from memory, or return None and emit `…_ready` later,
    also when the image could not be read: then `failure` has the sentence.
    """

    thumbnail_ready = Signal(int)
    """The patch whose thumbnail has come, in whatever size."""
    full_ready = Signal(int)
    """The patch whose full image has come."""

    def __init__(
        self,
        path_of: Callable[[int], Path | None],
        *,
        thumbnails: ThumbnailStore | None = None,
        thumbnail_bytes: int = 192 * MEBIBYTE,
        full_bytes: int = 256 * MEBIBYTE,
        threads: int | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._path_of = path_of
        self._store = thumbnails
        self._small: ImageCache[tuple[int, int]] = ImageCache(thumbnail_bytes)
        self._large: ImageCache[int] = ImageCache(full_bytes)
        self._failures: dict[int, str] = {}
        self._requests = ImageRequests()
        self._calls = GuiCalls(self)
        count = threads or max(2, min(4, os.cpu_count() or 2))
        self._threads = [
            threading.Thread(target=self._read_all, name=f"glomviewer-images-{number}")
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def thumbnail(self, patch: int, size: int) -> QImage | None:
        """A thumbnail with its longest side at `size` device pixels or somewhat above."""
        side = stored_side(size)
        image = self._small.get((patch, side))
        if image is None and patch not in self._failures:
            self._requests.ask(ImageRequest(patch, side))
            image = self._any_thumbnail(patch)
        return image

    def full(self, patch: int) -> QImage | None:
        """The whole patch, device pixel for pixel."""
        image = self._large.get(patch)
        if image is None and patch not in self._failures:
            self._requests.ask(ImageRequest(patch, None))
        return image

    def preload(self, patches: Sequence[int]) -> None:
        """Have these full images ready next, in this order; replaces what was named before."""
        self._requests.ahead(
            [patch for patch in patches if patch not in self._large and patch not in self._failures]
        )

    def visible(self, patches: Collection[int]) -> None:
        """Say what is on screen: waiting thumbnails of other patches are dropped."""
        self._requests.keep(set(patches))

    def failure(self, patch: int) -> str | None:
        """Why the patch can't be shown, or None."""
        return self._failures.get(patch)

    def forget(self, patches: Collection[int] | None = None) -> None:
        """Read these (None: all) again when next asked: files were changed or found."""
        if patches is None:
            self._small.clear()
            self._large.clear()
            self._failures.clear()
            return
        for patch in patches:
            self._failures.pop(patch, None)
        self._large.forget(patches)
        self._small.forget((patch, side) for patch in patches for side in _SIDES)

    @property
    def idle(self) -> bool:
        return self._requests.idle

    def close(self) -> None:
        """Stop the reading threads and return when they have ended."""
        self._calls.close()
        self._requests.close()
        for thread in self._threads:
            thread.join()

    def _any_thumbnail(self, patch: int) -> QImage | None:
        """One of another size, better to look at than nothing until the right one comes."""
        for side in _SIDES:
            image = self._small.get((patch, side))
            if image is not None:
                return image
        return None

    def _read_all(self) -> None:
        while (request := self._requests.take()) is not None:
            failure = ""
            try:
                self._read(request)
            except image_reading.ImageError as error:
                failure = str(error)
            except TOLD as error:
                failure = f"This patch can't be shown: {sentence_of(error)}"
            finally:
                self._requests.done(request)
            self._announce(request, failure)

    def _announce(self, request: ImageRequest, failure: str) -> None:
        def on_gui() -> None:
            if failure:
                self._failures[request.patch] = failure
            ready = self.full_ready if request.side is None else self.thumbnail_ready
            ready.emit(request.patch)

        self._calls.post(on_gui)

    def _read(self, request: ImageRequest) -> None:
        if request.side is None:
            self._full_image(request.patch)
            return
        side = request.side
        image = self._stored(request.patch, side)
        if image is None:
            image = image_reading.reduced(self._full_pixels(request.patch), side)
            if self._store is not None and side in STORED_SIDES:
                self._store.put(request.patch, side, image_reading.to_jpeg(image))
        self._small.put((request.patch, side), image)

    def _stored(self, patch: int, side: int) -> QImage | None:
        if self._store is None or side not in STORED_SIDES:
            return None
        data = self._store.get(patch, side)
        return image_reading.from_jpeg(data) if data else None

    def _full_pixels(self, patch: int) -> QImage:
        return self._large.get(patch) or self._decoded(patch)

    def _full_image(self, patch: int) -> None:
        if patch not in self._large:
            self._large.put(patch, self._decoded(patch))

    def _decoded(self, patch: int) -> QImage:
        path = self._path_of(patch)
        if path is None:
            raise image_reading.ImageError("This patch is no longer in the library.")
        return image_reading.read_full(path)


_SIDES = (*STORED_SIDES, 640)


def stored_side(size: int) -> int:
    """The smallest kept longest side that fills `size` device pixels."""
    return next((side for side in _SIDES if side >= size), _SIDES[-1])
