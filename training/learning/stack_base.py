"""What a stack starts from: its members' recipes and starting weights behind one square."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, cast

from torch import nn

from training.config import Architecture, Calibration, Preprocessing, UserError
from training.models.base_weights import Base
from training.models.model import build_model
from training.models.own_architectures import STACK
from training.recipe import Recipe, StackRecipe
from training.recipe_files import load_recipe

# Fields that a stack, where it changes them, sets in all of its members.
_SHARED = ("size", "fit", "padding", "enhancement", "saturation", "hue")
# What has to be the same for all members: they are shown one square, which each of them resizes,
# enhances and normalises for itself.
_SQUARE = {"fit": "fit", "pad_mode": "padding", "pad_colour": "padding"}


def member_recipes(recipe: StackRecipe) -> list[Recipe]:
    """The recipes that are stacked. UserError where one is itself a stack."""
    defaults = {item.name: item.default for item in fields(StackRecipe)}
    changes = {
        name: getattr(recipe, name) for name in _SHARED if getattr(recipe, name) != defaults[name]
    }
    members = [load_recipe({"name": name, **changes}) for name in recipe.members]
    for member in members:
        if isinstance(member, StackRecipe):
            raise UserError(
                f"recipe {recipe.name}: {member.name} is a stack, and a stack can't be a member."
            )
    return members


def stack_base(recipe: StackRecipe, bases: Sequence[Base]) -> Base:
    """The members' starting weights as one module. UserError where they can't share a square,
    or where one has learnt from labelled patches, which out-of-fold predictions must not have.
    """
    for name, base in zip(recipe.members, bases, strict=True):
        if base.head_trained or not base.seen_known:
            raise UserError(
                f"recipe {recipe.name}: {name} would start from {base.source}, which has learnt "
                "from patches: predictions of those would be no out-of-fold ones, so start from "
                "base weights."
            )
    _check_square(recipe, bases)
    largest = max(bases, key=lambda base: base.preprocessing.size).preprocessing
    square = replace(
        largest,
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
        enhancement="none",
        saturation=1.0,
        hue=0.0,
    )
    members = [Member(base.architecture, base.preprocessing, base.module) for base in bases]
    architecture = stack_architecture(members)
    module = build_model(architecture)
    put_members(module, [member.module for member in members])
    return Base(
        module=module,
        architecture=architecture,
        preprocessing=square,
        source=" with ".join(base.source for base in bases),
        seen=frozenset().union(*(base.seen for base in bases)),
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A classifier with what it is shown, and how its answers are calibrated."""

    architecture: Architecture
    preprocessing: Preprocessing
    module: nn.Module
    calibration: Calibration = field(default_factory=Calibration)


def stack_architecture(members: Sequence[Member]) -> Architecture:
    """One logit on the log-odds of the members."""
    described = [
        {
            "name": member.architecture.name,
            "kwargs": member.architecture.kwargs,
            "head": member.architecture.head,
            "preprocessing": member.preprocessing.to_json(),
            "calibration": member.calibration.to_json(),
        }
        for member in members
    ]
    return Architecture(STACK, {"members": described}, "logit")


def put_members(stack: nn.Module, modules: Sequence[nn.Module]) -> None:
    """Copy weights of the same architectures into the stack's members."""
    for place, module in zip(_modules(stack), modules, strict=True):
        place.load_state_dict(module.state_dict())


def member_bases(base: Base) -> list[Base]:
    """What each member of a stack's base starts from."""
    return [
        replace(
            base,
            module=module,
            architecture=Architecture(told["name"], dict(told["kwargs"]), told["head"]),
            preprocessing=Preprocessing.from_json(told["preprocessing"]),
        )
        for module, told in zip(
            _modules(base.module), base.architecture.kwargs["members"], strict=True
        )
    ]


def _modules(stack: nn.Module) -> list[nn.Module]:
    return [member.module for member in cast("Any", stack).members]


def _check_square(recipe: StackRecipe, bases: Sequence[Base]) -> None:
    first = bases[0].preprocessing
    for name, base in zip(recipe.members, bases, strict=True):
        for name_of, word in _SQUARE.items():
            if getattr(base.preprocessing, name_of) != getattr(first, name_of):
                raise UserError(
                    f"recipe {recipe.name}: {name} and {recipe.members[0]} differ in {word}, and "
                    "a stack shows all of its members the same square: give the stack a "
                    f"{word}, which then counts for all of them, or choose other members."
                )
