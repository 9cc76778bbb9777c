"""The run in progress or the last one: live curves, how far, how long, stop and resume."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from glomviewer.domain.records import RunRecord
from glomviewer.jobs.run_status import RunStatus
from glomviewer.ui.models.curves import Curves
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.run_line import (
    ALIVE,
    best_epoch,
    fraction_of,
    headline_of,
    line_of,
    may_resume,
    sources_line,
)
from glomviewer.ui.widgets.texts import Headline, Secondary, Warn

STEPS = 1000
NO_RUN = "No run yet"
NO_RUN_SENTENCE = (
    "A run trains in a process of its own. The window may be closed meanwhile: the run goes on, "
    "and stands here when the library is opened again."
)


class RunCard(Card):
    """Shows one run; says when it is to be stopped or resumed."""

    stop_chosen = Signal()
    resume_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Run", parent)
        self.headline, self.line = Headline(), Secondary()
        self.warning, self.note, self.sources = Warn(), Secondary(), Secondary()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the run")
        self.curves = Curves()
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("Stops after this step; the run can be resumed from its last epoch.")
        self.resume = QPushButton("Resume")
        self.resume.setToolTip("Goes on from the last finished epoch.")
        self.stop.clicked.connect(self.stop_chosen)
        self.resume.clicked.connect(self.resume_chosen)
        top = row(self.resume, self.stop)
        top.insertWidget(0, self.headline, 1)
        self.body.addLayout(top)
        for widget in (self.line, self.bar, self.warning, self.curves, self.note, self.sources):
            self.body.addWidget(widget)
        self.show_run(None, RunStatus())

    def show_run(
        self, run: RunRecord | None, status: RunStatus, *, title: str = "", read_only: bool = False
    ) -> None:
        """Show this run; `title` is the name of the model that it makes."""
        alive = run is not None and run.state in ALIVE and not status.over
        self.stop.setVisible(alive)
        self.stop.setEnabled(not read_only)
        self.resume.setVisible(run is not None and not alive and may_resume(run, status))
        self.resume.setEnabled(not read_only)
        self.bar.setVisible(alive)
        self.curves.setVisible(bool(status.epochs))
        if run is None:
            self.headline.setText(NO_RUN)
            self.line.setText(NO_RUN_SENTENCE)
            self.warning.say("")
            self.note.say("")
            self.sources.say("")
            return
        self.headline.setText(headline_of(run, status, title or run.recipe))
        self.line.say(line_of(status))
        self.sources.say(sources_line(status))
        self.warning.say(
            "" if run.state in ("finished", "running") else status.message or run.message
        )
        self.note.say(status.notes[-1] if status.notes and alive else "")
        self._show_progress(status)
        if status.epochs:
            best = best_epoch(status)
            self.curves.show_epochs(status.epochs, best.epoch if best else None)

    def _show_progress(self, status: RunStatus) -> None:
        fraction = fraction_of(status)
        if fraction is None:
            self.bar.setRange(0, 0)
            return
        self.bar.setRange(0, STEPS)
        self.bar.setValue(round(fraction * STEPS))
        self.bar.setAccessibleDescription(f"{fraction:.0%}, {line_of(status)}")
