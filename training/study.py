"""The verb `study`: which padding and which size serve a recipe best, on the same folds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from PIL import Image

from training import atomic, crossval
from training.config import CLASSES, Padding, UserError
from training.judging.folds import Grouping
from training.judging.holm import holm
from training.judging.judge_tables import cell, p_text, rests_on, table
from training.patches.class_chart import draw_classes
from training.patches.data_folder import read_data_folder
from training.patches.manifest import ManifestRow
from training.recipe import PixelRecipe
from training.recipe_files import load_recipe, recipe_names
from training.recipe_options import wanted_recipe
from training.run_log import tell_run

STRETCH = "stretch"
WAYS = (*get_args(Padding), STRETCH)
_SIZES = "128,224,512"
# Of logistic regression: px along a block's side, and blocks along a square's at most.
_BLOCK, _MOST_BLOCKS = 4, 128
_SHOWN = {"auc": "AUC", "average_precision": "average precision", "f1": "F1"}

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to make a square, and its side in px."""

    way: str
    size: int

    @property
    def name(self) -> str:
        return f"{self.way}-{self.size}"

    @property
    def changes(self) -> list[str]:
        """Of the recipe's fields, as crossval takes them."""
        fit = ["fit=stretch"] if self.way == STRETCH else ["fit=pad", f"padding={self.way}"]
        return [f"{self.name}.{change}" for change in (*fit, f"size={self.size}")]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="a data folder")
    parser.add_argument("--out", type=Path, required=True, help="where the report is kept")
    parser.add_argument(
        "--recipe",
        default="logistic",
        help=f"one of {', '.join(recipe_names())}, or MINE.toml (default logistic)",
    )
    parser.add_argument(
        "--paddings", default=",".join(WAYS), help=f"of {', '.join(WAYS)} (default all)"
    )
    parser.add_argument("--sizes", default=_SIZES, help=f"in px, any (default {_SIZES})")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a field of the recipe in all of the study; may be repeated",
    )
    parser.add_argument("--base", default="auto", help="what the recipe is to start from")
    parser.add_argument("--folds", type=int, default=5, help="by case or slide (default 5)")
    parser.add_argument("--group", choices=get_args(Grouping), default="auto")
    parser.add_argument(
        "--keep-locked", action="store_true", help="leave out the patches of the split test"
    )
    parser.add_argument("--tiny", action="store_true", help="shrink the recipe, for tests")
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true", help="go on; nothing is fitted twice")


def run(arguments: argparse.Namespace) -> int:
    rows = read_data_folder(arguments.data).rows
    variants = telling(wanted_variants(arguments.paddings, arguments.sizes), rows)
    others, sclerotic = draw_classes(rows, arguments.out / "classes.png")["all"]
    facts = crossval.cross_validate(_judged(arguments, variants), tell_run)
    text = study_text(facts, variants, arguments.recipe)
    atomic.write_text(arguments.out / "study.md", f"# Padding and size\n\n{text}\n")
    print(text)
    print(f"\nclasses: {sclerotic:,} {CLASSES[1]}, {others:,} {CLASSES[0]}", end="")
    print(f" ({arguments.out / 'classes.png'})")
    print(f"report: {arguments.out / 'report.md'}")
    return 0


def wanted_variants(paddings: str, sizes: str) -> list[Variant]:
    """Each way at each size; UserError where a word is none of them."""
    ways = [word.strip() for word in paddings.split(",") if word.strip()]
    for way in ways:
        if way not in WAYS:
            raise UserError(f"--paddings {way}: it should be one of {', '.join(WAYS)}.")
    try:
        sides = [int(word) for word in sizes.split(",") if word.strip()]
    except ValueError:
        raise UserError(f"--sizes {sizes}: it should be px with commas between.") from None
    found = [Variant(way, side) for side in dict.fromkeys(sides) for way in dict.fromkeys(ways)]
    if len(found) < 2:
        raise UserError("A study compares: name two paddings or two sizes at least.")
    return found


def telling(variants: Sequence[Variant], rows: Sequence[ManifestRow]) -> list[Variant]:
    """Without paddings that make the same squares, which is told; UserError where one is left."""
    if len({variant.way for variant in variants}) == 1 or not all(_is_square(r) for r in rows):
        return list(variants)
    told = f"all {len(rows):,} patches are square, so that no padding differs from another"
    kept = [variant for variant in variants if variant.way == variants[0].way]
    if len(kept) < 2:
        raise UserError(f"There is nothing to compare: {told}. Name several --sizes.")
    print(f"warning: {told}: sizes alone are compared", file=sys.stderr)
    return kept


