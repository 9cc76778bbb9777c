"""Patches as batches of squares, decoded by threads while the model computes."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from training.config import Preprocessing
from training.decode import DecodeError
from training.patches.manifest import ManifestRow
from training.patches.patch_file import read_pixels
from training.patches.pixel_cache import PixelCache
from training.patches.preprocess import square
from training.progress import Cancelled, ShouldStop, never_stop

_MOST_WORKERS = 32


@dataclass(frozen=True, slots=True)
class SquareBatch:
    """`squares` (N, size, size, 3) uint8; where `errors[i]` is not empty, square i is all 0.

    `hashes` are pixel hashes: the manifest's, or made here where it gives none.
    """

    rows: Sequence[ManifestRow]
    squares: torch.Tensor
    errors: list[str]
    hashes: list[str]


def default_workers() -> int:
    """Decoding releases the interpreter's lock, so threads scale to about this."""
    return min(_MOST_WORKERS, os.cpu_count() or 1)


def read_batches(
    rows: Sequence[ManifestRow],
    preprocessing: Preprocessing,
    *,
    batch_size: int,
    workers: int | None = None,
    cache: PixelCache | None = None,
    pin: bool = False,
    ahead: int = 3,
    should_stop: ShouldStop = never_stop,
) -> Generator[SquareBatch, None, None]:
    """Batches in the order of `rows`, with up to `ahead` of them decoded in advance.

    `pin` puts them in page-locked memory, from which a GPU copies while it computes. Raises
    Cancelled between two patches.
    """
    pool = ThreadPoolExecutor(workers or default_workers(), thread_name_prefix="decode")
    pending: deque[_Pending] = deque()
    starts = iter(range(0, len(rows), batch_size))
    try:
        while True:
            while len(pending) <= ahead and (start := next(starts, None)) is not None:
                part = rows[start : start + batch_size]
                pending.append(_Pending(part, preprocessing, cache, pin, pool))
            if not pending:
                return
            yield pending.popleft().result(should_stop)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Pending:
    """A batch whose squares are being written into their places by the pool."""

    def __init__(
        self,
        rows: Sequence[ManifestRow],
        preprocessing: Preprocessing,
        cache: PixelCache | None,
        pin: bool,
        pool: ThreadPoolExecutor,
    ) -> None:
        size = preprocessing.size
        self._rows = rows
        self._squares = torch.zeros((len(rows), size, size, 3), dtype=torch.uint8, pin_memory=pin)
        places = self._squares.numpy()
        self._futures = [
            pool.submit(_read_into, places[index], row, preprocessing, cache)
            for index, row in enumerate(rows)
        ]

    def result(self, should_stop: ShouldStop) -> SquareBatch:
        errors: list[str] = []
        hashes: list[str] = []
        for future in self._futures:
            if should_stop():
                raise Cancelled
            error, digest = future.result()
            errors.append(error)
            hashes.append(digest)
        return SquareBatch(self._rows, self._squares, errors, hashes)


def _read_into(
    place: npt.NDArray[np.uint8],
    row: ManifestRow,
    preprocessing: Preprocessing,
    cache: PixelCache | None,
) -> tuple[str, str]:
    """Fill `place`; returns the error or "", and the pixel hash."""
    if cache is not None and row.hash in cache:
        place[:] = cache.array(row.hash)
        return "", row.hash
    try:
        pixels, digest = read_pixels(row)
    except DecodeError as error:
        return error.reason, row.hash
    place[:] = square(pixels, preprocessing)
    return "", digest
