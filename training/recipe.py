"""Recipes: how a candidate is trained, as data in recipes/*.toml with a job's changes on top."""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Literal

from training import json_fields
from training.config import Head, UserError
from training.threshold_search import DEFAULT_RULE, Rule


@dataclass(frozen=True, slots=True)
class QuickRecipe:
    """A new linear head on frozen features; what each field means is told in quick.toml."""

    name: str
    method: Literal["frozen"] = "frozen"
    summary: str = ""
    symmetries: Literal[1, 2, 4, 8] = 1
    strengths: list[float] = field(default_factory=lambda: [0.001, 0.01, 0.1])
    folds: int = 5
    class_weight: Literal["balanced", "none"] = "balanced"
    threshold_rule: str = DEFAULT_RULE
    validation_share: float = 0.15

    def __post_init__(self) -> None:
        _in_range(self, "folds", self.folds, 2, 20)
        if not self.strengths or min(self.strengths) <= 0:
            raise UserError(f"recipe {self.name}: strengths should hold numbers above 0.")
        _check_common(self.name, self.threshold_rule, self.validation_share)

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)


@dataclass(frozen=True, slots=True)
class FullRecipe:
    """Every weight is trained; what each field means is told in swin.toml."""

    name: str
    method: Literal["full"] = "full"
    summary: str = ""
    architecture: str = "swin_base_patch4_window7_224"
    architecture_kwargs: dict[str, Any] = field(default_factory=dict)
    size: int = 224
    head: Head = "softmax"
    normalise: bool = True
    epochs: int = 60
    head_epochs: int = 1
    batch: int = 32
    optimizer: Literal["adamw", "adam", "sgd"] = "adamw"
    learning_rate: float = 1e-4
    layer_decay: float = 0.7
    weight_decay: float = 0.05
    drop_path: float = 0.1
    clip_norm: float = 1.0
    warmup_share: float = 0.07
    cosine: bool = True
    label_smoothing: float = 0.0
    ema_decay: float = 0.998
    balance: Literal["sampler", "weights", "copies", "none"] = "sampler"
    class_weight: float = 0.0
    symmetries: Literal["eight", "none"] = "eight"
    colour_jitter: float = 0.15
    patience: int = 15
    min_change: float = 0.001
    threshold_rule: str = DEFAULT_RULE
    validation_share: float = 0.15

    def __post_init__(self) -> None:
        _in_range(self, "epochs", self.epochs, 1, 10_000)
        _in_range(self, "head_epochs", self.head_epochs, 0, self.epochs)
        _in_range(self, "batch", self.batch, 1, 4096)
        _in_range(self, "patience", self.patience, 1, 10_000)
        _in_range(self, "learning_rate", self.learning_rate, 1e-9, 10)
        _in_range(self, "layer_decay", self.layer_decay, 0.01, 1)
        for name in ("weight_decay", "clip_norm", "class_weight", "min_change"):
            _in_range(self, name, getattr(self, name), 0, 1e6)
        for name in ("drop_path", "warmup_share", "label_smoothing", "ema_decay", "colour_jitter"):
            _in_range(self, name, getattr(self, name), 0, 0.99999)
        _check_common(self.name, self.threshold_rule, self.validation_share)

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)


Recipe = QuickRecipe | FullRecipe
_METHODS: dict[str, type[QuickRecipe] | type[FullRecipe]] = {
    "frozen": QuickRecipe,
    "full": FullRecipe,
}


def recipe_names() -> list[str]:
    """The recipes that are there, in alphabetical order."""
    files = resources.files("training").joinpath("recipes").iterdir()
    return sorted(file.name[:-5] for file in files if file.name.endswith(".toml"))


def load_recipe(wanted: Mapping[str, Any]) -> Recipe:
    """The recipe `wanted["name"]` with the other fields of `wanted` in place of its own.

    UserError where there is no such recipe, a field is unknown or its value is out of range.
    """
    name = str(wanted.get("name"))
    names = recipe_names()
    if name not in names:
        raise UserError(f"There is no recipe {name!r}; there are {', '.join(names)}.")
    values = {"name": name, **tomllib.loads(_recipe_text(name))}
    # These two follow the name, also where a job repeats what an earlier run recorded.
    changes = {key: value for key, value in wanted.items() if key not in ("method", "summary")}
    return json_fields.from_fields(
        _METHODS[values["method"]], {**values, **changes}, f"recipe {name}"
    )


def add_recipe_arguments(parser: argparse._ActionsContainer, default: str) -> None:
    parser.add_argument(
        "--recipe", default=default, help=f"{', '.join(recipe_names())} (default {default})"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a field of the recipe, such as --set epochs=5; may be repeated",
    )


def recipe_from_arguments(arguments: argparse.Namespace) -> dict[str, Any]:
    """A job's `recipe` object from --recipe and --set, already checked."""
    wanted: dict[str, Any] = {"name": arguments.recipe}
    for change in arguments.set:
        key, equals, text = change.partition("=")
        if not equals:
            raise UserError(f"--set {change}: it should be FIELD=VALUE.")
        try:
            wanted[key] = json.loads(text)
        except ValueError:
            wanted[key] = text
    load_recipe(wanted)
    return wanted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="print this one, with what its fields mean")


def run(arguments: argparse.Namespace) -> int:
    """The verb `recipe`."""
    if arguments.name is None:
        for name in recipe_names():
            print(f"{name:<12} {load_recipe({'name': name}).summary}")
        return 0
    load_recipe({"name": arguments.name})
    print(_recipe_text(arguments.name), end="")
    return 0


def _recipe_text(name: str) -> str:
    return resources.files("training").joinpath("recipes", f"{name}.toml").read_text("utf-8")


def _in_range(recipe: Recipe, name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise UserError(
            f"recipe {recipe.name}: {name} is {value:g}; it should be {low:g} to {high:g}."
        )


def _check_common(name: str, rule: str, share: float) -> None:
    Rule.parse(rule)
    if not 0.02 <= share <= 0.5:
        raise UserError(f"recipe {name}: validation_share is {share:g}; it should be 0.02 to 0.5.")
