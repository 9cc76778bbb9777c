"""Which image is to be read next: what the eye waits for first, what it no longer sees never."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """`side` is the longest side of a thumbnail in pixels, None for the full image."""

    patch: int
    side: int | None


class ImageRequests:
    """Requests of the window's thread, taken by the threads that read.

    First the full image that was asked for last, then thumbnails, those asked for last before
    older ones, then thumbnails of which something coarser is there, then the images to have
    ready. More than `most` waiting thumbnails drop the oldest: whoever still sees one asks again
    when painting.
    """

    def __init__(self, *, most: int = 600) -> None:
        self._most = most
        self._full: OrderedDict[ImageRequest, None] = OrderedDict()
        self._thumbnails: OrderedDict[ImageRequest, None] = OrderedDict()
        self._finer: OrderedDict[ImageRequest, None] = OrderedDict()
        self._ahead: OrderedDict[ImageRequest, None] = OrderedDict()
        self._taken: set[ImageRequest] = set()
        self._changed = threading.Condition()
        self._held = 0
        self._closed = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is taken within the block: while the window paints, threads that read would
        only fight it for the interpreter."""
        with self._changed:
            self._held += 1
        try:
            yield
        finally:
            with self._changed:
                self._held -= 1
                self._changed.notify_all()

    def ask(self, request: ImageRequest) -> None:
        """Have this image read soon; asking again moves it to the front."""
        with self._changed:
            if request in self._taken or request in self._finer:
                return
            waiting = self._full if request.side is None else self._thumbnails
            waiting[request] = None
            waiting.move_to_end(request)
            while len(waiting) > (2 if request.side is None else self._most):
                waiting.popitem(last=False)
            self._wake()

    def ahead(self, patches: Sequence[int]) -> None:
        """Have these full images ready, in this order, in place of those named before."""
        with self._changed:
            self._ahead.clear()
            for patch in patches:
                request = ImageRequest(patch, None)
                if request not in self._taken:
                    self._ahead[request] = None
            self._wake()

    def keep(self, patches: Collection[int]) -> None:
        """Drop waiting thumbnails of all other patches: they have been scrolled away."""
        with self._changed:
            for waiting in (self._thumbnails, self._finer):
                for request in [item for item in waiting if item.patch not in patches]:
                    del waiting[request]

    def take(self) -> ImageRequest | None:
        """Wait for the next request; None once closed. `done` must follow."""
        with self._changed:
            while not self._closed:
                request = None if self._held else self._next()
                if request is not None:
                    self._taken.add(request)
                    return request
                self._changed.wait()
            return None

    def done(self, request: ImageRequest, *, coarsely: bool = False) -> None:
        """It has been read; `coarsely`: less than was asked for, the rest when there is time."""
        with self._changed:
            self._taken.discard(request)
            if coarsely:
                self._finer[request] = None
                self._wake()

    @property
    def idle(self) -> bool:
        with self._changed:
            lanes = (self._full, self._thumbnails, self._finer, self._ahead, self._taken)
            return not any(lanes)

    def waiting(self, most: int) -> list[int]:
        """Patches that are to be read soon."""
        with self._changed:
            thumbnails = list(self._thumbnails)[-most:]
            return [request.patch for request in (*self._ahead, *thumbnails)]

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _wake(self) -> None:
        if not self._held:
            self._changed.notify_all()

    def _next(self) -> ImageRequest | None:
        for waiting, newest_first in (
            (self._full, True),
            (self._thumbnails, True),
            (self._finer, False),
            (self._ahead, False),
        ):
            while waiting:
                request, _ = waiting.popitem(last=newest_first)
                if request not in self._taken:
                    return request
        return None
