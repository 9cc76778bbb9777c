"""Tells the status bar what an open library says of itself."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_select import sigmoid
from glomviewer.jobs.environment import TrainingEnvironment
from glomviewer.jobs.tasks import Task
from glomviewer.ui.opened import OpenedLibrary
from glomviewer.ui.status_bar import StatusBar


class StatusTeller(QObject):
    def __init__(self, opened: OpenedLibrary, bar: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._opened = opened
        self._bar = bar
        session = opened.session
        session.busy.connect(self._on_busy)
        session.changed.connect(self._on_changed)
        session.tasks.added.connect(self._on_task_added)
        session.tasks.removed.connect(self._on_task_removed)
        opened.models.device_known.connect(self._on_device_known)
        opened.models.environment_known.connect(self._on_environment_known)
        for task in session.tasks.running:
            self._on_task_added(task)
        self._on_busy(session.saving)
        self._show_model()
        if opened.models.device_sentence:
            self._on_device_known(opened.models.device_sentence)
        if opened.models.environment is not None:
            self._on_environment_known(opened.models.environment)

    def _on_busy(self, busy: bool) -> None:
        if self._opened.session.read_only:
            self._bar.show_saved("Open for reading only")
        else:
            self._bar.show_saved("Saving…" if busy else "All decisions saved")

    def _on_changed(self, changes: Changes) -> None:
        if changes.active_model or changes.models or changes.threshold or changes.predictions:
            self._show_model()

    def _show_model(self) -> None:
        session = self._opened.session
        view = session.table.view
        model = session.shown_model or session.active_model
        if model is None:
            self._bar.show_model("No model yet" if session.is_loaded else "")
            return
        threshold = view.threshold if view.model == model.id else model.threshold
        chance = float(sigmoid(np.array([threshold]))[0])
        digits = 2 if 0.01 <= chance <= 0.99 else 4
        self._bar.show_model(f"Model {model.title} · threshold {chance:.{digits}f}")

    def _on_device_known(self, sentence: str) -> None:
        warning = self._opened.models.device_warning
        self._bar.show_device(f"{sentence} · see Models" if warning else sentence, warning)

    def _on_environment_known(self, environment: TrainingEnvironment) -> None:
        if not environment.available:
            remedy = f"{environment.sentence} {environment.remedy}".strip()
            self._bar.show_device("Models cannot run here", remedy)

    def _on_task_added(self, task: Task) -> None:
        self._bar.add_task(task)
        task.finished.connect(self._bar.say)
        task.failed.connect(self._on_task_failed)
        task.cancelled.connect(lambda: self._bar.say(f"{task.title}: cancelled."))

    def _on_task_removed(self, task: Task) -> None:
        self._bar.remove_task(task)

    def _on_task_failed(self, sentence: str) -> None:
        self._opened.session.failed.emit(sentence)
