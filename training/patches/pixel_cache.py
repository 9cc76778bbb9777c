"""Squares decoded once: a memory-mapped file of uint8 pixels, found by pixel hash.

    FOLDER/KEY/squares.u8     size x size x 3 bytes a patch, appended
    FOLDER/KEY/hashes.txt     one pixel hash a line, in the same order
    FOLDER/KEY/preprocessing.json

KEY stands for what shapes a square (size, fit, padding, interpolation), not for mean and
standard deviation, which are applied on the device. The whole folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from training import atomic
from training.config import Preprocessing, UserError
from training.decode import DecodeError, RgbArray
from training.patches.manifest import ManifestRow
from training.patches.patch_file import read_pixels
from training.patches.preprocess import square
from training.progress import Cancelled, ProgressMeter, ShouldStop, never_stop

_SPARE_BYTES = 512 * 1024**2


@dataclass(frozen=True, slots=True)
class BuildReport:
    """By patch: why it could not be read, and the pixel hashes of all that are there now."""

    errors: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)


class PixelCache:
    """Read from any thread; one process at a time builds, and others wait for it."""

    def __init__(self, folder: Path, preprocessing: Preprocessing) -> None:
        self.folder = folder
        self.preprocessing = preprocessing
        self._places: dict[str, int] = {}
        self._squares: npt.NDArray[np.uint8] = self._empty()
        self.refresh()

    @classmethod
    def open(cls, folder: Path, preprocessing: Preprocessing) -> PixelCache:
        """The cache for these squares under `folder`, made where there is none."""
        shape = {
            key: value
            for key, value in preprocessing.to_json().items()
            if key not in ("mean", "std")
        }
        text = json.dumps(shape, sort_keys=True)
        own = folder / hashlib.sha256(text.encode()).hexdigest()[:16]
        own.mkdir(parents=True, exist_ok=True)
        if not (own / "preprocessing.json").exists():
            atomic.write_text(own / "preprocessing.json", text + "\n")
        return cls(own, preprocessing)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, digest: object) -> bool:
        return digest in self._places

    def array(self, digest: str) -> RgbArray:
        """A read-only view (size, size, 3); KeyError where the patch isn't cached."""
        return self._squares[self._places[digest]]

    def refresh(self) -> None:
        """See what another process has added."""
        side = self.preprocessing.size
        data = self.folder / "squares.u8"
        index = self.folder / "hashes.txt"
        count = data.stat().st_size // self._square_bytes if data.exists() else 0
        # The pixels are written before their line, so a torn end shows as a missing line.
        text = index.read_text(encoding="ascii", errors="replace") if index.exists() else ""
        lines = text[: text.rfind("\n") + 1].split("\n")[:-1][:count]
        self._places = {digest: place for place, digest in enumerate(lines)}
        self._squares = (
            np.memmap(data, dtype=np.uint8, mode="r", shape=(len(lines), side, side, 3))
            if lines
            else self._empty()
        )

    def build(
        self,
        rows: Sequence[ManifestRow],
        workers: int = 2,
        progress: ProgressMeter | None = None,
        should_stop: ShouldStop = never_stop,
    ) -> BuildReport:
        """Decode what is missing. What was cached before Cancelled stays.

        A row without a hash is decoded to learn it. UserError where the disk is too full.
        """
        report = BuildReport()
        with self._locked(should_stop):
            self.refresh()
            missing: list[ManifestRow] = []
            for row in rows:
                if row.hash in self._places:
                    report.hashes[row.patch] = row.hash
                else:
                    missing.append(row)
            if progress is not None and len(missing) < len(rows):
                progress.advance(len(rows) - len(missing))
            self._check_space(len(missing))
            try:
                self._append(missing, workers, progress, should_stop, report)
            finally:
                self.refresh()
        return report

    def _append(
        self,
        rows: Sequence[ManifestRow],
        workers: int,
        progress: ProgressMeter | None,
        should_stop: ShouldStop,
        report: BuildReport,
    ) -> None:
        self._drop_torn_end()
        known = set(self._places)
        pool = ThreadPoolExecutor(workers, thread_name_prefix="cache")
        waiting: deque[tuple[ManifestRow, Future[tuple[RgbArray, str]]]] = deque()
        coming = iter(rows)
        try:
            with (
                (self.folder / "squares.u8").open("ab") as data,
                (self.folder / "hashes.txt").open("a", encoding="ascii", newline="\n") as index,
            ):
                while True:
                    while len(waiting) < 8 * workers and (row := next(coming, None)) is not None:
                        waiting.append((row, pool.submit(self._read, row)))
                    if not waiting:
                        return
                    if should_stop():
                        raise Cancelled
                    row, future = waiting.popleft()
                    try:
                        pixels, digest = future.result()
                    except DecodeError as error:
                        report.errors[row.patch] = error.reason
                    else:
                        report.hashes[row.patch] = digest
                        if digest not in known:
                            known.add(digest)
                            data.write(pixels.data)
                            data.flush()
                            index.write(f"{digest}\n")
                    if progress is not None:
                        progress.advance()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _read(self, row: ManifestRow) -> tuple[RgbArray, str]:
        pixels, digest = read_pixels(row)
        return square(pixels, self.preprocessing), digest

    def _drop_torn_end(self) -> None:
        """Cut both files back to what `refresh` counted; a killed build leaves half a patch."""
        count = len(self._squares)
        lines = list(self._places)
        # Windows can't shorten a file that is mapped.
        self._squares = self._empty()
        data, index = self.folder / "squares.u8", self.folder / "hashes.txt"
        if data.exists() and data.stat().st_size != count * self._square_bytes:
            with data.open("rb+") as file:
                file.truncate(count * self._square_bytes)
        text = "".join(f"{line}\n" for line in lines)
        if index.exists() and index.read_bytes() != text.encode("ascii"):
            atomic.write_text(index, text)

    def _check_space(self, count: int) -> None:
        needed = count * self._square_bytes
        free = shutil.disk_usage(self.folder).free
        if needed + _SPARE_BYTES > free:
            raise UserError(
                f"the cache of decoded patches needs {needed / 1e9:.1f} GB at {self.folder}, and "
                f"{free / 1e9:.1f} GB are free: free some space, or run without the cache."
            )

    @contextmanager
    def _locked(self, should_stop: ShouldStop) -> Iterator[None]:
        lock = FileLock(self.folder / "lock")
        while True:
            if should_stop():
                raise Cancelled
            try:
                lock.acquire(timeout=0.5)
                break
            except Timeout:
                continue
        try:
            yield
        finally:
            lock.release()

    def _empty(self) -> npt.NDArray[np.uint8]:
        return np.empty((0, self.preprocessing.size, self.preprocessing.size, 3), dtype=np.uint8)

    @property
    def _square_bytes(self) -> int:
        return self.preprocessing.size**2 * 3
