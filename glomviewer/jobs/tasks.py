"""Long work with a title, progress, an estimate and Cancel, as the status bar shows it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.changes import Changes
from glomviewer.jobs.gui_calls import GuiCalls
from glomviewer.jobs.sentences import TOLD, sentence_of

if TYPE_CHECKING:
    from glomviewer.store.library import Library

Operation = Callable[["Library"], Changes]
Write = Callable[[Operation], Changes]
Work = Callable[["TaskControl"], str]

REPORT_EVERY = 0.1


class Cancelled(Exception):  # noqa: N818 - no error: the reader asked for it
    """Raised within work that its reader has cancelled."""


class TaskControl:
    """What the work itself sees of its task. Any thread; no Qt.

    `write` runs an operation on the store thread, waits for it, and has every screen refreshed.
    """

    def __init__(self, report: Callable[[int, int, str, float | None], None], write: Write) -> None:
        self.write = write
        self._report = report
        self._cancelled = threading.Event()
        self._closing = False
        self._began = time.monotonic()
        self._stage = ""
        self._stage_began = self._began
        self._stage_done = 0
        self._reported = 0.0

    def progress(
        self, done: int, total: int, stage: str = "", seconds_left: float | None = None
    ) -> None:
        """Say how far the work is. The time left is estimated where it isn't given."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._stage_began, self._stage_done = stage, now, done
        elif now - self._reported < REPORT_EVERY and done < total:
            return
        self._reported = now
        if seconds_left is None and done > self._stage_done and now - self._stage_began > 1.0:
            rate = (done - self._stage_done) / (now - self._stage_began)
            seconds_left = (total - done) / rate
        self._report(done, total, stage, seconds_left)

    def cancelled(self) -> bool:
        return self._closing or self._cancelled.is_set()

    def check(self) -> None:
        """Raise Cancelled where the reader has asked for it."""
        if self.cancelled():
            raise Cancelled

    def cancel(self) -> None:
        self._cancelled.set()

    def resume_after_cancel(self) -> None:
        """Take the Cancel as done with, where work must still see to its end."""
        self._cancelled.clear()

    def close(self) -> None:
        """Cancel because the library is being closed."""
        self._closing = True
        self._cancelled.set()

    @property
    def closing(self) -> bool:
        """Whether it was the library's closing that cancelled: a run then goes on without us."""
        return self._closing

    def wait(self, seconds: float) -> bool:
        """Wait, or return True as soon as the task is cancelled."""
        return self._closing or self._cancelled.wait(seconds)


class Task(QObject):
    """One piece of long work. Its signals come on the window's thread.

    Exactly one of `finished` (the sentence that reports it), `failed` (the sentence that says
    why) and `cancelled` is emitted, then `ended`.
    """

    progressed = Signal(int, int, str, object)
    """Done, total, stage, and the seconds left or None."""
    finished = Signal(str)
    failed = Signal(str)
    cancelled = Signal()
    ended = Signal()

    def __init__(self, title: str, kind: str, subject: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.kind = kind
        self.subject = subject
        self.state = "running"
        self.sentence = ""
        self.last_progress: tuple[int, int, str, float | None] = (0, 0, "", None)
        self._control: TaskControl | None = None

    def cancel(self) -> None:
        """Ask the work to stop; `cancelled` follows when it has."""
        if self._control is not None:
            self._control.cancel()

    def _close(self) -> None:
        if self._control is not None:
            self._control.close()

    @property
    def running(self) -> bool:
        return self.state == "running"

    def _on_progress(self, done: int, total: int, stage: str, seconds_left: float | None) -> None:
        if self.running:
            self.last_progress = (done, total, stage, seconds_left)
            self.progressed.emit(done, total, stage, seconds_left)

    def _on_end(self, state: str, sentence: str) -> None:
        self.state, self.sentence = state, sentence
        if state == "finished":
            self.finished.emit(sentence)
        elif state == "failed":
            self.failed.emit(sentence)
        else:
            self.cancelled.emit()
        self.ended.emit()


class TaskList(QObject):
    """The long work of this window, each in a thread of its own."""

    added = Signal(object)
    """A Task has been started."""
    removed = Signal(object)
    """A Task has ended, after its own signals."""

    def __init__(self, write: Write, calls: GuiCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._write = write
        self._calls = calls
        self._threads: dict[Task, threading.Thread] = {}

    @property
    def running(self) -> list[Task]:
        return list(self._threads)

    def of_kind(self, kind: str) -> Task | None:
        """The running task of a kind, for work that must not run twice at once."""
        return next((task for task in self._threads if task.kind == kind), None)

    def start(self, title: str, work: Work, *, kind: str = "", subject: str = "") -> Task:
        """Run `work` in a thread of its own; what it returns is the sentence that reports it."""
        task = Task(title, kind, subject, self)
        calls = self._calls

        def report(done: int, total: int, stage: str, left: float | None) -> None:
            calls.post(lambda: task._on_progress(done, total, stage, left))

        control = TaskControl(report, self._write)
        task._control = control
        thread = threading.Thread(
            target=self._run, args=(task, control, work), name=f"glomviewer-task {title}"
        )
        self._threads[task] = thread
        self.added.emit(task)
        thread.start()
        return task

    def cancel_all(self) -> None:
        """Tell everything that the library is being closed."""
        for task in list(self._threads):
            task._close()

    def close(self) -> None:
        """Return when everything has stopped."""
        self.cancel_all()
        for thread in list(self._threads.values()):
            thread.join()

    def _run(self, task: Task, control: TaskControl, work: Work) -> None:
        try:
            state, sentence = "finished", work(control)
        except Cancelled:
            state, sentence = "cancelled", ""
        except TOLD as error:
            state, sentence = "failed", sentence_of(error)
        except BaseException as error:
            fault = sentence_of(error)
            self._calls.post(lambda: self._on_end(task, "failed", fault))
            raise
        self._calls.post(lambda: self._on_end(task, state, sentence))

    def _on_end(self, task: Task, state: str, sentence: str) -> None:
        self._threads.pop(task, None)
        task._on_end(state, sentence)
        self.removed.emit(task)
        task.deleteLater()
