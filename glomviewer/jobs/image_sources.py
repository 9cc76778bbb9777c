"""Where the pixels of a patch are: its file, and the hash under which its thumbnail is kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glomviewer.store.library import Library

REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class ImageSource:
    """`is_hidden`: whoever looks at the patch may not be told anything about its file."""

    path: Path = field(repr=False)
    pixel_hash: str = field(repr=False)
    is_hidden: bool = False


Lookup = Callable[[Sequence[int]], dict[int, ImageSource]]


def library_lookup(library: Library) -> Lookup:
    """Ask this library, for many patches at once."""

    def lookup(patches: Sequence[int]) -> dict[int, ImageSource]:
        found = library.image_sources_of(patches)
        return {
            patch: ImageSource(file.path, file.pixel_hash, file.is_hidden)
            for patch, file in found.items()
        }

    return lookup


class ImageSources:
    """Remembers what was looked up, and looks up what will be asked next along with it."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._known: OrderedDict[int, ImageSource] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, patch: int, *, along: Callable[[], Iterable[int]]) -> ImageSource | None:
        """The source of a patch, None where the library has no such patch."""
        with self._lock:
            known = self._known.get(patch)
            if known is not None:
                return known
            wanted = [patch, *(other for other in along() if other not in self._known)]
            self._known.update(self._lookup(list(dict.fromkeys(wanted))))
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return self._known.get(patch)

    def forget(self, patches: Collection[int] | None) -> None:
        """Look these (None: all) up again."""
        with self._lock:
            if patches is None:
                self._known.clear()
            else:
                for patch in patches:
                    self._known.pop(patch, None)
