"""The recipes of the one-click card, and what a reader asks of it."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.ui.widgets.training_choices import Choice
from training.config import BaseKind

RECIPES = (
    Choice(
        "quick",
        "quick",
        "A new head on frozen features, with calibration and threshold: seconds to minutes on "
        "any machine.",
    ),
    Choice(
        "swin",
        "swin",
        "All weights of a Swin are fine-tuned: minutes on a GPU, hours without one.",
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for by pressing Retrain."""

    recipe: str
    base: BaseKind
    base_path: str
    device: str
