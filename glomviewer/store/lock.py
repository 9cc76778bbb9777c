"""One writer a library: a lock of the operating system, which dies with its process."""

from __future__ import annotations

import getpass
import json
import os
import socket
from datetime import UTC, datetime

from filelock import FileLock, Timeout

from glomviewer.domain.records import LockHolder
from glomviewer.store.paths import LibraryPaths

_UNKNOWN = LockHolder(user="somebody", host="an unknown machine", pid=0, since="unknown")


class WriterLock:
    """Held by the one process that writes to a library."""

    def __init__(self, paths: LibraryPaths) -> None:
        self._paths = paths
        self._lock = FileLock(paths.lock, thread_local=False)

    def acquire(self) -> LockHolder | None:
        """None when the lock is ours now, else who has it."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return read_holder(self._paths)
        me = {
            "user": _user(),
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "since": datetime.now(UTC).astimezone().isoformat(timespec="minutes"),
        }
        draft = self._paths.holder.with_suffix(".draft")
        draft.write_text(json.dumps(me), encoding="utf-8")
        draft.replace(self._paths.holder)
        return None

    def release(self) -> None:
        if self._lock.is_locked:
            self._paths.holder.unlink(missing_ok=True)
            self._lock.release()


def read_holder(paths: LibraryPaths) -> LockHolder:
    """Who wrote himself down as the holder; a stand-in where nothing can be read."""
    try:
        raw = json.loads(paths.holder.read_text(encoding="utf-8"))
        return LockHolder(
            user=str(raw["user"]),
            host=str(raw["host"]),
            pid=int(raw["pid"]),
            since=str(raw["since"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return _UNKNOWN


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "somebody"
