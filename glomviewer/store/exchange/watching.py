"""How long work on packs tells where it is, and hears that it is no longer wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from glomviewer.store.import_values import ImportProgress
from glomviewer.store.packs.errors import PackCancelled


def _untold(_done: int, _total: int, _stage: str) -> None:
    pass


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Watching:
    """`progress` takes (done, total, stage)."""

    progress: Callable[[int, int, str], None] = _untold
    cancelled: Callable[[], bool] = _never

    def check(self) -> None:
        """Raises PackCancelled."""
        if self.cancelled():
            raise PackCancelled

    def import_progress(self, told: ImportProgress) -> None:
        """The same from work that tells as an import does."""
        self.progress(told.done, told.total, told.stage)


UNWATCHED = Watching()
