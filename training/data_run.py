"""A run made from a data folder at the shell: its job.json and manifest.csv."""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from training.config import BaseKind, BaseWeights, Job, RunFolder, UserError
from training.models.weights_store import find_kept
from training.patches.data_folder import read_data_folder
from training.patches.manifest import ManifestRow, read_manifest, write_manifest
from training.recipe_options import add_recipe_arguments, recipe_from_arguments

BASE_HELP = "auto, efficientnet-lite0, random, active, added weights, a model folder, or a file"


def add_data_arguments(parser: argparse.ArgumentParser) -> None:
    data = parser.add_argument_group("from a data folder, without the app")
    data.add_argument("--data", type=Path, help="a folder with labels.csv and images/")
    data.add_argument("--out", type=Path, help="the run's folder, to be made")
    data.add_argument("--base", default="auto", help=BASE_HELP)
    data.add_argument("--active-model", type=Path, help="the model to be compared with")
    data.add_argument("--name", default="model", help="the candidate's name")
    data.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    data.add_argument("--seed", type=int, default=0)
    data.add_argument("--features", type=Path, help="a folder of cached features to share")
    add_recipe_arguments(data, "quick")


def base_from(text: str) -> BaseWeights:
    """`--base`: a kind by its name, else a path or the name of added weights."""
    kinds = [kind for kind in get_args(BaseKind) if kind not in ("model", "file")]
    for kind in kinds:
        if text == kind:
            return BaseWeights(kind)
    path = Path(text)
    kept = None if path.exists() else find_kept(name=text)
    if kept is not None:
        return BaseWeights("file", str(kept[1].absolute()))
    if not path.exists():
        raise UserError(f"--base {text}: it should be {BASE_HELP}.")
    return BaseWeights("model" if path.is_dir() else "file", str(path.absolute()))


def _check_same_data(folder: RunFolder, data: Path) -> None:
    """UserError where the run was made from other patches, labels or splits than lie there."""

    def told(rows: Sequence[ManifestRow]) -> set[tuple[str, int | None, str, str]]:
        return {(row.patch, row.label, row.split, row.group) for row in rows}

    if told(read_manifest(folder.manifest)) != told(read_data_folder(data).rows):
        raise UserError(
            f"{folder.path} holds a run on other patches, labels or splits than {data} has now: "
            f"resume it as it was by its {folder.job.name}, or name another folder."
        )


def write_data_run(
    arguments: argparse.Namespace, recipe: dict[str, Any] | None = None
) -> RunFolder:
    """Write the run's folder, or leave it as it is where it is to be resumed.

    `recipe` is a job's, by default that of --recipe and --set.
    """
    if arguments.out is None:
        raise UserError("--data needs --out, the folder of the run.")
    folder = RunFolder(arguments.out.absolute())
    if folder.job.exists():
        if arguments.resume:
            _check_same_data(folder, arguments.data)
            return folder
        raise UserError(f"{folder.path} holds a run already: add --resume, or name another folder.")
    wanted = recipe_from_arguments(arguments) if recipe is None else recipe
    data = read_data_folder(arguments.data)
    active = arguments.active_model
    job = Job(
        id=uuid.uuid4().hex,
        recipe=wanted,
        base=base_from(arguments.base),
        active_model=str(active.absolute()) if active else None,
        model_name=arguments.name,
        device=arguments.device,
        seed=arguments.seed,
        features_dir=str(arguments.features.absolute()) if arguments.features else None,
    )
    # The labels of a data folder were made without a call in view, as far as anyone can know.
    rows = [replace(row, gate=row.split in ("locked", "")) for row in data.rows]
    try:
        write_manifest(folder.manifest, rows)
        job.write(folder.job)
    except OSError as error:
        raise UserError(
            f"{folder.path} can't be written ({error.strerror}): name another folder with --out."
        ) from error
    return folder
