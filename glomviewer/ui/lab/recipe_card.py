"""Which recipe is trained, with what changed, from which weights and on what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QPushButton, QWidget

from glomviewer.ui.lab.draft import Draft, Origin, built_in, own_file
from glomviewer.ui.lab.recipe_form import RecipeForm
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.numbers import counted
from glomviewer.ui.widgets.texts import Body, Secondary, Warn
from glomviewer.ui.widgets.training_choices import BASES, DEVICES, choices
from training.config import BaseWeights, UserError

FIRST_RECIPE = "quick"
WEIGHT_FILES = "Weights (*.safetensors *.pth *.pt);;All files (*)"


class RecipeCard(Card):
    """`changed` when anything differs that a training or its estimate depends on."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Recipe", parent)
        self._own: dict[str, Origin] = {}
        self.recipe = Chooser("Recipe")
        self.recipe.addItem(FIRST_RECIPE, FIRST_RECIPE)
        self.open = QPushButton("Open…")
        self.open.setToolTip("A recipe of your own, a TOML file")
        self.open.setAccessibleName("Open a recipe file")
        self.summary, self.trouble = Body(), Warn()
        self.base, self.device = choices("Weights to start from", BASES), choices("Device", DEVICES)
        self.base_path = ""
        self.explanation, self.found = Secondary(), Secondary()
        self.changes_line = Secondary()
        self.reset = QPushButton("Reset all")
        self.reset.setProperty("role", "small")
        self.reset.setAccessibleName("Reset all fields of the recipe")
        self.form = RecipeForm()
        self.draft = Draft(built_in(FIRST_RECIPE))
        self._lay_out()
        self._connect()
        self._show(self.draft)
        self.trouble.hide()
        self.found.hide()

    @property
    def obstacle(self) -> str:
        return self.form.obstacle

    def show_recipes(self, names: Sequence[str]) -> None:
        """Offer these, and after them the reader's own; the chosen one stays chosen."""
        if all(self.recipe.findData(name) >= 0 for name in names):
            return
        chosen = self.recipe.currentData()
        self.recipe.clear()
        for name in names:
            self.recipe.addItem(name, name)
        for argument in self._own:
            self.recipe.addItem(Path(argument).name, argument)
        self.recipe.choose(chosen)
        self.recipe.updateGeometry()

    def base_weights(self) -> BaseWeights:
        kind = self.base.currentData()
        return BaseWeights(kind, (self.base_path or None) if kind == "file" else None)

    def choose_recipe(self, name: str) -> None:
        """Show another recipe, without what was changed in the one before."""
        self.recipe.choose(name)
        self._on_recipe()

    def open_file(self) -> None:
        """Ask for a recipe of one's own."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, "A recipe of your own", "", "Recipes (*.toml);;All files (*)"
        )
        if chosen:
            self.take_file(Path(chosen))

    def take_file(self, path: Path) -> None:
        try:
            origin = own_file(path)
        except UserError as error:
            self.trouble.say(str(error))
            return
        self._own[origin.argument] = origin
        if self.recipe.findData(origin.argument) < 0:
            self.recipe.addItem(path.name, origin.argument)
        self.choose_recipe(origin.argument)

    def reset_all(self) -> None:
        if self.draft.changes:
            self.recipe.setFocus(Qt.FocusReason.OtherFocusReason)
            self._take(Draft(self.draft.origin))

    def show_device(self, sentence: str) -> None:
        self.found.say(f"This computer has: {sentence}." if sentence else "")

    def _on_recipe(self) -> None:
        self.trouble.say("")
        name = str(self.recipe.currentData())
        self._take(Draft(self._own.get(name) or built_in(name)))

    def _take(self, draft: Draft) -> None:
        self._show(draft)
        self.changed.emit()

    def _on_form(self, draft: Draft) -> None:
        self.draft = draft
        self._show_changes()
        self.changed.emit()

    def _show(self, draft: Draft) -> None:
        self.draft = draft
        self.form.show_draft(draft)
        summary = draft.origin.recipe.summary
        # A method without weights starts from nothing that could be chosen.
        has_weights = bool(draft.start())
        if not has_weights:
            self.base.setCurrentIndex(0)
        self.base.setEnabled(has_weights)
        self._explain()
        self.summary.say(f"{summary[:1].upper()}{summary[1:]}." if summary else "")
        self._show_changes()

    def _show_changes(self) -> None:
        number = len(self.draft.changes)
        name = self.draft.origin.name
        self.changes_line.setText(
            f"{counted(number, 'field')} changed from {name}"
            if number
            else f"All fields are as {name} has them"
        )
        self.reset.setVisible(bool(number))

    def _on_base(self) -> None:
        if self.base.currentData() == "file":
            chosen, _ = QFileDialog.getOpenFileName(self, "Weights to start from", "", WEIGHT_FILES)
            if not chosen:
                self.base.setCurrentIndex(0)
                return
            self.base_path = chosen
            self.base.setItemText(self.base.findData("file"), Path(chosen).name)
        self.changed.emit()

    def _explain(self) -> None:
        start = self.draft.start()
        if self.base.currentData() != "auto":
            start = next(one.sentence for one in BASES if one.key == self.base.currentData())
        device = next(one for one in DEVICES if one.key == self.device.currentData())
        self.explanation.setText(f"{start} {device.sentence}".strip())

    def _connect(self) -> None:
        self.recipe.activated.connect(lambda _: self._on_recipe())
        self.open.clicked.connect(self.open_file)
        self.base.activated.connect(lambda _: self._on_base())
        self.base.currentIndexChanged.connect(lambda _: self._explain())
        self.device.currentIndexChanged.connect(lambda _: self._explain())
        self.device.activated.connect(lambda _: self.changed.emit())
        self.reset.clicked.connect(self.reset_all)
        self.form.changed.connect(self._on_form)
        self.form.refused.connect(self.changed)

    def _lay_out(self) -> None:
        self.body.addLayout(row(self.recipe, self.open, 1))
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.summary)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for column, (name, chooser) in enumerate(
            (("Start from", self.base), ("Device", self.device))
        ):
            label = Secondary(name)
            label.setBuddy(chooser)
            grid.addWidget(label, 0, column)
            grid.addWidget(chooser, 1, column)
        grid.setColumnStretch(2, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.explanation)
        self.body.addWidget(self.found)
        self.body.addSpacing(8)
        line = row(self.reset)
        line.insertWidget(0, self.changes_line, 1)
        self.body.addLayout(line)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
