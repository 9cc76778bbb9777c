"""A cache of small JPEGs by pixel hash. It may be deleted at any time, and is then made again.

A connection a thread; SQLite itself orders the writers. Nothing here is worth an fsync.
"""

from __future__ import annotations

import io
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LONG_SIDE = 160
_QUALITY = 82
_CHUNK = 500
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS thumbnail (hash TEXT PRIMARY KEY, jpeg BLOB NOT NULL) WITHOUT ROWID"
)


def make_thumbnail(pixels: NDArray[np.uint8]) -> bytes:
    """A JPEG of RGB pixels (H, W, 3) whose longer side has at most 160 px; about 7 KB."""
    image = Image.fromarray(pixels)
    width, height = image.size
    scale = LONG_SIDE / max(width, height)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        # Averaging whole blocks first is several times as fast, and not seen at this size.
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=1.1)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


class Thumbnails:
    """Safe from any thread. Where the cache can't be opened or is damaged, it answers None
    and forgets what it is given: a cache must never be in the way."""

    def __init__(self, path: Path, *, write: bool = True) -> None:
        self._path = path
        self._write = write
        self._lock = threading.Lock()
        self._connections: dict[int, sqlite3.Connection] = {}
        self._broken = not write and not path.is_file()
        if write:
            self._prepare()

    def get(self, pixel_hash: str) -> bytes | None:
        return self.get_many([pixel_hash]).get(pixel_hash)

    def get_many(self, hashes: Sequence[str]) -> dict[str, bytes]:
        """The thumbnails that there are, by pixel hash."""
        found: dict[str, bytes] = {}
        if self._broken:
            return found
        try:
            connection = self._connection()
            for start in range(0, len(hashes), _CHUNK):
                part = list(hashes[start : start + _CHUNK])
                marks = ",".join("?" * len(part))
                question = f"SELECT hash, jpeg FROM thumbnail WHERE hash IN ({marks})"
                found.update(connection.execute(question, part))
        except sqlite3.Error:
            return found
        return found

    def put(self, pixel_hash: str, jpeg: bytes) -> None:
        self.put_many([(pixel_hash, jpeg)])

    def put_many(self, pairs: Iterable[tuple[str, bytes]]) -> None:
        if self._broken or not self._write:
            return
        with suppress(sqlite3.Error):
            connection = self._connection()
            with connection:
                connection.executemany("INSERT OR REPLACE INTO thumbnail VALUES (?, ?)", pairs)

    def close(self) -> None:
        """Close every thread's connection; the cache answers nothing afterwards."""
        with self._lock:
            self._broken = True
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()

    def __enter__(self) -> Thumbnails:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self) -> None:
        try:
            self._create()
        except sqlite3.DatabaseError:
            self.close()
            self._broken = False
            try:
                for suffix in ("", "-wal", "-shm"):
                    self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
                self._create()
            except (sqlite3.Error, OSError):
                self._broken = True

    def _create(self) -> None:
        connection = self._connection()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(_SCHEMA)
        connection.execute("SELECT hash FROM thumbnail LIMIT 1").fetchone()
        connection.commit()

    def _connection(self) -> sqlite3.Connection:
        thread = threading.get_ident()
        with self._lock:
            connection = self._connections.get(thread)
            if connection is None:
                if self._broken:
                    raise sqlite3.ProgrammingError("the cache is closed")
                connection = self._connect()
                self._connections[thread] = connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        if self._write:
            connection = sqlite3.connect(self._path, timeout=5, check_same_thread=False)
            connection.execute("PRAGMA synchronous=OFF")
        else:
            uri = self._path.absolute().as_uri() + "?mode=ro"
            connection = sqlite3.connect(uri, uri=True, timeout=5, check_same_thread=False)
        return connection
