"""The run in progress, or the last one: its curves, what they show, and how to end it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from glomviewer.domain.records import RunRecord
from glomviewer.jobs.run_status import RunStatus
from glomviewer.ui.lab import run_words
from glomviewer.ui.lab.curve_points import points_of
from glomviewer.ui.lab.run_plots import Load, RunPlots
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.progress_line import ProgressLine
from glomviewer.ui.widgets.run_line import fraction_of, may_resume, sources_line
from glomviewer.ui.widgets.texts import Body, Headline, Secondary, Text, Warn


class RunCard(Card):
    """Shows one run; the signals say what a reader wants of it."""

    pause_asked = Signal()
    finish_asked = Signal()
    cancel_asked = Signal()
    resume_asked = Signal()

    def __init__(self, load_plots: Load, parent: QWidget | None = None) -> None:
        super().__init__("Run", parent)
        self.headline, self.stage = Headline(), Secondary()
        self.bar = ProgressLine(height=4)
        self.bar.setAccessibleName("Progress of the run")
        self.figures = {name: Text("–") for name in run_words.NAMES}
        self.trouble, self.said, self.hints = Warn(), Secondary(), Body()
        self.sources = Secondary()
        self.plots = RunPlots(load_plots)
        self.pause = QPushButton("Pause")
        self.finish = QPushButton("Stop and keep the best")
        self.cancel = QPushButton("Cancel")
        self.resume = QPushButton("Resume")
        for button, asked in (
            (self.pause, self.pause_asked),
            (self.finish, self.finish_asked),
            (self.cancel, self.cancel_asked),
            (self.resume, self.resume_asked),
        ):
            button.clicked.connect(asked)
        self._lay_out()

    def show_tips(self, pause: str, finish: str, cancel: str, resume: str) -> None:
        for button, tip in (
            (self.pause, pause),
            (self.finish, finish),
            (self.cancel, cancel),
            (self.resume, resume),
        ):
            button.setToolTip(tip)

    def show_run(
        self, run: RunRecord, status: RunStatus, *, title: str = "", read_only: bool = False
    ) -> None:
        """Show this run; `title` is the name of the model that it makes."""
        alive = run_words.is_alive(run, status)
        self.headline.setText(run_words.headline(run, status, title or run.recipe))
        self.stage.say(run_words.stage_line(status))
        self.sources.say(sources_line(status))
        self._show_buttons(run, status, alive=alive, read_only=read_only)
        for label, text in zip(self.figures.values(), run_words.figures(status), strict=True):
            label.setText(text)
        self.bar.setVisible(alive)
        self.bar.set_share(fraction_of(status))
        self._facts.setVisible(alive or bool(status.epochs))
        said = run_words.last_note(status) if alive else run_words.end_sentence(run, status)
        bad = status.state in ("failed", "interrupted") or run.state == "failed"
        self.trouble.say(said if bad and not alive else "")
        self.said.say("" if bad and not alive else said)
        self.plots.setVisible(bool(status.epochs))
        if status.epochs:
            self.plots.show_points(points_of(status.epochs, over=not alive))
        self.hints.say("\n".join(run_words.curve_sentences(status)))

    def _show_buttons(
        self, run: RunRecord, status: RunStatus, *, alive: bool, read_only: bool
    ) -> None:
        held = status.paused or status.pausing
        self.pause.setText("Go on" if held else "Pause")
        for button in (self.pause, self.finish, self.cancel):
            button.setVisible(alive)
            button.setEnabled(not read_only)
        self.pause.setEnabled(not read_only and not status.finishing)
        # Before the first epoch there is no best one to keep.
        self.finish.setEnabled(not read_only and not status.finishing and bool(status.epochs))
        self.resume.setVisible(not alive and may_resume(run, status))
        self.resume.setEnabled(not read_only)

    def _lay_out(self) -> None:
        top = row(self.pause, self.finish, self.cancel, self.resume)
        top.insertWidget(0, self.headline, 1)
        self.body.addLayout(top)
        self.body.addWidget(self.stage)
        self.body.addWidget(self.bar)
        self._facts = QWidget()
        grid = QGridLayout(self._facts)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        for column, (name, value) in enumerate(self.figures.items()):
            value.setAccessibleName(name)
            title = Secondary(name)
            title.setWordWrap(False)
            grid.addWidget(title, 0, column, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(value, 1, column, Qt.AlignmentFlag.AlignLeft)
            # A value that changes moves no other one.
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 88)
        for widget in (
            self.trouble,
            self.said,
            self._facts,
            self.plots,
            self.hints,
            self.sources,
        ):
            self.body.addWidget(widget)
        for button in (self.pause, self.finish, self.cancel, self.resume):
            button.hide()
        for label in (self.trouble, self.said, self.hints, self.sources):
            label.hide()
        self.plots.hide()
