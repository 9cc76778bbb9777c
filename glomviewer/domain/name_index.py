"""Search within names by numpy alone: 1,000,000 names take about 40 MB and some 50 ms."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.patch_table import Mask

_END = b"\n"


class NameIndex:
    """The names of a table's rows as one run of bytes, matched whatever the letter case."""

    def __init__(self, names: Iterable[str]) -> None:
        encoded = [_folded(name) for name in names]
        lengths = np.fromiter((len(name) + 1 for name in encoded), np.int64, len(encoded))
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        text = _END.join(encoded) + _END if encoded else b""
        self._bytes: NDArray[np.uint8] = np.frombuffer(text, dtype=np.uint8)
        self._frequency = np.bincount(self._bytes, minlength=256)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def rows_with(self, text: str) -> Mask:
        """Which rows' names contain the text, whatever the letter case."""
        found = np.zeros(len(self), dtype=np.bool_)
        pattern = np.frombuffer(_folded(text), dtype=np.uint8)
        if not len(pattern):
            found[:] = True
            return found
        # Starting from the rarest byte leaves the fewest places to compare further.
        anchor = int(np.argmin(self._frequency[pattern]))
        places = np.flatnonzero(self._bytes == pattern[anchor]) - anchor
        places = places[(places >= 0) & (places + len(pattern) <= len(self._bytes))]
        for offset, byte in enumerate(pattern):
            if offset != anchor:
                places = places[self._bytes[places + offset] == byte]
        found[np.searchsorted(self._starts, places, side="right") - 1] = True
        return found


def _folded(text: str) -> bytes:
    return text.casefold().replace("\n", " ").encode("utf-8", "surrogatepass")
