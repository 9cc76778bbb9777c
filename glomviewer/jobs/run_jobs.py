"""The training run of the open library: started, followed, stopped, taken over, recovered."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.records import RunRecord
from glomviewer.jobs import operations
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.retraining import RunLeft, end_run, follow_run
from glomviewer.jobs.run_status import RunStatus
from glomviewer.jobs.runs import (
    RunRequest,
    launch_run,
    prepare_run,
    resume_run,
    unfinished_run,
)
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled, Task, TaskControl

TRAIN = "train"


class RunJobs(QObject):
    """Follows one run at a time. A run outlives the window: `recover` finds it again.

    `auto_promote` may be changed at any time; it is looked at when a run has finished.
    """

    advanced = Signal(str, object)
    """The run and its RunStatus, when something is new."""
    taken_over = Signal(str)
    """The run whose candidate is a model of the library now."""

    def __init__(self, session: Session, models: ModelJobs, *, auto_promote: bool = True) -> None:
        super().__init__(session)
        self.auto_promote = auto_promote
        self.statuses: dict[str, RunStatus] = {}
        self._session = session
        self._models = models

    @property
    def task(self) -> Task | None:
        """The task of the run that is being followed."""
        return self._session.tasks.of_kind(TRAIN)

    def start(self, request: RunRequest) -> Task:
        """Train a candidate on everything that is labelled, follow it, and take it over."""

        def work(control: TaskControl) -> str:
            control.progress(0, 0, "preparing")
            command = self._models.command()
            prepared = prepare_run(self._session.library, request)
            control.write(partial(launch_run, prepared=prepared, command=command))
            return self._follow_unfinished(control)

        return self._session.tasks.start("Training", work, kind=TRAIN)

    def resume(self, run: str) -> Task:
        """Let a stopped run go on from its last epoch."""

        def work(control: TaskControl) -> str:
            command = self._models.command()
            control.write(partial(resume_run, run=run, command=command))
            return self._follow_unfinished(control)

        return self._session.tasks.start("Training", work, kind=TRAIN)

    def stop(self) -> None:
        """Stop the run; its last epoch is kept."""
        task = self.task
        if task is not None:
            task.cancel()

    def pause(self, run: str) -> None:
        """Let the run wait; `go_on` follows it up."""
        self._session.run(partial(operations.pause_run, run=run))

    def go_on(self, run: str) -> None:
        """Let a paused run go on."""
        self._session.run(partial(operations.unpause_run, run=run))

    def finish(self, run: str) -> None:
        """Train no further, and make a candidate of the best epoch so far."""
        self._session.run(partial(operations.finish_run, run=run))

    def recover(self) -> None:
        """Take up again the run that was left when the library was closed, where there is one."""
        if not self._session.read_only:
            self._session.ask(unfinished_run, self._on_unfinished, lane="unfinished run")

    def _on_unfinished(self, record: RunRecord | None) -> None:
        if record is not None and self.task is None:
            self._session.tasks.start(
                "Training", lambda control: self._follow(control, record), kind=TRAIN
            )

    def _follow_unfinished(self, control: TaskControl) -> str:
        record = unfinished_run(self._session.library)
        if record is None:
            return "The training has ended."
        return self._follow(control, record)

    def _follow(self, control: TaskControl, record: RunRecord) -> str:
        session = self._session

        def tell(status: RunStatus) -> None:
            session.post(partial(self._on_advanced, record.id, status))

        try:
            status = follow_run(session.library, record, control=control, tell=tell)
        except RunLeft:
            raise Cancelled from None
        reader = session.reader
        changes = end_run(
            run=record.id,
            status=status,
            write=control.write,
            auto_promote=self.auto_promote,
            reader=reader.id if reader is not None else None,
        )
        if status.state != "finished":
            raise Cancelled
        session.post(lambda: self.taken_over.emit(record.id))
        active = session.library.active_model()
        if changes.active_model and active is not None:
            # Every patch is predicted again, so that changed calls are known.
            self._models.predict_within(active.id, control)
        return changes.sentence

    def _on_advanced(self, run: str, status: RunStatus) -> None:
        self.statuses[run] = status
        self.advanced.emit(run, status)
