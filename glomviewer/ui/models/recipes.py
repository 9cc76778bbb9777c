"""What a retraining may start from and on what, as the card offers it. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from training.config import BaseKind


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a chooser: what the training side calls it, and what a reader does."""

    key: str
    text: str
    sentence: str


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for by pressing Retrain."""

    recipe: str
    base: BaseKind
    base_path: str
    device: str
