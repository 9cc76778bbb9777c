"""The preprocessing that a recipe asks for, on top of what its weights expect."""

from __future__ import annotations

from dataclasses import replace

from training.config import Padding, PadMode, Preprocessing
from training.recipe import FullRecipe, Recipe

_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_MODES: dict[Padding, PadMode] = {
    "white": "colour",
    "zero": "colour",
    "edge": "edge",
    "reflect": "reflect",
}


def recipe_preprocessing(recipe: Recipe, expected: Preprocessing) -> Preprocessing:
    """`expected` are size and normalisation of the weights; the recipe says the rest.

    With `normalise` false values stay in 0..1, as in system A.
    """
    colour = recipe.enhancement == "colour"
    wanted = replace(
        expected,
        size=recipe.size or expected.size,
        fit=recipe.fit,
        pad_colour=_BLACK if recipe.padding == "zero" else _WHITE,
        pad_mode=_MODES[recipe.padding],
        enhancement=recipe.enhancement,
        saturation=recipe.saturation if colour else 1.0,
        hue=recipe.hue if colour else 0.0,
    )
    if isinstance(recipe, FullRecipe) and not recipe.normalise:
        return replace(wanted, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    return wanted
