"""Write a verified copy of a library's database, or list the copies there are."""

from __future__ import annotations

import argparse
from typing import Any

from glomviewer.jobs import operations
from glomviewer.store.backups import Backup
from glomviewer.verbs.shell import add_library, reading, say, writing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument("--list", action="store_true", help="list the backups, newest first")
    parser.add_argument("--reason", default="by hand", help="becomes part of the file's name")


def run(arguments: argparse.Namespace) -> int:
    if arguments.list:
        with reading(arguments.library) as library:
            backups = library.backups()
        lines = [f"{_facts(backup)['made_at']}  {backup.reason}" for backup in backups]
        text = "\n".join(lines) or "There is no backup yet."
        say(arguments, text, {"backups": [_facts(backup) for backup in backups]})
        return 0
    with writing(arguments.library) as library:
        changes = operations.back_up(library, reason=arguments.reason)
        made = library.backups()[0]
    say(arguments, changes.sentence, {"backup": _facts(made)})
    return 0


def _facts(backup: Backup) -> dict[str, Any]:
    return {
        "path": str(backup.path),
        "made_at": backup.made_at.isoformat(timespec="seconds"),
        "reason": backup.reason,
        "bytes": backup.size,
    }
