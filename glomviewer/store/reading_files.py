"""Reading patches from disk: bytes, hash, pixels and thumbnail in one pass, on all cores."""

from __future__ import annotations

import hashlib
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from glomviewer.store.import_values import (
    DEFAULT_MAX_PIXELS,
    Cancelled,
    ImportCancelled,
    ImportProgress,
    Progress,
)
from glomviewer.store.thumbnails import make_thumbnail
from training.decode import DecodeError, decode, image_size, pixel_hash

_MAX_BYTES = 1_000_000_000
_TELL_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A patch's file as read; `failure` completes "it could not be read: …" and is "" if sound.

    `modified` is the file's time in nanoseconds, to notice a change without reading it again.
    """

    path: str
    sha256: str = ""
    pixel_hash: str = ""
    width: int = 0
    height: int = 0
    size: int = 0
    modified: int = 0
    thumbnail: bytes = b""
    failure: str = ""


def read_file(
    folder: Path,
    path: str,
    *,
    max_pixels: int = DEFAULT_MAX_PIXELS,
    copy_to: Path | None = None,
) -> ReadFile:
    """Read one file relative to `folder`; a sound one is copied below `copy_to` on the way.

    Never raises for a damaged file; raises OSError where the copy can't be written.
    """
    try:
        with (folder / path).open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size > _MAX_BYTES:
                return ReadFile(path, failure="too large: more than 1 GB")
            raw = file.read()
    except OSError as error:
        return ReadFile(path, failure=error.strerror or str(error))
    try:
        pixels = decode(raw, max_pixels=max_pixels)
    except DecodeError as error:
        return ReadFile(path, failure=_told(raw, str(error), max_pixels))
    if copy_to is not None:
        target = copy_to / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
    height, width = pixels.shape[:2]
    return ReadFile(
        path=path,
        sha256=hashlib.sha256(raw).hexdigest(),
        pixel_hash=pixel_hash(pixels),
        width=width,
        height=height,
        size=len(raw),
        modified=status.st_mtime_ns,
        thumbnail=make_thumbnail(pixels),
    )


def read_files(
    folder: Path,
    paths: Sequence[str],
    *,
    progress: Progress,
    cancelled: Cancelled,
    max_pixels: int = DEFAULT_MAX_PIXELS,
    copy_to: Path | None = None,
    workers: int | None = None,
) -> Iterator[ReadFile]:
    """Read files in a pool, in the order of `paths`; few are held in memory at a time.

    Raises:
        ImportCancelled: `cancelled` said so.
    """
    count = workers or os.cpu_count() or 2
    clock = _Clock(len(paths), progress)
    waiting: deque[Future[ReadFile]] = deque()
    remaining = iter(paths)
    with ThreadPoolExecutor(count, thread_name_prefix="read") as pool:
        try:
            for path in remaining:
                waiting.append(
                    pool.submit(read_file, folder, path, max_pixels=max_pixels, copy_to=copy_to)
                )
                if len(waiting) >= 4 * count:
                    yield clock.count(waiting.popleft().result())
                if cancelled():
                    raise ImportCancelled
            while waiting:
                yield clock.count(waiting.popleft().result())
                if cancelled():
                    raise ImportCancelled
        finally:
            for future in waiting:
                future.cancel()
    clock.tell()


def _told(raw: bytes, reason: str, max_pixels: int) -> str:
    if not reason.startswith("too large"):
        return reason
    try:
        width, height = image_size(raw)
    except DecodeError:
        return reason
    return f"too large: {width:,} x {height:,} px, and the limit is {max_pixels:,} pixels"


class _Clock:
    """Tells progress ten times a second at most, with an estimate from the last files' pace."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = total
        self._progress = progress
        self._start = time.monotonic()
        self._told = 0.0
        self._done = 0
        self._failures = 0
        self._pace: deque[tuple[float, int]] = deque([(self._start, 0)], maxlen=60)

    def count(self, read: ReadFile) -> ReadFile:
        self._done += 1
        self._failures += bool(read.failure)
        if time.monotonic() - self._told >= _TELL_EVERY:
            self.tell()
        return read

    def tell(self) -> None:
        now = time.monotonic()
        self._told = now
        self._pace.append((now, self._done))
        then, done = self._pace[0]
        rate = (self._done - done) / (now - then) if now > then else 0.0
        left = (self._total - self._done) / rate if rate > 0 else None
        self._progress(
            ImportProgress(
                "Reading patches", self._done, self._total, left, rate or None, self._failures
            )
        )
