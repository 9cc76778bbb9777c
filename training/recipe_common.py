"""What all recipes share: the sections of the form, and the fields that every one has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from training import json_fields
from training.config import Padding, UserError
from training.recipe_fields import check_needs, check_ranges, described
from training.threshold_rule import DEFAULT_RULE, Rule

RECIPE_FORMAT = 1
BaseWish: TypeAlias = Literal["auto", "random", "efficientnet-lite0"]
Fit: TypeAlias = Literal["pad", "stretch"]
Enhancement: TypeAlias = Literal["none", "colour", "edges"]

BASE = "Starting point"
PATCHES = "Patches"
BALANCE = "Balance of the classes"
SHOWING = "Augmentation"
LEARNING = "Learning"
REGULAR = "Regularisation"
STOPPING = "Stopping"
TUNING = "Threshold and validation"
HARDWARE = "Hardware"


def strengths_field(default: list[float], penalty: str = "the L2 penalty") -> Any:
    return described(
        default,
        f"Inverse strengths of {penalty} to choose from, by log loss in folds of whole groups.",
        section=REGULAR,
        low=1e-12,
        high=1e12,
    )


def folds_field() -> Any:
    return described(
        5,
        "Folds for that choice, and for the out-of-fold predictions that calibration and "
        "threshold rest on: a few validation patches can't place a threshold.",
        section=TUNING,
        low=2,
        high=20,
    )


def class_weight_field() -> Any:
    return described(
        "balanced", "balanced weighs both classes alike; none keeps prevalence.", section=BALANCE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonFields:
    """What every recipe has."""

    name: str
    summary: str = ""
    format: int = RECIPE_FORMAT
    size: int = described(
        0,
        "Side of the square that a patch becomes; 0 takes what the weights were trained on.",
        section=PATCHES,
        low=0,
        high=4096,
        unit="px",
    )
    fit: Fit = described(
        "pad",
        "pad keeps the patch's aspect and centres it on a square; stretch does not.",
        section=PATCHES,
    )
    padding: Padding = described(
        "white", "What the square is filled with beside the patch.", section=PATCHES
    )
    enhancement: Enhancement = described(
        "none",
        "colour equalises luma and changes saturation and hue as system D did; edges replaces "
        "the colours by luma, edges and local structure.",
        section=PATCHES,
    )
    saturation: float = described(
        1.5,
        "What saturation is multiplied by.",
        section=PATCHES,
        low=0,
        high=5,
        needs=("enhancement", "colour"),
    )
    hue: float = described(
        0.0,
        "How far hues are turned, in shares of the whole circle.",
        section=PATCHES,
        low=-0.5,
        high=0.5,
        needs=("enhancement", "colour"),
    )
    threshold_rule: str = described(
        DEFAULT_RULE,
        "best-f1, cost:K, recall:R or precision:P; see python -m training thresholds --help.",
        section=TUNING,
    )
    validation_share: float = described(
        0.15,
        "Share of the training groups that validates where the data name no validation.",
        section=TUNING,
        low=0.02,
        high=0.5,
    )

    def __post_init__(self) -> None:
        if self.format > RECIPE_FORMAT:
            raise UserError(
                f"recipe {self.name} is of format {self.format}, and this program reads up to "
                f"{RECIPE_FORMAT}: update the program to use it."
            )
        if 0 < self.size < 8:
            raise UserError(f"recipe {self.name}: size is {self.size}; it should be 8 to 4096 px.")
        Rule.parse(self.threshold_rule)
        check_ranges(self)
        check_needs(self)

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)


def check_strengths(name: str, strengths: list[float]) -> None:
    if not strengths:
        raise UserError(f"recipe {name}: strengths should hold numbers above 0.")
