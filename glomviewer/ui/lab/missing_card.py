"""What this computer lacks to train, and how to get it; not there where nothing is missing."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from glomviewer.jobs.environment import TrainingEnvironment
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.texts import Body, Warn


class MissingCard(Card):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What is missing", parent)
        self.sentence, self.command = Warn(), Body()
        self.command.setProperty("role", "key")
        self.command.setAccessibleName("Command that installs what is missing")
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.command)
        self.hide()

    def show_environment(self, environment: TrainingEnvironment, idle_gpu: str) -> None:
        """`idle_gpu` is the warning about a GPU that nothing here can use."""
        said = " ".join(part for part in (environment.sentence, idle_gpu) if part)
        self.sentence.say(said)
        self.command.say(environment.remedy)
        self.setVisible(bool(said))
