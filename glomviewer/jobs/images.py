"""Images for the screen: at once from memory, else read by threads and announced."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from glomviewer.domain.changes import Changes
from glomviewer.jobs import image_reading
from glomviewer.jobs.gui_calls import GuiCalls
from glomviewer.jobs.image_cache import ImageCache
from glomviewer.jobs.image_requests import ImageRequest, ImageRequests
from glomviewer.jobs.image_sources import ImageSource, ImageSources, Lookup, library_lookup
from glomviewer.jobs.sentences import TOLD, sentence_of
from glomviewer.store.thumbnails import Thumbnails

if TYPE_CHECKING:
    from glomviewer.jobs.session import Session

SIDES = (160, 320, 640)
"""The longest sides of thumbnails in memory; the screen scales them down."""

STORED_SIDE = 160
"""The one that is kept on disk."""

MEBIBYTE = 1024 * 1024


class ThumbnailStore(Protocol):
    """JPEGs on disk with a longest side of 160, by pixel hash. Used from several threads."""

    def get(self, pixel_hash: str) -> bytes | None: ...
    def put(self, pixel_hash: str, jpeg: bytes) -> None: ...
    def close(self) -> None: ...


def loader_for(session: Session) -> ImageLoader:
    """A loader for the patches of an open library; it reads again what a check finds changed."""
    library = session.library
    thumbnails = Thumbnails(library.paths.thumbnails, write=not library.read_only)
    loader = ImageLoader(library_lookup(library), thumbnails=thumbnails, parent=session)
    session.changed.connect(loader.on_changes)
    session.when_closing(loader.close)
    return loader


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
        lookup: Lookup,
        *,
        thumbnails: ThumbnailStore | None = None,
        thumbnail_bytes: int = 128 * MEBIBYTE,
        full_bytes: int = 128 * MEBIBYTE,
        threads: int | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._sources = ImageSources(lookup)
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

    def held(self) -> AbstractContextManager[None]:
        """Nothing more is begun to be read within the block, in which a frame is painted."""
        return self._requests.held()

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
        self._sources.forget(patches)
        if patches is None:
            self._small.clear()
            self._large.clear()
            self._failures.clear()
            return
        for patch in patches:
            self._failures.pop(patch, None)
        self._large.forget(patches)
        self._small.forget((patch, side) for patch in patches for side in SIDES)

    def on_changes(self, changes: Changes) -> None:
        """Take note of what an operation has changed about files."""
        if changes.files:
            self.forget(None if changes.all_patches else changes.patches)

    @property
    def idle(self) -> bool:
        return self._requests.idle

    def close(self) -> None:
        """Stop the reading threads and return when they have ended. May be called again."""
        self._calls.close()
        self._requests.close()
        for thread in self._threads:
            thread.join()
        if self._store is not None:
            self._store.close()

    def _any_thumbnail(self, patch: int) -> QImage | None:
        """One of another size, better to look at than nothing until the right one comes."""
        for side in SIDES:
            image = self._small.get((patch, side))
            if image is not None:
                return image
        return None

    def _read_all(self) -> None:
        while (request := self._requests.take()) is not None:
            failure, coarsely = "", False
            try:
                coarsely = self._stand_in(request)
                if not coarsely:
                    self._read(request)
            except image_reading.ImageError as error:
                failure = str(error)
            except TOLD as error:
                failure = f"This patch can't be shown: {self._told(request.patch, error)}"
            finally:
                self._requests.done(request, coarsely=coarsely)
            self._announce(request, failure)

    def _told(self, patch: int, error: BaseException) -> str:
        """An error about a file names it, unless the reader may not know what it is called."""
        source = self._sources.get(patch, along=lambda: ())
        hidden = source is not None and source.is_hidden
        return "its file can't be read." if hidden else sentence_of(error)

    def _announce(self, request: ImageRequest, failure: str) -> None:
        def on_gui() -> None:
            if failure:
                self._failures[request.patch] = failure
            ready = self.full_ready if request.side is None else self.thumbnail_ready
            ready.emit(request.patch)

        self._calls.post(on_gui)

    def _stand_in(self, request: ImageRequest) -> bool:
        """Bring the kept thumbnail where a larger one is wanted and nothing is there yet: it
        takes a hundredth of the time, so that a page is there at once and sharp soon after."""
        if request.side in (None, STORED_SIDE) or self._store is None:
            return False
        if self._any_thumbnail(request.patch) is not None or request.patch in self._large:
            return False
        data = self._store.get(self._source(request.patch).pixel_hash)
        image = image_reading.from_jpeg(data) if data else None
        if image is None:
            return False
        self._small.put((request.patch, STORED_SIDE), image)
        return True

    def _read(self, request: ImageRequest) -> None:
        if request.side is None:
            if request.patch not in self._large:
                self._large.put(request.patch, self._decoded(request.patch))
            return
        key = (request.patch, request.side)
        if request.side != STORED_SIDE or self._store is None:
            self._small.put(key, image_reading.reduced(self._pixels(request.patch), request.side))
            return
        self._small.put(key, self._kept_thumbnail(request.patch, self._store))

    def _kept_thumbnail(self, patch: int, store: ThumbnailStore) -> QImage:
        pixel_hash = self._source(patch).pixel_hash
        data = store.get(pixel_hash)
        image = image_reading.from_jpeg(data) if data else None
        if image is None:
            image = image_reading.reduced(self._pixels(patch), STORED_SIDE)
            store.put(pixel_hash, image_reading.to_jpeg(image))
        return image

    def _pixels(self, patch: int) -> QImage:
        return self._large.get(patch) or self._decoded(patch)

    def _decoded(self, patch: int) -> QImage:
        return image_reading.read_full(self._source(patch).path)

    def _source(self, patch: int) -> ImageSource:
        source = self._sources.get(patch, along=lambda: self._requests.waiting(64))
        if source is None:
            raise image_reading.ImageError("This patch is no longer in the library.")
        return source


def stored_side(size: int) -> int:
    """The smallest kept longest side that fills `size` device pixels."""
    return next((side for side in SIDES if side >= size), SIDES[-1])
