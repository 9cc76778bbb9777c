"""Telling how far long work is, and stopping it between two steps."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from training.events import Emit, Progress

ShouldStop = Callable[[], bool]

_WINDOW_SECONDS = 20.0


class Cancelled(Exception):  # noqa: N818
    """Somebody asked for the work to stop; what has been written stays and can be resumed."""


def never_stop() -> bool:
    return False


def no_events(event: object) -> None:
    """An `Emit` for callers that listen to nothing."""
    del event


class ProgressMeter:
    """Emits at most one Progress each `every` seconds, with a rate over the last 20 seconds."""

    def __init__(
        self,
        emit: Emit,
        total: int,
        stage: str,
        *,
        done: int = 0,
        every: float = 0.25,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._emit = emit
        self._total = total
        self._stage = stage
        self._done = done
        self._every = every
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque([(clock(), done)])
        self._told_at = -float("inf")

    def advance(self, count: int = 1) -> None:
        self._done += count
        now = self._clock()
        if now - self._told_at < self._every and self._done < self._total:
            return
        self._told_at = now
        self._marks.append((now, self._done))
        while now - self._marks[0][0] > _WINDOW_SECONDS and len(self._marks) > 2:
            self._marks.popleft()
        rate = self._rate(now)
        left = (self._total - self._done) / rate if rate else None
        self._emit(
            Progress(
                done=self._done, total=self._total, stage=self._stage, seconds_left=left, rate=rate
            )
        )

    def _rate(self, now: float) -> float | None:
        since, before = self._marks[0]
        if now <= since or self._done <= before:
            return None
        return (self._done - before) / (now - since)
