"""Where recipes are found: the built-in files with their variants, or a file of one's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

from training.config import UserError
from training.recipe import METHODS, RECIPE_FORMAT, Recipe, recipe_of

# Names that models of earlier versions recorded.
ALIASES = {"system_a": "swin-seed", "swin_small": "swin-small"}
_TABLES = ("tiny", "variants")


def recipe_names() -> list[str]:
    """The built-in recipes and their variants, in alphabetical order."""
    names = []
    for name in _file_names():
        variants = _parsed(recipe_text(name), f"recipe {name}").get("variants", {})
        names += [name, *(f"{name}-{variant}" for variant in variants)]
    return sorted(names)


def load_recipe(wanted: Mapping[str, Any], *, tiny: bool = False) -> Recipe:
    """The recipe `wanted["name"]` with the other fields of `wanted` in place of its own.

    `tiny` shrinks it for tests. What names no built-in recipe but gives its own method is taken
    as it stands: a file of one's own, or what a run recorded. UserError where there is no such
    recipe, a field is unknown or its value is out of range or without meaning.
    """
    name = str(wanted.get("name"))
    name = ALIASES.get(name, name)
    found = _built_in(name)
    if found is None:
        if "method" not in wanted:
            raise UserError(f"There is no recipe {name!r}; there are {', '.join(recipe_names())}.")
        return recipe_of({**_shrunk(wanted, tiny=tiny), "name": name}, f"recipe {name}")
    # These follow the name, also where a job repeats what an earlier run recorded.
    changes = {
        key: value
        for key, value in wanted.items()
        if key not in ("name", "method", "summary", *_TABLES)
    }
    shrunk = _shrunk(found, tiny=tiny)
    return recipe_of({"name": name, **shrunk, **changes}, f"recipe {name}")


def read_recipe_file(path: Path) -> dict[str, Any]:
    """A recipe of one's own as a job holds it: all that the file says, and its name."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} could not be read as a recipe ({error}).") from error
    values = _parsed(text, str(path))
    if path.stem in recipe_names():
        raise UserError(f"{path}: there is a built-in recipe of that name; rename the file.")
    if not isinstance(values.get("method"), str):
        raise UserError(f"{path} should name its method, one of {', '.join(METHODS)}.")
    if "variants" in values:
        raise UserError(f"{path}: variants are for built-in recipes; write a file for each.")
    wanted = {**values, "name": path.stem}
    load_recipe(wanted)
    return wanted


def recipe_text(name: str) -> str:
    """The file of a built-in recipe as it stands."""
    return resources.files("training").joinpath("recipes", f"{name}.toml").read_text("utf-8")


def _file_names() -> list[str]:
    files = resources.files("training").joinpath("recipes").iterdir()
    return sorted(file.name[:-5] for file in files if file.name.endswith(".toml"))


def _built_in(name: str) -> dict[str, Any] | None:
    """The file's values with its variant's on top; None where there is no such recipe."""
    for file in _file_names():
        if name == file or name.startswith(f"{file}-"):
            values = _parsed(recipe_text(file), f"recipe {file}")
            variants = values.pop("variants", {})
            if name == file:
                return values
            variant = variants.get(name[len(file) + 1 :])
            if variant is not None:
                return {**values, **variant}
    return None


def _shrunk(values: Mapping[str, Any], *, tiny: bool) -> dict[str, Any]:
    """Without the table `tiny`, or with what it says in place of the rest."""
    kept = {key: value for key, value in values.items() if key not in _TABLES}
    if not tiny:
        return kept
    known = {item.name for item in fields(METHODS[str(values.get("method"))])}
    changes = values.get("tiny", {})
    return {**kept, **{key: value for key, value in changes.items() if key in known}}


def _parsed(text: str, where: str) -> dict[str, Any]:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{where} is no TOML: {error}.") from error
    newest = values.get("format", RECIPE_FORMAT)
    if isinstance(newest, int) and newest > RECIPE_FORMAT:
        raise UserError(
            f"{where} is of format {newest}, and this program reads up to {RECIPE_FORMAT}: "
            "update the program to use it."
        )
    return values
