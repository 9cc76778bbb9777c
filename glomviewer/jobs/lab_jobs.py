"""What the lab asks of children: leaks in the data, and how long a training would take."""

from __future__ import annotations

import threading
from functools import partial

from PySide6.QtCore import QObject, Signal

from glomviewer.jobs.leak_search import LeakReport, find_leaks
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.sentences import TOLD, sentence_of
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled, Task, TaskControl
from glomviewer.jobs.training_estimate import Question, estimate

LEAKS = "leaks"


class LabJobs(QObject):
    """One search for leaks and one estimate at a time.

    The search is a task of the session. An estimate is asked again with every field that a
    reader changes: it would fill the status bar, and stands beside its button instead.
    """

    leaks_known = Signal(object)
    """The LeakReport of the data as they were when the search began."""
    leaks_failed = Signal(str)
    """The sentence that says why there is none; empty where the reader has cancelled it."""
    estimate_known = Signal(object, object)
    """The Question, and its Estimate, or None where nobody can tell."""

    def __init__(self, session: Session, models: ModelJobs, parent: QObject | None = None) -> None:
        super().__init__(parent or session)
        self._session, self._models = session, models
        self._asking: _Asking | None = None
        session.when_closing(self.stop_estimating)

    @property
    def leaks_task(self) -> Task | None:
        return self._session.tasks.of_kind(LEAKS)

    def look_for_leaks(self) -> Task:
        """Look the data over; `leaks_known` follows, or `leaks_failed`."""
        running = self.leaks_task
        if running is not None:
            return running

        def work(control: TaskControl) -> str:
            control.progress(0, 0, "comparing the patches")
            try:
                report = find_leaks(
                    self._session.library, command=self._models.command(), control=control
                )
            except TOLD as error:
                # It began by itself: the page tells it, no banner over all pages.
                self._session.post(partial(self._on_leaks_failed, sentence_of(error)))
                return "Leaks could not be looked for: see Lab."
            self._session.post(lambda: self.leaks_known.emit(report))
            return _sentence(report)

        task = self._session.tasks.start("Looking for leaks", work, kind=LEAKS)
        task.cancelled.connect(self._on_leaks_failed)
        return task

    def _on_leaks_failed(self, sentence: str = "") -> None:
        self.leaks_failed.emit(sentence)

    def estimate(self, question: Question) -> None:
        """Have it estimated; `estimate_known` follows. A newer question takes an older's place."""
        if self._asking is not None and self._asking.question == question:
            return
        self.stop_estimating()
        self._asking = _Asking(question)
        threading.Thread(
            target=self._estimate, args=(self._asking,), name="glomviewer-estimate", daemon=True
        ).start()

    def stop_estimating(self) -> None:
        if self._asking is not None:
            self._asking.cancelled.set()
            self._asking = None

    def _estimate(self, asking: _Asking) -> None:
        try:
            answer = estimate(asking.question, command=self._models.command(), control=asking)
        except Cancelled:
            return
        except TOLD:
            # What can't be measured is refused in words when it is to be trained.
            answer = None
        self._session.post(lambda: self._on_estimate(asking, answer))

    def _on_estimate(self, asking: _Asking, answer: object) -> None:
        if asking is self._asking:
            self._asking = None
            self.estimate_known.emit(asking.question, answer)


class _Asking:
    """A question on its way, and whether its answer is still wanted."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.cancelled = threading.Event()

    def wait(self, seconds: float) -> bool:
        return self.cancelled.wait(seconds)


def _sentence(report: LeakReport) -> str:
    if not report.leaks:
        return "No leak was found."
    number = len(report.leaks)
    return f"{number:,} {'finding' if number == 1 else 'findings'} in the data: see Lab."
