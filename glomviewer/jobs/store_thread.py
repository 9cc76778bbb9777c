"""The one thread that writes: operations run in the order in which they were given."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class StoreThread:
    """A single worker, so that two gestures can never be in the database at once."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="glomviewer-store")

    def submit(self, work: Callable[[], T]) -> Future[T]:
        return self._executor.submit(work)

    def close(self) -> None:
        """Return when everything given so far has been written."""
        self._executor.shutdown(wait=True)
