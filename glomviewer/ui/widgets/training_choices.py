"""What a training may start from and on what, as pages offer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt

from glomviewer.ui.widgets.chooser import Chooser


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a chooser: what the training side calls it, and what a reader does."""

    key: str
    text: str
    sentence: str


BASES = (
    Choice(
        "auto", "what suits the recipe", "The active model where it fits, else EfficientNet-Lite0."
    ),
    Choice("active", "the active model", "Goes on from the weights of the active model."),
    Choice("file", "a file of weights…", "A model folder or a checkpoint from this computer."),
    Choice(
        "efficientnet-lite0",
        "EfficientNet-Lite0",
        "ImageNet weights from the package of the extra offline-weights.",
    ),
    Choice("random", "random weights", "From nothing. Only for experiments."),
)

DEVICES = (
    Choice("auto", "chosen for you", "The GPU where there is one, else the processor."),
    Choice("cuda", "NVIDIA GPU", "CUDA with bfloat16."),
    Choice("mps", "Apple GPU", "Metal."),
    Choice("cpu", "processor", "Slow for swin, fine for quick."),
)


def choices(name: str, offered: Sequence[Choice]) -> Chooser:
    """A box with these entries, each with its sentence under the mouse."""
    chooser = Chooser(name)
    for choice in offered:
        chooser.addItem(choice.text, choice.key)
        chooser.setItemData(chooser.count() - 1, choice.sentence, Qt.ItemDataRole.ToolTipRole)
    return chooser
