"""The verb `measure`: several recipes on one data folder, in one table for the README."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.config import RunFolder, UserError
from training.data_run import BASE_HELP, write_data_run
from training.finetune import run_job
from training.json_fields import read_file
from training.judging.resampling import RELIABLE_FROM_GROUPS
from training.patches.data_folder import read_data_folder
from training.recipe import FullRecipe
from training.recipe_files import load_recipe, recipe_names
from training.run_log import tell_run

_DEFAULT = ("logistic", "quick")
_COLUMNS = {"auc": "AUC", "f1": "F1", "precision": "precision", "recall": "recall"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A recipe's figures, as in model.json, with what it started from and what it took."""

    recipe: str
    base: str
    seconds: float
    locked: Mapping[str, Any]
    validation: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {
            "recipe": self.recipe,
            "base": self.base,
            "seconds": round(self.seconds, 1),
            "locked": dict(self.locked),
            "validation": dict(self.validation),
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="a folder with labels.csv")
    parser.add_argument(
        "--recipe",
        action="append",
        help=f"{', '.join(recipe_names())}; may be repeated (default {' and '.join(_DEFAULT)})",
    )
    parser.add_argument("--set", action="append", default=[], help="FIELD=VALUE of full recipes")
    parser.add_argument("--base", default="auto", help=f"of full recipes: {BASE_HELP}")
    parser.add_argument("--out", type=Path, help="keep the runs here")
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    recipes = arguments.recipe or list(_DEFAULT)
    for name in recipes:
        load_recipe({"name": name})
    data = read_data_folder(arguments.data)
    if not any(row.split == "locked" for row in data.rows):
        raise UserError(
            f"{arguments.data} names no locked patches: give its CSV a column 'split' with test."
        )
    with tempfile.TemporaryDirectory(prefix="measure-", ignore_cleanup_errors=True) as temporary:
        root = (arguments.out or Path(temporary)).absolute()
        measured = [_measure(name, root, arguments) for name in recipes]
    if arguments.json:
        print(json.dumps([one.to_json() for one in measured]))
    else:
        print(table(measured))
    return 0


def _measure(name: str, root: Path, arguments: argparse.Namespace) -> Measured:
    print(f"--- {name}", file=sys.stderr, flush=True)
    started = time.perf_counter()
    folder = _data_run(name, root / name, root, arguments)
    if run_job(folder, resume=False, listener=tell_run):
        raise UserError(f"the run of {name} was stopped.")
    card = read_file(folder.candidate / "model.json")
    return Measured(
        recipe=name,
        base=card["record"]["base"]["source"],
        seconds=time.perf_counter() - started,
        locked=card["metrics"]["locked"],
        validation=card["metrics"]["validation"],
    )


def _data_run(recipe: str, out: Path, root: Path, arguments: argparse.Namespace) -> RunFolder:
    full = isinstance(load_recipe({"name": recipe}), FullRecipe)
    return write_data_run(
        argparse.Namespace(
            data=arguments.data,
            out=out,
            resume=False,
            recipe=recipe,
            set=arguments.set if full else [],
            base=arguments.base if full else "auto",
            active_model=None,
            name=recipe,
            device=arguments.device,
            seed=arguments.seed,
            features=root / "features",
        )
    )


def table(measured: list[Measured]) -> str:
    """Markdown: figures on the locked patches with 95 % intervals, and what they rest on."""
    locked = measured[0].locked
    few = (
        ""
        if locked["reliable"]
        else f" Fewer than {RELIABLE_FROM_GROUPS} make intervals unreliable."
    )
    unit = "patches" if locked["unit"] == "patch" else "cases or slides"
    lines = [
        f"| recipe | from | {' | '.join(_COLUMNS.values())} | out-of-fold or validation AUC |",
        f"|---|---|{'---|' * len(_COLUMNS)}---|",
    ]
    for one in measured:
        cells = [_cell(one.locked[key]) for key in _COLUMNS]
        tuned = _cell(one.validation["auc"])
        lines.append(f"| {one.recipe} | {one.base} | {' | '.join(cells)} | {tuned} |")
    lines.append("")
    lines.append(
        f"On {locked['patches']:,} locked patches ({locked['sclerotic']:,} globally sclerotic) of "
        f"{locked['groups']:,} {unit}; 95 % intervals by {locked['draws']:,} bootstrap draws of "
        f"{unit}, {locked['undefined_draws']:,} of them undefined.{few} Thresholds come from the "
        "other patches alone."
    )
    return "\n".join(lines)


def _cell(interval: Mapping[str, float | None]) -> str:
    value, low, high = interval["value"], interval["low"], interval["high"]
    if value is None:
        return "undefined"
    if low is None or high is None:
        return f"{value:.3f}"
    return f"{value:.3f} ({low:.3f} to {high:.3f})"
