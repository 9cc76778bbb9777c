"""Patches that show the same glomerulus, by a perceptual hash that no flip or turn changes.

The hash is ImageHash's phash: the signs, against their median, of the lowest 16 x 16 frequencies
of a cosine transform. Two patches are compared in all eight symmetries, and the nearest counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.decode import RgbArray

Hashes = NDArray[np.uint64]

SIDE = 16
BITS = SIDE * SIDE
VIEWS = 8
_WORDS = BITS // 64
# Of 256 bits. Unrelated glomeruli were never nearer than 78 on 754 real patches (263,680 pairs of
# two slides) and 72 on 1,200 drawn ones (710,578 pairs of two cases); after JPEG, resizing,
# another stain, noise, a turn by 3 degrees, a shift of 3 % or a crop of 2 % a patch was at most
# 64 from itself, 95 % of them within 61.
ALIKE = 56
# Rows compared at once: the temporary arrays stay in the processor's cache.
_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Pair:
    """Places of two patches, the first the lower, and how many of 256 bits differ."""

    first: int
    second: int
    distance: int


def eight_hashes(pixels: RgbArray) -> Hashes:
    """(8, 4): a patch's hash in each of its eight symmetries, as words of 64 bits.

    `pixels` (H, W, 3) of any size and aspect.
    """
    # The hash itself resizes to four times its side; done once here, for all eight.
    side = 4 * SIDE
    small = Image.fromarray(pixels).convert("L").resize((side, side), Image.Resampling.LANCZOS)
    bits = [
        imagehash.phash(Image.fromarray(view), hash_size=SIDE).hash.reshape(-1)
        for view in _symmetries(np.asarray(small))
    ]
    return np.packbits(np.stack(bits), axis=1).view(np.uint64)


def _symmetries(grey: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    for flipped in (grey, grey[:, ::-1]):
        for quarter in range(4):
            yield np.ascontiguousarray(np.rot90(flipped, quarter))


def near_pairs(
    hashes: Hashes, groups: Sequence[str], *, alike: int = ALIKE, among: Iterable[int] | None = None
) -> list[Pair]:
    """Every pair of two groups that is within `alike` bits, nearest first.

    `hashes` (N, 8, 4); `groups` (N,) with "" for a patch that is a group of its own. With `among`
    only pairs in which one of these places takes part.
    """
    count = len(hashes)
    if count < 2:
        return []
    numbers = _group_numbers(groups)
    # A block of rows in one view against all that come after it, in every view.
    turned = np.ascontiguousarray(hashes.transpose(2, 1, 0))
    own = np.ascontiguousarray(hashes[:, 0].T)
    chosen = None if among is None else np.zeros(count, dtype=bool)
    if chosen is not None and among is not None:
        chosen[list(among)] = True
    pairs: list[Pair] = []
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        distances = _nearest_view(own[:, start:stop], turned[:, :, start:])
        near = distances <= alike
        near &= numbers[start:stop, None] != numbers[None, start:]
        if chosen is not None:
            near &= chosen[start:stop, None] | chosen[None, start:]
        for row, column in zip(*np.nonzero(near), strict=True):
            if column > row:
                distance = int(distances[row, column])
                pairs.append(Pair(start + int(row), start + int(column), distance))
    return sorted(pairs, key=lambda pair: (pair.distance, pair.first, pair.second))


def distance(first: Hashes, second: Hashes) -> int:
    """Bits that differ between two patches, (8, 4) each, in the symmetry where fewest do."""
    return int(_bit_count(first[0][None] ^ second).sum(axis=1).min())


def _nearest_view(own: Hashes, turned: Hashes) -> NDArray[np.uint16]:
    """(rows, others): bits that differ, in the nearest of the eight views of the other."""
    best = np.full((own.shape[1], turned.shape[2]), BITS, dtype=np.uint16)
    for view in range(VIEWS):
        total = np.zeros_like(best)
        for word in range(_WORDS):
            total += _bit_count(own[word][:, None] ^ turned[word, view][None, :])
        np.minimum(best, total, out=best)
    return best


def _bit_count(words: Hashes) -> NDArray[np.uint8]:
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(words)
    # numpy before 2.0 has none.
    parts = words[..., None].view(np.uint8)
    return _SET_BITS[parts].sum(axis=-1, dtype=np.uint8)


_SET_BITS = np.array([bin(value).count("1") for value in range(256)], dtype=np.uint8)


def _group_numbers(groups: Sequence[str]) -> NDArray[np.int64]:
    known: dict[str, int] = {}
    return np.array(
        [known.setdefault(g or f"\0alone {i}", len(known)) for i, g in enumerate(groups)],
        dtype=np.int64,
    )
