"""A library that is being opened in a thread of its own: how far it is, and that it may stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

from glomviewer.jobs.gui_calls import GuiCalls
from glomviewer.store.import_values import ImportProgress

_TOLD_EVERY = 0.1


class Opening:
    """What the thread is given: `progress` and `cancelled` are called there, `cancel` anywhere."""

    def __init__(self, name: str, calls: GuiCalls, tell: Callable[[ImportProgress], None]) -> None:
        """`tell` is called on the thread of the window, as `calls` does."""
        self.name = name
        self._calls, self._tell = calls, tell
        self._stop = threading.Event()
        self._last = 0.0

    def progress(self, told: ImportProgress) -> None:
        now = time.monotonic()
        if now - self._last >= _TOLD_EVERY:
            self._last = now
            self._calls.post(partial(self._tell, told))

    def cancel(self) -> None:
        self._stop.set()

    def cancelled(self) -> bool:
        return self._stop.is_set()
