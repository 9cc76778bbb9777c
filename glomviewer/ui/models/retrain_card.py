"""The one button that retrains, and everything one should know before pressing it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QPushButton,
    QWidget,
)

from glomviewer.domain.records import TrainingCounts
from glomviewer.ui.models.recipes import RECIPES, Wanted
from glomviewer.ui.widgets import corrections
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.texts import Body, Headline, Secondary, Text, Warn
from glomviewer.ui.widgets.training_choices import BASES, DEVICES, choices


class RetrainCard(Card):
    """Shows counts and choices; `retrain_chosen` carries a Wanted."""

    retrain_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Retrain", parent)
        self.headline = Headline("Counting…")
        self.splits = QGridLayout()
        self.splits.setHorizontalSpacing(24)
        self.splits.setVerticalSpacing(4)
        self.splits.setColumnStretch(4, 1)
        self.left_out, self.warnings = Secondary(), Warn()
        self.missing, self.command = Warn(), Body()
        self.command.setProperty("role", "key")
        self.command.setAccessibleName("Command that installs what is missing")
        self.recipe = choices("Recipe", RECIPES)
        self.base = choices("Weights to start from", BASES)
        self.device = choices("Device", DEVICES)
        self.base_path = ""
        self.explanation, self.found, self.estimate = Secondary(), Secondary(), Secondary()
        self.found.say("")
        self.button = QPushButton("Retrain")
        self.button.setProperty("role", "primary")
        self._obstacle = ""
        self._running = False
        self._lay_out()
        self.button.clicked.connect(self.press)
        self.recipe.currentIndexChanged.connect(self._explain)
        self.base.activated.connect(self._on_base_chosen)
        self.base.currentIndexChanged.connect(self._explain)
        self._explain()
        self._enable()

    def show_counts(self, counts: TrainingCounts, active: str) -> None:
        self.headline.setText(corrections.headline(counts, active))
        self._show_splits(corrections.split_rows(counts))
        self.left_out.say(corrections.left_out(counts))
        self.warnings.say(" ".join(counts.warnings))
        self._obstacle = corrections.obstacle(counts)
        self._enable()

    def show_environment(self, obstacle: str, command: str, loud: str) -> None:
        """What is missing to train at all, the command that brings it, and a loud notice."""
        self.missing.say(" ".join(part for part in (obstacle, loud) if part))
        self.command.say(command)
        self._missing = obstacle
        self._enable()

    def show_estimate(self, sentence: str) -> None:
        self.estimate.say(sentence)

    def show_device(self, sentence: str) -> None:
        """What models compute on here."""
        self.found.say(f"This computer has: {sentence}." if sentence else "")

    def show_running(self, running: bool, *, read_only: bool) -> None:
        self._running = running
        self._read_only = read_only
        self._enable()

    def request(self) -> Wanted:
        return Wanted(
            recipe=str(self.recipe.currentData()),
            base=self.base.currentData(),
            base_path=self.base_path if self.base.currentData() == "file" else "",
            device=str(self.device.currentData()),
        )

    def press(self) -> None:
        if self.button.isEnabled():
            self.retrain_chosen.emit(self.request())

    _missing = ""
    _read_only = False

    def _enable(self) -> None:
        reason = (
            self._missing
            or ("This library is open for reading only." if self._read_only else "")
            or ("A run is under way." if self._running else "")
            or self._obstacle
        )
        self.button.setEnabled(not reason)
        self.button.setToolTip(reason or "Train a new model on all labelled patches (Ctrl+R)")
        self.reason.say(reason if reason != self._missing else "")

    def _show_splits(self, rows: Sequence[corrections.SplitRow]) -> None:
        while (item := self.splits.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for column, head in enumerate(("", "patches", "sclerotic", "cases")):
            label = Secondary(head)
            label.setAlignment(_side(column))
            self.splits.addWidget(label, 0, column)
        for place, split in enumerate(rows, start=1):
            texts = (split.name, f"{split.patches:,}", f"{split.sclerotic:,}", f"{split.cases:,}")
            for column, text in enumerate(texts):
                label = Text(text)
                label.setAlignment(_side(column))
                self.splits.addWidget(label, place, column)

    def _on_base_chosen(self) -> None:
        if self.base.currentData() != "file":
            return
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Weights to start from", "", "Weights (*.safetensors *.pth *.pt);;All files (*)"
        )
        if chosen:
            self.choose_file(Path(chosen))
        else:
            self.base.setCurrentIndex(0)

    def choose_file(self, path: Path) -> None:
        self.base_path = str(path)
        place = self.base.findData("file")
        self.base.setItemText(place, path.name)
        self.base.setCurrentIndex(place)

    def _explain(self) -> None:
        recipe = next(one for one in RECIPES if one.key == self.recipe.currentData())
        base = next(one for one in BASES if one.key == self.base.currentData())
        self.explanation.setText(f"{recipe.sentence} {base.sentence}")

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(4)
        for column, (name, chooser) in enumerate(
            (("Recipe", self.recipe), ("Start from", self.base), ("Device", self.device))
        ):
            label = Secondary(name)
            label.setBuddy(chooser)
            form.addWidget(label, 0, column)
            form.addWidget(chooser, 1, column)
        form.setColumnStretch(3, 1)
        self.reason = Secondary()
        for part in (self.headline, self.splits, self.left_out, self.warnings):
            self._add(part)
        self.body.addSpacing(4)
        for part in (form, self.explanation, self.found, self.missing, self.command):
            self._add(part)
        self.body.addSpacing(4)
        self.body.addLayout(row(self.button, self.reason, 1, spacing=16))
        self.body.addWidget(self.estimate)
        self.body.addStretch(1)

    def _add(self, part: QWidget | QGridLayout) -> None:
        if isinstance(part, QWidget):
            self.body.addWidget(part)
        else:
            self.body.addLayout(part)


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
