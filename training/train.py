"""The verb `train`: system C's command line, with the hold-out set put aside by case or slide."""

from __future__ import annotations

import argparse
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

from training.config import RunFolder, UserError
from training.data_run import write_data_run
from training.finetune import run_job
from training.recipe_files import load_recipe, recipe_names
from training.recipe_options import wanted_recipe

_DEFAULT = "grown"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-path",
        type=Path,
        required=True,
        help="a folder with labels.csv or public.csv, or with two class folders",
    )
    parser.add_argument("--epochs", type=int, help="at most; training stops early by itself")
    parser.add_argument("--batch-size", type=int, help="patches a step")
    parser.add_argument(
        "--model-path",
        type=Path,
        default=Path("model"),
        help="the model's folder, to be made (default model); its run is kept beside it",
    )
    parser.add_argument(
        "--recipe",
        default=_DEFAULT,
        help=f"one of {', '.join(recipe_names())}, or MINE.toml (default {_DEFAULT})",
    )
    parser.add_argument("--image-size", "--size", type=int, dest="size", help="in px")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    parser.add_argument("--base", default="auto", help="what the recipe is to start from")
    parser.add_argument("--tiny", action="store_true", help="shrink the recipe, for tests")
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch")


def run(arguments: argparse.Namespace) -> int:
    model = arguments.model_path
    if model.exists():
        raise UserError(f"{model} is there already: name another --model-path.")
    out = model.with_name(f"{model.name}-run")
    folder = write_data_run(
        argparse.Namespace(
            data=arguments.data_path,
            out=out,
            resume=arguments.resume,
            base=arguments.base,
            active_model=None,
            name=model.stem,
            device=arguments.device,
            seed=arguments.seed,
            features=None,
        ),
        _recipe(arguments),
    )
    code = run_job(folder, resume=arguments.resume)
    if code == 0:
        _hand_over(folder, model)
    return code


def _recipe(arguments: argparse.Namespace) -> dict[str, Any]:
    """--epochs and --batch-size where the recipe has such fields; UserError where it has not."""
    wanted = wanted_recipe(arguments.recipe, arguments.set, tiny=arguments.tiny)
    given = {"epochs": arguments.epochs, "batch": arguments.batch_size, "size": arguments.size}
    changes = {key: value for key, value in given.items() if value is not None}
    known = {item.name for item in fields(load_recipe(wanted))}
    for key in changes:
        if key not in known:
            raise UserError(
                f"recipe {arguments.recipe} isn't trained by {key}: leave it out, or choose a "
                f"recipe that is, such as {_DEFAULT}."
            )
    return load_recipe({**wanted, **changes}).to_json()


def _hand_over(folder: RunFolder, model: Path) -> None:
    shutil.copytree(folder.candidate, model)
    print(f"model: {model}")
    print(f"its hold-out set: python -m training evaluate --data-path DIR --model-path {model}")