def _is_square(row: ManifestRow) -> bool:
    try:
        with Image.open(row.path) as image:
            return image.width == image.height
    except OSError:
        # Reading it in earnest will tell what is wrong with it.
        return True


def _judged(arguments: argparse.Namespace, variants: Sequence[Variant]) -> argparse.Namespace:
    """The cross-validation that the study is, in the words of its verb."""
    words = ["--data", str(arguments.data), "--out", str(arguments.out)]
    words += ["--folds", str(arguments.folds), "--group", arguments.group]
    words += ["--device", arguments.device, "--seed", str(arguments.seed), "--base", arguments.base]
    for variant in variants:
        words += ["--recipe", f"{variant.name}={arguments.recipe}"]
    changes = [*arguments.set, *(one for variant in variants for one in variant.changes)]
    if _counts_blocks(arguments):
        sides = {one.name: min(one.size // _BLOCK, _MOST_BLOCKS) for one in variants}
        changes += [f"{name}.side={max(side, 2)}" for name, side in sides.items()]
    for change in changes:
        words += ["--set", change]
    for option in ("keep_locked", "tiny", "resume"):
        if getattr(arguments, option):
            words.append(f"--{option.replace('_', '-')}")
    parser = argparse.ArgumentParser(prog="python -m training study")
    crossval.add_arguments(parser)
    return parser.parse_args(words)


def _counts_blocks(arguments: argparse.Namespace) -> bool:
    """Whether the recipe averages blocks, whose number it leaves to the study.

    As many blocks at every size would make every size the same.
    """
    recipe = load_recipe(wanted_recipe(arguments.recipe))
    chosen = any(change.partition("=")[0] == "side" for change in arguments.set)
    return isinstance(recipe, PixelRecipe) and not chosen


def study_text(facts: Facts, variants: Sequence[Variant], recipe: str) -> str:
    """One table in Markdown: figures, and the difference to the first variant on the same folds."""
    first, *others = [variant.name for variant in variants]
    found = {one["name"]: one for one in facts["recipes"]}
    differences = {name: _to_first(facts, first, name) for name in others}
    corrected = dict(zip(others, holm([differences[name]["p"] for name in others]), strict=True))
    heads = ["padding", "px", *_SHOWN.values(), f"AUC minus {first}", "p by group", "p after Holm"]
    lines = []
    for variant in variants:
        one, difference = found[variant.name], differences.get(variant.name)
        compared = ["", "", ""]
        if difference is not None:
            compared = [
                cell(difference, signed=True),
                p_text(difference["p"]),
                p_text(corrected[variant.name]),
            ]
        figures = [cell(one["figures"][key]) for key in _SHOWN]
        lines.append([variant.way, str(variant.size), *figures, *compared])
    told = _conclusion(found, corrected, differences, first)
    return f"Recipe {recipe}.\n\n{table(heads, lines)}\n\n{told} {rests_on(facts)}"


def _to_first(facts: Facts, first: str, name: str) -> dict[str, Any]:
    """This variant's AUC minus the first one's, whichever way round the pair was compared."""
    for pair in facts["pairs"]:
        one = pair["differences"]["auc"]
        if (pair["first"], pair["second"]) == (name, first):
            return dict(one)
        if (pair["first"], pair["second"]) == (first, name):
            turned = {"value": one["value"], "low": one["high"], "high": one["low"]}
            # From 0, for a difference of nothing would be told as -0.000.
            return {
                **one,
                **{key: None if value is None else 0.0 - value for key, value in turned.items()},
            }
    raise KeyError(name)


def _conclusion(
    found: Facts, corrected: Mapping[str, float | None], differences: Facts, first: str
) -> str:
    best = max(found, key=lambda name: found[name]["figures"]["auc"]["value"] or 0.0)
    clear = [name for name, p in corrected.items() if p is not None and p < 0.05]
    told = f"The highest AUC is that of {best}."
    if not clear:
        return f"{told} None can be told from {first} on these patches (p after Holm)."
    better = [name for name in clear if (differences[name]["value"] or 0.0) > 0]
    worse = [name for name in clear if name not in better]
    parts = [
        f"{', '.join(names)} {word} than {first}"
        for names, word in ((better, "better"), (worse, "worse"))
        if names
    ]
    return f"{told} Told apart (p after Holm): {'; '.join(parts)}."
