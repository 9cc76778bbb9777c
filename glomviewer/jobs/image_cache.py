"""Decoded images in memory, up to a number of bytes; the longest unused go first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from PySide6.QtGui import QImage

K = TypeVar("K", bound=Hashable)


class ImageCache(Generic[K]):
    """A thread-safe cache of QImages. The newest stays even where it alone is over the bound."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._images: OrderedDict[K, QImage] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __contains__(self, key: K) -> bool:
        with self._lock:
            return key in self._images

    @property
    def bytes(self) -> int:
        return self._bytes

    def get(self, key: K) -> QImage | None:
        with self._lock:
            image = self._images.get(key)
            if image is not None:
                self._images.move_to_end(key)
            return image

    def put(self, key: K, image: QImage) -> None:
        with self._lock:
            self._drop(key)
            self._images[key] = image
            self._bytes += image.sizeInBytes()
            while self._bytes > self._max_bytes and len(self._images) > 1:
                self._drop(next(iter(self._images)))

    def forget(self, keys: Iterable[K]) -> None:
        with self._lock:
            for key in keys:
                self._drop(key)

    def clear(self) -> None:
        with self._lock:
            self._images.clear()
            self._bytes = 0

    def _drop(self, key: K) -> None:
        image = self._images.pop(key, None)
        if image is not None:
            self._bytes -= image.sizeInBytes()
