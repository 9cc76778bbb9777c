"""Make an empty library."""

from __future__ import annotations

import argparse
from pathlib import Path

from glomviewer.domain.labels import LabelSet
from glomviewer.store.library import Library
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import add_library, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument("--labels", type=Path, help="a label set as JSON, instead of the usual one")


def run(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.library
    labels = _label_set(arguments.labels) if arguments.labels else None
    with Library.create(folder, label_set=labels) as library:
        names = [label.name for label in library.label_set.labels]
    say(arguments, f"Made the library {folder}.", {"library": folder.absolute(), "labels": names})
    return 0


def _label_set(file: Path) -> LabelSet:
    try:
        return LabelSet.from_json(file.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        raise BadArgument(f"{file} is no label set: {error}.") from error
