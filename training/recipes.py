"""The verb `recipes`: what there is, and one of them with what its fields mean."""

from __future__ import annotations

import argparse
import json
import textwrap
from dataclasses import asdict
from typing import Any

from training.recipe import METHODS, Recipe, recipe_fields
from training.recipe_fields import FieldSpec
from training.recipe_files import load_recipe, recipe_names
from training.recipe_options import wanted_recipe


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="show this one, or a file MINE.toml, in full")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    parser.add_argument("--tiny", action="store_true", help="as --tiny shrinks it")
    parser.add_argument("--json", action="store_true", help="fields and values as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    if arguments.name is None:
        return _list(as_json=arguments.json)
    recipe = load_recipe(wanted_recipe(arguments.name, arguments.set, tiny=arguments.tiny))
    specs = recipe_fields(recipe.method)
    if arguments.json:
        fields = [asdict(spec) for spec in specs]
        print(json.dumps({"recipe": recipe.to_json(), "fields": fields}))
    else:
        print(as_text(recipe, specs))
    return 0


def _list(*, as_json: bool) -> int:
    recipes = [load_recipe({"name": name}) for name in recipe_names()]
    if as_json:
        print(json.dumps([recipe.to_json() for recipe in recipes]))
        return 0
    width = max(len(recipe.name) for recipe in recipes)
    for recipe in recipes:
        print(f"{recipe.name:<{width}}  {recipe.summary}")
    print("\nrecipes NAME tells its fields; a file MINE.toml of the same fields works like these.")
    return 0


def as_text(recipe: Recipe, specs: list[FieldSpec]) -> str:
    """A recipe with all its fields by section, as TOML that could be a file of one's own."""
    what = (METHODS[recipe.method].__doc__ or "").strip()
    lines = [f"# {recipe.name}: {what}", f'method = "{recipe.method}"']
    lines.append(f"summary = {_toml(recipe.summary)}")
    for section in dict.fromkeys(spec.section for spec in specs):
        lines += ["", f"# --- {section}"]
        for spec in specs:
            if spec.section == section:
                lines += _field(recipe, spec)
    return "\n".join(lines)


def _field(recipe: Recipe, spec: FieldSpec) -> list[str]:
    value = getattr(recipe, spec.name)
    changed = "" if value == spec.default else f"  # the default is {_toml(spec.default)}"
    about = spec.help + _allowed(spec)
    comment = textwrap.fill(about, 96, initial_indent="# ", subsequent_indent="# ")
    return [comment, f"{spec.name} = {_toml(value)}{changed}"]


def _allowed(spec: FieldSpec) -> str:
    if spec.choices:
        return f" One of {', '.join(str(choice) for choice in spec.choices)}."
    if spec.low is not None and spec.high is not None and spec.kind in ("int", "float"):
        unit = f" {spec.unit}" if spec.unit else ""
        return f" {spec.low:g} to {spec.high:g}{unit}."
    return ""


def _toml(value: Any) -> str:
    """JSON is TOML for texts, numbers, true, false and lists of them; tables are written inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
