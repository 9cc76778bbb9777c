"""Who looks on while a report is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from glomviewer.domain.agreement.bootstrap import Bootstrap, Stopped


@dataclass(frozen=True, slots=True)
class Watching:
    """`progress` is told (done, all, what), `cancelled` asked now and then. Any thread."""

    progress: Callable[[int, int, str], None] = lambda _done, _all, _what: None
    cancelled: Callable[[], bool] = lambda: False

    def say(self, what: str) -> None:
        """What begins now.

        Raises:
            Stopped: nobody wants the report any more.
        """
        self.check()
        self.progress(0, 0, what)

    def check(self) -> None:
        """Raises Stopped where nobody wants the report any more."""
        if self.cancelled():
            raise Stopped

    def plan(self, draws: int, seed: int, what: str) -> Bootstrap | None:
        """How intervals are drawn; None for none."""
        if not draws:
            return None
        return Bootstrap(
            draws=draws,
            seed=seed,
            progress=lambda done, every: self.progress(done, every, what),
            cancelled=self.cancelled,
        )


NOBODY = Watching()
