"""What a recipe starts from: a base with the preprocessing that the recipe asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from training.config import BaseWeights
from training.learning.full import wanted_architecture
from training.learning.pixels import pixel_base
from training.learning.recipe_preprocessing import recipe_preprocessing
from training.learning.stack_base import member_recipes, stack_base
from training.models.base_weights import Base, load_base
from training.models.model_folder import read_card
from training.recipe import FullRecipe, PixelRecipe, QuickRecipe, Recipe, StackRecipe


def starting_base(recipe: Recipe, wanted: BaseWeights, active_model: Path | None) -> Base:
    """The base of a run. UserError where there is none.

    A model of this project keeps the preprocessing that its weights have learnt with; other
    weights keep their size and normalisation, and the recipe says the rest.
    """
    if isinstance(recipe, PixelRecipe):
        return pixel_base(recipe)
    if isinstance(recipe, StackRecipe):
        # The active model may have learnt from any patch, so that no member starts from it.
        members = member_recipes(recipe)
        return stack_base(recipe, [starting_base(member, wanted, None) for member in members])
    architecture = wanted_architecture(recipe) if isinstance(recipe, FullRecipe) else None
    base = load_base(_wished(recipe, wanted), active_model=active_model, architecture=architecture)
    if base.head_trained:
        return base
    return replace(base, preprocessing=recipe_preprocessing(recipe, base.preprocessing))


def _wished(recipe: Recipe, wanted: BaseWeights) -> BaseWeights:
    """The job's base; where it leaves that open, the recipe's."""
    if wanted.kind == "auto" and isinstance(recipe, QuickRecipe | FullRecipe):
        return BaseWeights(recipe.base)
    return wanted


def backbone_trained(base: Base, wanted: BaseWeights, active_model: Path | None) -> bool:
    """True unless the base is known to have learnt nothing from labelled patches but a head."""
    if not base.head_trained:
        return False
    named = Path(wanted.path) if wanted.path else None
    folder = active_model if wanted.kind in ("active", "auto") else named
    found = read_card(folder).recipe.get("found") if folder else None
    return not isinstance(found, dict) or bool(found.get("backbone_trained", True))
