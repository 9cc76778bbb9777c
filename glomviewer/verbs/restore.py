"""Put a backup in the place of a library's database; the present one becomes a backup first."""

from __future__ import annotations

import argparse
from pathlib import Path

from glomviewer.store.restoring import restore
from glomviewer.verbs.shell import add_library, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument(
        "backup", type=Path, nargs="?", help="a file of backups/; the newest one unless given"
    )


def run(arguments: argparse.Namespace) -> int:
    restored = restore(arguments.library.absolute(), arguments.backup)
    facts = {"restored": str(restored.backup), "put_aside": str(restored.put_aside)}
    say(arguments, restored.sentence, facts)
    return 0
