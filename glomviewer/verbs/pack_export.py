"""Write packs: a reading for its readers, this library's labels, or a model.

Examples:
  glomviewer pack export LIB --reading "Sclerosis study" --out /media/stick
  glomviewer pack export LIB --reading "Sclerosis study" --reader AO --ask-passphrase
  glomviewer pack export LIB --labels --out to-the-workstation
  glomviewer pack export LIB --model 4f2a --out to-the-laptops
"""

from __future__ import annotations

import argparse
from pathlib import Path

from glomviewer.jobs import operations
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.exchange.writing import WrittenPack
from glomviewer.store.library import Library
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.pack_options import (
    add_passphrase,
    passphrase_of,
    watched,
    written_facts,
)
from glomviewer.verbs.report import reading_of
from glomviewer.verbs.shell import add_library, model_of, reader_of, say, writing
from glomviewer.verbs.unlocking import add_sender, sender


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_library(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--reading", help="its name or uuid; the only reading unless given")
    what.add_argument("--labels", action="store_true", help="all labels, for another library")
    what.add_argument("--model", help="a model, for another library: id or name")
    parser.add_argument(
        "--reader",
        action="append",
        default=[],
        help="for whom, by name or initials; all who have not finished unless given",
    )
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="FOLDER", help="where to; here unless given"
    )
    add_passphrase(parser)
    add_sender(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.reader and (arguments.labels or arguments.model):
        raise BadArgument("--reader chooses for whom a reading is packed; leave it out here.")
    passphrase = passphrase_of(arguments, twice=True)
    written: list[WrittenPack] = []

    def work(watching: Watching) -> None:
        with writing(arguments.library) as library:
            written.extend(_export(library, arguments, passphrase, watching))

    code = watched(arguments, work, kept="no further pack was written.")
    if code == 0:
        say(
            arguments,
            "\n".join(one.sentence for one in written),
            {"packs": [written_facts(one) for one in written]},
        )
    return code


def _export(
    library: Library, arguments: argparse.Namespace, passphrase: str, watching: Watching
) -> list[WrittenPack]:
    folder, by = arguments.out, sender(library, arguments)
    if arguments.labels:
        return [
            operations.send_labels(
                library, folder=folder, passphrase=passphrase, by=by, watching=watching
            )
        ]
    if arguments.model:
        model = model_of(library, arguments.model).id
        return [
            operations.send_model(
                library, model=model, folder=folder, passphrase=passphrase, by=by, watching=watching
            )
        ]
    reading = reading_of(library, arguments.reading)
    readers = [reader_of(library, name).id for name in arguments.reader] or [
        one.reader.id for one in reading.readers if one.finished is None
    ]
    if not readers:
        raise BadArgument(f"All readers of {reading.name} have finished; nobody needs a pack.")
    return operations.export_reading_pack(
        library,
        reading=reading.id,
        readers=readers,
        folder=folder,
        passphrase=passphrase,
        by=by,
        watching=watching,
    )
