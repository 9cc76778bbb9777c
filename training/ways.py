"""The ways of training, by a recipe's method."""

from __future__ import annotations

from training.config import UserError
from training.fitting import Fitted, Material
from training.full import fit_full
from training.quick import fit_quick
from training.recipe import FullRecipe, QuickRecipe, Recipe


def fit_recipe(recipe: Recipe, material: Material) -> Fitted:
    """Train as the recipe says. Raises Cancelled and UserError."""
    if isinstance(recipe, QuickRecipe):
        return fit_quick(recipe, material)
    if isinstance(recipe, FullRecipe):
        return fit_full(recipe, material)
    raise UserError(f"The method {recipe.method} can't be trained yet.")
