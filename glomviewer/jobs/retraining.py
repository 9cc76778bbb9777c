"""Retrain from its start to the promoted model, as window and verb both do it. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import RunRecord
from glomviewer.jobs.run_process import STOP_GRACE, ask_to_stop, end_process
from glomviewer.jobs.run_status import RunStatus
from glomviewer.jobs.runs import RunFollower, note_end
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.takeover import take_over_run
from glomviewer.store.library import Library

LOOK_EVERY = 0.3

Write = Callable[[Callable[[Library], Changes]], Changes]
"""Runs an operation where writes belong, and gives what it has changed."""


class RunControl(Protocol):
    """Progress and Cancel of whoever follows. `closing` means: leave, and let the run go on."""

    def progress(
        self, done: int, total: int, stage: str = "", seconds_left: float | None = None
    ) -> None: ...
    def wait(self, seconds: float) -> bool: ...
    def resume_after_cancel(self) -> None: ...
    @property
    def closing(self) -> bool: ...


class RunLeft(Exception):  # noqa: N818 - no error: the run goes on without its window
    """The library is being closed; the run goes on and is found again by `unfinished_run`."""


def follow_run(
    library: Library,
    record: RunRecord,
    *,
    control: RunControl,
    tell: Callable[[RunStatus], None],
    grace: float = STOP_GRACE,
) -> RunStatus:
    """Follow a run to its end. A Cancel stops it, for certain after `grace` seconds.

    Raises:
        RunLeft: the library is being closed.
    """
    follower = RunFollower(library, record)
    before: RunStatus | None = None
    end_at: float | None = None
    while True:
        status = follower.status()
        if status != before:
            before = status
            _report(control, status)
            tell(status)
        if status.over:
            return status
        cancelled = control.wait(LOOK_EVERY)
        if control.closing:
            raise RunLeft
        if cancelled and end_at is None:
            end_at = time.monotonic() + grace
            ask_to_stop(follower.folder)
            control.resume_after_cancel()
        if end_at is not None and time.monotonic() > end_at:
            end_process(follower.identity())


def end_run(
    *,
    run: str,
    status: RunStatus,
    write: Write,
    auto_promote: bool,
    reader: int | None,
) -> Changes:
    """Take over a finished run's candidate, or enter how the run ended otherwise.

    Raises:
        JobError: the run has failed, or was interrupted; the sentence says why.
    """
    if status.state == "finished":
        return write(partial(take_over_run, run=run, auto_promote=auto_promote, reader=reader))
    changes = write(partial(note_end, run=run, status=status))
    if status.state == "stopped":
        return changes
    kept = " It can be resumed from its last epoch." if status.resumable else ""
    raise JobError(f"The training ended without a candidate. {status.message}{kept}")


def _report(control: RunControl, status: RunStatus) -> None:
    if status.progress is not None:
        now = status.progress
        control.progress(now.done, now.total, now.stage, now.seconds_left)
    elif status.epochs:
        last = status.epochs[-1]
        stage = "paused" if status.paused else "epoch"
        control.progress(last.epoch, last.epochs, stage, status.seconds_left)
