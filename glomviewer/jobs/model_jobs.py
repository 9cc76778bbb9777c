"""What the window asks of a model: its device, predictions, a converted checkpoint."""

from __future__ import annotations

import shutil
import threading
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_table import PatchTable
from glomviewer.jobs import operations
from glomviewer.jobs.environment import TrainingEnvironment, find_environment
from glomviewer.jobs.prediction import predict_missing
from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled, Task, TaskControl
from glomviewer.jobs.worker_client import WorkerClient
from glomviewer.store.library import Library

PREDICT = "predict"


class ModelJobs(QObject):
    """The model worker of one session, started when it is first needed.

    `command` is for tests; else the interpreter is looked for, which needs `find` to be called.
    """

    environment_known = Signal(object)
    """The TrainingEnvironment, once it has been looked for."""
    device_known = Signal(str)
    """What the worker computes on. `device_warning` then says where a GPU lies idle, and the
    remedy; "" where all is well."""

    def __init__(
        self,
        session: Session,
        *,
        python: str = "",
        device: str = "auto",
        command: PythonCommand | None = None,
    ) -> None:
        super().__init__(session)
        self.device = device
        self.device_sentence = ""
        self.device_warning = ""
        self.environment: TrainingEnvironment | None = None
        self._session = session
        self._python = python
        self._given = command
        self._command = command
        self._worker: WorkerClient | None = None
        self._lock = threading.Lock()
        session.when_closing(self.close)

    def find(self) -> None:
        """Look for what models need; `environment_known` follows."""
        given = self._given
        if given is not None:
            self._on_found(TrainingEnvironment(given.arguments[0]))
            return
        self._session.compute(partial(find_environment, self._python), self._on_found)

    def command(self) -> PythonCommand:
        """How children of `training` are started. Any thread.

        Raises:
            JobError: models can't run here; the sentence says what is missing.
        """
        with self._lock:
            if self._command is None:
                found = find_environment(self._python)
                if not found.available:
                    raise JobError(f"{found.sentence} {found.remedy}")
                self._command = PythonCommand.of(found.python)
            return self._command

    def worker(self) -> WorkerClient:
        """The worker of this session. Any thread; raises as `command`."""
        command = self.command()
        with self._lock:
            if self._worker is None:
                self._worker = WorkerClient(
                    command.with_verb("serve"), variables=command.variables()
                )
            return self._worker

    def ask_device(self) -> Task:
        """Start the worker and ask what it computes on; `device_known` follows."""

        def work(control: TaskControl) -> str:
            control.progress(0, 0, "starting the model worker")
            facts = self.worker().request("device", device=self.device).result()
            name, warning = str(facts.get("name") or ""), str(facts.get("warning") or "")
            self._session.post(lambda: self._on_device(name, warning))
            return warning or f"Models run on {name}."

        return self._session.tasks.start("Looking for a device", work, kind="device")

    def predict(self, model: str, *, title: str = "Predicting") -> Task:
        """Predict every patch that has no prediction of this model yet."""
        running = self._session.tasks.of_kind(PREDICT)
        if running is not None and running.subject == model:
            return running
        work = partial(self.predict_within, model)
        return self._session.tasks.start(title, work, kind=PREDICT, subject=model)

    def predict_if_needed(self) -> None:
        """Predict with the active model where patches have no prediction of it yet, as after an
        import or an interrupted prediction. Where models can't run, nothing happens."""
        active, environment = self._session.active_model, self.environment
        can_run = environment is not None and environment.available
        if active is None or not can_run or self._session.read_only:
            return
        if not _may_lack_predictions(self._session.table, active.id):
            return

        def missing(library: Library) -> str:
            return active.id if library.unpredicted(active.id) else ""

        self._session.ask(missing, self._on_missing, lane="unpredicted")

    def predict_within(self, model: str, control: TaskControl) -> str:
        """Predict as a part of a task that is running; gives the sentence that reports it."""
        changes = predict_missing(
            self._session.library,
            model=model,
            worker=self.worker(),
            control=control,
            device=self.device,
            on_device=lambda device: self._session.post(lambda: self._on_device(device)),
        )
        control.write(lambda _: changes)
        if control.cancelled():
            raise Cancelled
        return changes.sentence

    def add_model(self, folder: Path) -> None:
        """Copy a model folder into the library, and predict with it where it becomes active."""
        self._session.run(
            partial(operations.add_model, folder=folder), done=self._predict_when_active
        )

    def add_checkpoint(self, checkpoint: Path, *, preset: str, threshold: float, name: str) -> Task:
        """Convert a bare checkpoint in the worker's process, and add what comes of it.

        `threshold` is a probability; `preset` is one of `training.config.PRESETS`.
        """
        library = self._session.library

        def work(control: TaskControl) -> str:
            control.progress(0, 0, "converting")
            draft = library.paths.models / f"converting-{threading.get_ident()}"
            try:
                operations.convert_checkpoint(
                    self.worker(),
                    checkpoint=checkpoint,
                    output=draft,
                    preset=preset,
                    threshold=threshold,
                    name=name,
                )
                changes = control.write(partial(operations.add_model, folder=draft))
            finally:
                shutil.rmtree(draft, ignore_errors=True)
            active = library.active_model()
            if changes.active_model and active is not None:
                self.predict_within(active.id, control)
            return changes.sentence

        return self._session.tasks.start("Adding a model", work, kind="convert")

    def close(self) -> None:
        """End the worker; what it was doing fails, and is resumed when asked for again."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _on_missing(self, model: str) -> None:
        if model:
            self.predict(model)

    def _predict_when_active(self, changes: Changes) -> None:
        active = self._session.active_model
        if changes.active_model and active is not None:
            self.predict(active.id)

    def _on_found(self, environment: TrainingEnvironment) -> None:
        self.environment = environment
        self.environment_known.emit(environment)

    def _on_device(self, name: str, warning: str | None = None) -> None:
        self.device_sentence = name
        if warning is not None:
            self.device_warning = warning
        self.device_known.emit(name)


def _may_lack_predictions(table: PatchTable, model: str) -> bool:
    """Whether it is worth asking the library, which takes seconds at a million patches."""
    if table.view.model != model:
        return True
    wanted = ~table["excluded"].astype(np.bool_) & ~table["missing"].astype(np.bool_)
    return bool(np.isnan(table.view.logit[wanted]).any())
