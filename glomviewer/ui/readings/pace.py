"""How fast a reader goes, from his own last patches, pauses left out. No Qt here."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from statistics import median

LONGEST_LOOK = 120.0
"""Seconds. Whoever has not decided by then is no longer reading but doing something else."""
REMEMBERED, NEEDED = 40, 3


class Pace:
    """Fed with the moments of a clock that never goes back, in seconds. `before` is when he has
    decided so far."""

    def __init__(self, before: Iterable[datetime] = ()) -> None:
        steps = [(later - one).total_seconds() for one, later in pairwise(sorted(before))]
        known = [seconds for seconds in steps if 0 < seconds <= LONGEST_LOOK]
        self._looks: deque[float] = deque(known, maxlen=REMEMBERED)
        self._since: float | None = None

    def begin(self, now: float) -> None:
        """A patch is on the screen from now on."""
        self._since = now

    def pause(self) -> None:
        """The look under way counts for nothing."""
        self._since = None

    def decide(self, now: float) -> None:
        """The patch on the screen has got its label."""
        if self._since is not None and now - self._since <= LONGEST_LOOK:
            self._looks.append(now - self._since)
        self._since = None

    def seconds_for(self, patches: int) -> float | None:
        """How long so many patches would take, None until a few have been read."""
        if len(self._looks) < NEEDED:
            return None
        return median(self._looks) * patches
