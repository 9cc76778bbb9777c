"""Recipes: how a candidate is trained, as data. Standard library only: the window reads it too.

The files are recipes/*.toml (see recipe_files.py); what may stand in them is declared here, each
field once, and serves the checks, `python -m training recipes NAME` and the window's form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from training import json_fields
from training.config import UserError
from training.full_recipe import LEAKING_ORDER, FullRecipe
from training.recipe_common import (
    BASE,
    PATCHES,
    RECIPE_FORMAT,
    SHOWING,
    BaseWish,
    CommonFields,
    check_strengths,
    class_weight_field,
    folds_field,
    strengths_field,
)
from training.recipe_fields import FieldSpec, described, specs_of

__all__ = [
    "LEAKING_ORDER",
    "METHODS",
    "RECIPE_FORMAT",
    "BaseWish",
    "FullRecipe",
    "PixelRecipe",
    "QuickRecipe",
    "Recipe",
    "StackRecipe",
    "recipe_fields",
    "recipe_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickRecipe(CommonFields):
    """A new linear head on the features of a frozen backbone."""

    method: Literal["frozen"] = "frozen"
    base: BaseWish = described(
        "auto",
        "Whose backbone: auto takes the active model where it fits, else EfficientNet-Lite0.",
        section=BASE,
    )
    symmetries: Literal[1, 2, 4, 8] = described(
        1,
        "Of how many flips and quarter turns of each training patch features are taken; eight "
        "take eight times as long the first time.",
        section=SHOWING,
    )
    views: Literal[1, 8] = described(
        1,
        "Symmetries whose logits are averaged at prediction; with 8, and symmetries 1, the head "
        "is fitted on the mean features of all eight.",
        section=SHOWING,
    )
    strengths: list[float] = strengths_field(
        [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
    )
    folds: int = folds_field()
    class_weight: Literal["balanced", "none"] = class_weight_field()

    def __post_init__(self) -> None:
        # super() needs the class that slots=True has replaced.
        CommonFields.__post_init__(self)
        check_strengths(self.name, self.strengths)


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelRecipe(CommonFields):
    """Logistic regression on pixels: system C's one neuron with a sigmoid."""

    method: Literal["pixels"] = "pixels"
    side: int = described(
        32,
        "Blocks along the square's side whose mean colours are the features.",
        section=PATCHES,
        low=2,
        high=256,
    )
    strengths: list[float] = strengths_field([1e-6, 1e-5, 1e-4, 1e-3, 1e-2])
    folds: int = folds_field()
    class_weight: Literal["balanced", "none"] = class_weight_field()

    def __post_init__(self) -> None:
        CommonFields.__post_init__(self)
        check_strengths(self.name, self.strengths)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRecipe(CommonFields):
    """Out-of-fold predictions of other recipes under a logistic meta learner."""

    method: Literal["stack"] = "stack"
    members: list[str] = described(
        ["logistic", "quick"], "The recipes that are stacked, by name.", section=BASE
    )
    strengths: list[float] = strengths_field(
        [0.01, 0.1, 1.0, 10.0], "the meta learner's L2 penalty"
    )
    folds: int = folds_field()

    def __post_init__(self) -> None:
        CommonFields.__post_init__(self)
        check_strengths(self.name, self.strengths)
        if len(self.members) < 2 or len(set(self.members)) < len(self.members):
            raise UserError(f"recipe {self.name}: members should name two or more recipes, once.")


Recipe: TypeAlias = QuickRecipe | PixelRecipe | StackRecipe | FullRecipe
METHODS: dict[str, type[QuickRecipe | PixelRecipe | StackRecipe | FullRecipe]] = {
    "frozen": QuickRecipe,
    "full": FullRecipe,
    "pixels": PixelRecipe,
    "stack": StackRecipe,
}


def recipe_fields(method: str) -> list[FieldSpec]:
    """The fields of a method's recipes, in the order in which a form shows them."""
    return specs_of(METHODS[method])


def recipe_of(values: dict[str, Any], where: str) -> Recipe:
    """A checked recipe from its name, method and fields."""
    method = values.get("method")
    if method not in METHODS:
        raise UserError(f"{where}: method is {method!r}; it should be one of {', '.join(METHODS)}.")
    return json_fields.from_fields(METHODS[method], values, where)
