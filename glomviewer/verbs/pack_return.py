"""Write what was decided in the library of a reading pack, to be merged where the pack came from.

It can be done any number of times, also before the reading is finished.

Example:
  glomviewer pack return study-AO.glomlib --out /media/stick
"""

from __future__ import annotations

import argparse
from pathlib import Path

from glomviewer.jobs import operations
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.exchange.writing import WrittenPack
from glomviewer.verbs.pack_options import (
    add_passphrase,
    passphrase_of,
    watched,
    written_facts,
)
from glomviewer.verbs.shell import add_library, say, writing
from glomviewer.verbs.unlocking import add_sender, sender


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_library(parser)
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="FOLDER", help="where to; here unless given"
    )
    add_passphrase(parser)
    add_sender(parser)


def run(arguments: argparse.Namespace) -> int:
    passphrase = passphrase_of(arguments, twice=True)
    written: list[WrittenPack] = []

    def work(watching: Watching) -> None:
        with writing(arguments.library) as library:
            written.append(
                operations.return_reading(
                    library,
                    folder=arguments.out,
                    passphrase=passphrase,
                    by=sender(library, arguments),
                    watching=watching,
                )
            )

    code = watched(arguments, work, kept="nothing was written.")
    for one in written:
        say(arguments, one.sentence, written_facts(one))
    return code
