"""The recipes that a cross-validation compares, from --recipe, --set, --base and --tiny."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from training.config import BaseWeights, UserError
from training.data_run import base_from
from training.recipe import Recipe
from training.recipe_files import load_recipe
from training.recipe_options import wanted_recipe

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Contestant:
    """A recipe under the name that it has in the report, and what it is to start from."""

    name: str
    recipe: Recipe
    base: BaseWeights


def contestants_of(
    recipes: Sequence[str],
    changes: Sequence[str] = (),
    bases: Sequence[str] = (),
    *,
    tiny: bool = False,
) -> list[Contestant]:
    """`recipes` are NAME, FILE.toml or ALIAS=NAME, so that one recipe can stand there twice;
    `changes` [RECIPE.]FIELD=VALUE and `bases` [RECIPE=]BASE, without a recipe for all of them.
    """
    named = [_named(text) for text in recipes]
    names = [name for name, _ in named]
    for name in names:
        if names.count(name) > 1:
            raise UserError(
                f"--recipe {name} is there twice: give one another name, as in "
                f"--recipe other={name}."
            )
    by_recipe = _changes_by_recipe(changes, names)
    base_by_recipe = _bases_by_recipe(bases, names)
    found = []
    for name, text in named:
        general = _fitting(by_recipe[""], text, tiny=tiny)
        wanted: dict[str, Any] = wanted_recipe(text, [*general, *by_recipe[name]], tiny=tiny)
        base = base_by_recipe.get(name, base_by_recipe.get("", "auto"))
        found.append(Contestant(name, load_recipe(wanted), base_from(base)))
    _check_general(by_recipe[""], [one.recipe for one in found])
    return found


def _named(text: str) -> tuple[str, str]:
    alias, equals, source = text.partition("=")
    if equals and _NAME.fullmatch(alias):
        return alias, source
    name = re.split(r"[/\\]", text)[-1].removesuffix(".toml")
    if not _NAME.fullmatch(name):
        raise UserError(f"--recipe {text}: it should be NAME, FILE.toml or ALIAS=NAME.")
    return name, text


def _changes_by_recipe(changes: Sequence[str], names: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in ("", *names)}
    for change in changes:
        key, equals, value = change.partition("=")
        recipe, _, field = key.rpartition(".")
        if not equals or not field:
            raise UserError(f"--set {change}: it should be RECIPE.FIELD=VALUE.")
        if recipe not in found:
            raise UserError(f"--set {change}: {recipe} is none of {', '.join(names)}.")
        found[recipe].append(f"{field}={value}")
    return found


def _bases_by_recipe(bases: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in bases:
        recipe, equals, base = text.partition("=")
        if equals and recipe in names:
            found[recipe] = base
        else:
            found[""] = text
    return found


def _fitting(changes: Sequence[str], text: str, *, tiny: bool) -> list[str]:
    """Of changes meant for all recipes those whose field this one has."""
    known = {item.name for item in fields(load_recipe(wanted_recipe(text, tiny=tiny)))}
    return [change for change in changes if change.partition("=")[0] in known]


def _check_general(changes: Sequence[str], recipes: Sequence[Recipe]) -> None:
    known = {item.name for recipe in recipes for item in fields(recipe)}
    for change in changes:
        field = change.partition("=")[0]
        if field not in known:
            raise UserError(f"--set {change}: none of these recipes has a field {field!r}.")
