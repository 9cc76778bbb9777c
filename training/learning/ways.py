"""The ways of training, by a recipe's method."""

from __future__ import annotations

from training.learning.fitting import Fitted, Material
from training.learning.full import fit_full
from training.learning.inner_folds import fit_with_inner_folds
from training.learning.pixels import fit_pixels
from training.learning.quick import fit_quick
from training.learning.stack import fit_stack
from training.recipe import FullRecipe, PixelRecipe, QuickRecipe, Recipe


def fit_recipe(recipe: Recipe, material: Material) -> Fitted:
    """Train as the recipe says. Raises Cancelled and UserError."""
    if isinstance(recipe, QuickRecipe):
        return fit_quick(recipe, material)
    if isinstance(recipe, FullRecipe):
        return _fit_deep(recipe, material)
    if isinstance(recipe, PixelRecipe):
        return fit_pixels(recipe, material)
    return fit_stack(recipe, material, fit_recipe)


def _fit_deep(recipe: FullRecipe, material: Material) -> Fitted:
    if not recipe.inner_folds:
        return fit_full(recipe, material)

    def fit(_: Recipe, inner: Material) -> Fitted:
        return fit_full(recipe, inner)

    return fit_with_inner_folds(fit, recipe, material, folds=recipe.inner_folds)
