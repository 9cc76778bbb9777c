"""Recipes on the command line: --recipe, --set and --tiny."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.config import UserError
from training.recipe_files import load_recipe, read_recipe_file, recipe_names


def add_recipe_arguments(parser: argparse._ActionsContainer, default: str) -> None:
    parser.add_argument(
        "--recipe",
        default=default,
        help=f"{', '.join(recipe_names())}, or a file of one's own, MINE.toml (default {default})",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a field of the recipe, such as --set epochs=5; may be repeated",
    )
    parser.add_argument("--tiny", action="store_true", help="shrink the recipe, for tests")


def recipe_from_arguments(arguments: argparse.Namespace) -> dict[str, Any]:
    """A job's `recipe` object from --recipe, --set and --tiny, already checked."""
    return wanted_recipe(arguments.recipe, arguments.set, tiny=getattr(arguments, "tiny", False))


def wanted_recipe(text: str, changes: Sequence[str] = (), *, tiny: bool = False) -> dict[str, Any]:
    """A recipe by its name or file with FIELD=VALUE changes, checked, as a job holds it."""
    wanted = read_recipe_file(Path(text)) if text.endswith(".toml") else {"name": text}
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals:
            raise UserError(f"--set {change}: it should be FIELD=VALUE.")
        try:
            wanted[key] = json.loads(value)
        except ValueError:
            wanted[key] = value
    recipe = load_recipe(wanted, tiny=tiny)
    return recipe.to_json() if tiny else wanted
