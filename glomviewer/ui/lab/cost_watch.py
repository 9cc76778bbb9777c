"""Has a training measured before it begins, once its fields have come to rest."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from glomviewer.domain.records import RunRecord
from glomviewer.jobs.lab_jobs import LabJobs
from glomviewer.jobs.training_estimate import Estimate, Question
from glomviewer.ui.lab.train_bar import TrainBar
from glomviewer.ui.lab.wording import estimate_line, past_line

SETTLED_MS = 700
"""Nobody wants a measurement for every letter."""
MEASURING = "Measuring how long this takes…"


class CostWatch(QObject):
    """Answers are kept: a recipe that one comes back to is not measured again."""

    def __init__(self, jobs: LabJobs, bar: TrainBar) -> None:
        super().__init__(bar)
        self._jobs, self._bar = jobs, bar
        self._known: dict[str, Estimate | None] = {}
        self._question: Question | None = None
        self._past = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLED_MS)
        self._timer.timeout.connect(self._ask)
        jobs.estimate_known.connect(self._on_known)

    def show(self, question: Question | None, runs: tuple[RunRecord, ...], recipe: str) -> None:
        """Show what this training would cost; None where nothing may be measured now."""
        self._past = past_line(recipe, runs)
        self._question = question
        if question is None or repr(question) in self._known:
            self.rest()
        else:
            self._timer.start()
        self._say()

    def rest(self) -> None:
        """Measure nothing more: a run has begun, or nobody looks at the page."""
        self._timer.stop()
        self._jobs.stop_estimating()

    def forget(self) -> None:
        """Another Python may know what this one could not tell."""
        self._known = {key: known for key, known in self._known.items() if known is not None}

    def _ask(self) -> None:
        if self._question is not None:
            self._jobs.estimate(self._question)

    def _on_known(self, question: Question, estimate: Estimate | None) -> None:
        self._known[repr(question)] = estimate
        self._say()

    def _say(self) -> None:
        key = repr(self._question)
        if self._question is None:
            cost = ""
        elif key in self._known:
            known = self._known[key]
            cost = estimate_line(known) if known is not None else ""
        else:
            cost = MEASURING
        self._bar.show_cost(cost, self._past)
