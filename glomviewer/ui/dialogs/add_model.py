"""Adds a model: a folder of this program, or a bare checkpoint with what it does not say."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog, QPushButton, QWidget

from glomviewer.ui.dialogs.fields import Fields, line
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.texts import Secondary
from training.config import PRESET_THRESHOLDS, PRESETS

PRESET_TEXTS = {
    "pad-white": "padded to a square with white",
    "pad-black": "padded to a square with black",
    "stretch": "stretched to a square",
}
CARD = "model.json"
ADVICE = (
    "A bare checkpoint does not say how its patches were prepared, nor its threshold. With the "
    "wrong ones its calls are worse than the model is. It was never told what it was trained on, "
    "so its figures on patches that it may have seen stay unknown."
)


class AddModelDialog(FormDialog):
    """`source` is a folder or file after accept; for a file the presets count too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            title="Add a model",
            sentence="A model folder (weights and model.json), or a .pth checkpoint such as the "
            "old Swin. A checkpoint is converted in a process of its own; no code in it is run.",
            verb="Add",
            width=600,
            parent=parent,
        )
        self.path = line("Folder or file")
        self.path.setAccessibleName("Model folder or checkpoint")
        self.folder_button, self.file_button = QPushButton("Folder…"), QPushButton("File…")
        for button in (self.folder_button, self.file_button):
            button.setAutoDefault(False)
        self.name = line("named after its architecture")
        self.preset_chooser = Chooser("Patches were")
        for key in PRESETS:
            self.preset_chooser.addItem(PRESET_TEXTS.get(key, key), key)
        self.threshold_box = QDoubleSpinBox()
        self.threshold_box.setFixedSize(104, 30)
        self.threshold_box.setDecimals(4)
        self.threshold_box.setRange(0.0001, 0.9999)
        self.threshold_box.setSingleStep(0.01)
        self.threshold_box.setValue(PRESET_THRESHOLDS[0])
        self.threshold_preset = Chooser("Threshold presets")
        for value in PRESET_THRESHOLDS:
            self.threshold_preset.addItem(f"{value:g}", value)
        self._lay_out()
        self.path.textChanged.connect(self._look)
        self.folder_button.clicked.connect(self._choose_folder)
        self.file_button.clicked.connect(self._choose_file)
        self.threshold_preset.activated.connect(
            lambda: self.threshold_box.setValue(self.threshold_preset.currentData())
        )
        self._look()

    @property
    def source(self) -> Path | None:
        text = self.path.text().strip()
        return Path(text) if text else None

    @property
    def is_folder(self) -> bool:
        return self.source is not None and self.source.is_dir()

    @property
    def preset(self) -> str:
        return str(self.preset_chooser.currentData())

    @property
    def threshold(self) -> float:
        """A probability."""
        return self.threshold_box.value()

    @property
    def model_name(self) -> str:
        return self.name.text().strip()

    def _look(self) -> None:
        source = self.source
        problem = ""
        if source is not None and not source.exists():
            problem = f"There is nothing at {source}."
        elif self.is_folder and source is not None and not (source / CARD).is_file():
            problem = f"This folder holds no {CARD}, so it is no model."
        self.trouble.say(problem)
        self._details.setVisible(source is not None and source.is_file())
        self.verb.setEnabled(source is not None and not problem)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "A model folder")
        if chosen:
            self.path.setText(chosen)

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "A checkpoint", "", "Checkpoints (*.pth *.pt *.safetensors);;All files (*)"
        )
        if chosen:
            self.path.setText(chosen)

    def _lay_out(self) -> None:
        where = row(self.folder_button, self.file_button)
        where.insertWidget(0, self.path, 1)
        self.add(where)
        self._details = QWidget()
        fields = Fields()
        fields.setContentsMargins(0, 0, 0, 0)
        fields.add("Name", self.name, stretch=True)
        fields.add("Patches were", self.preset_chooser)
        threshold = QWidget()
        threshold.setLayout(row(self.threshold_box, Secondary("or"), self.threshold_preset, 1))
        fields.add("Threshold", threshold)
        self.threshold_box.setAccessibleName("Threshold, a probability")
        fields.add_line(Secondary(ADVICE))
        self._details.setLayout(fields)
        self.add(self._details)
