"""Make a library of a reading pack, in which its reader reads without a network.

Examples:
  glomviewer pack open study-AO.glompack --trust ABCD-EFGH-IJKL-MNOP
  glomviewer pack open study-AO.glompack --at study.glomlib --ask-passphrase
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from glomviewer.jobs import operations
from glomviewer.store.exchange.opening import SUFFIX, OpenedPack
from glomviewer.store.exchange.watching import Watching
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.pack_options import add_passphrase, add_trust, passphrase_of, watched
from glomviewer.verbs.shell import add_json, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path, help="a file NAME.glompack")
    parser.add_argument(
        "--at",
        type=Path,
        metavar="FOLDER",
        help="the library to make; beside the pack unless given",
    )
    add_trust(parser)
    add_passphrase(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.at is not None and arguments.at.suffix != SUFFIX:
        raise BadArgument(f"A library is a folder that ends in {SUFFIX}, such as study{SUFFIX}.")
    passphrase = passphrase_of(arguments)
    opened: list[OpenedPack] = []

    def work(watching: Watching) -> None:
        opened.append(
            operations.open_pack(
                arguments.file,
                folder=arguments.at,
                passphrase=passphrase,
                trust=arguments.trust,
                watching=watching,
            )
        )

    code = watched(arguments, work, kept="no library was made.")
    for one in opened:
        command = f"glomviewer {shlex.quote(str(one.folder))}"
        say(
            arguments,
            f"{one.sentence}\nRead in it as {one.reader}: {command}",
            {
                "library": str(one.folder),
                "reading": one.reading,
                "reader": one.reader,
                "items": one.items,
                "fingerprint": one.fingerprint,
                "was_there": one.was_there,
                "command": command,
                "sentence": one.sentence,
            },
        )
    return code
