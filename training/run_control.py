"""A person's files beside a run: `stop`, `pause` and `finish`, looked for between two steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from training.config import RunFolder
from training.events import Emit, Note

PAUSED = "paused"
GOES_ON = "goes-on"
_LOOK_EVERY = 0.2
_sleep = time.sleep


@dataclass(slots=True)
class RunControl:
    """`should_stop` waits as long as the file `pause` is there, wherever the run asks it.

    A wait tells itself once; stopping and finishing end it. Nothing depends on how long it
    takes, so a laptop may sleep meanwhile.
    """

    stop: Path
    pause: Path
    finish: Path
    emit: Emit
    # Of several processes only the one that leads may stop: the others end with it.
    leads: bool = True
    wait: Callable[[float], None] = field(default=lambda seconds: _sleep(seconds))

    @classmethod
    def of(cls, folder: RunFolder, emit: Emit, *, leads: bool = True) -> RunControl:
        return cls(folder.stop, folder.pause, folder.finish, emit, leads)

    def should_stop(self) -> bool:
        if self.pause.exists() and not self._ends():
            self.emit(
                Note("paused: the run waits, and goes on where it is when told to", kind=PAUSED)
            )
            while self.pause.exists() and not self._ends():
                self.wait(_LOOK_EVERY)
            self.emit(Note("the run goes on", kind=GOES_ON))
        return self.leads and self.stop.exists()

    def should_finish(self) -> bool:
        return self.finish.exists()

    def _ends(self) -> bool:
        return self.stop.exists() or self.finish.exists()


def forget_requests(folder: RunFolder) -> None:
    """Remove what an earlier session asked of the run, so that resuming it means going on."""
    for path in (folder.stop, folder.pause, folder.finish):
        path.unlink(missing_ok=True)
