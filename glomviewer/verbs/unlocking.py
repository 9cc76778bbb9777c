"""A reader's own passphrase, where an act in a shell is done in his name."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from glomviewer.domain.records import Reader
from glomviewer.store.library import Library
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.pack_options import add_passphrase, passphrase_in, passphrase_of, typed
from glomviewer.verbs.shell import add_reader, reader_of, reader_of_settings

_SENDER = "--reader-passphrase-file"


def add_acting(parser: argparse.ArgumentParser) -> None:
    """Who acts, and his passphrase."""
    add_reader(parser)
    add_passphrase(parser)


def acting_reader(library: Library, arguments: argparse.Namespace) -> Reader:
    """The reader in whose name the verb acts.

    Raises:
        BadArgument: nobody of that name reads here, or he has a passphrase and this is not it.
    """
    reader = reader_of(library, arguments.reader)
    _prove(library, reader, passphrase_for(reader, arguments))
    library.actor = reader.id
    return reader


def passphrase_for(reader: Reader, arguments: argparse.Namespace) -> str:
    """What was given, or is typed now; "" for a reader who has none.

    Raises:
        BadArgument: he has one, and nobody sits at a terminal to type it.
    """
    given = passphrase_of(arguments) if reader.locked else ""
    return given or _typed(reader, "--passphrase-file")


def add_sender(parser: argparse.ArgumentParser) -> None:
    """Where a verb's passphrase is that of a file: the reader's own one beside it."""
    parser.add_argument(
        _SENDER,
        type=Path,
        metavar="FILE",
        help="a text file with your own passphrase, if you read in this library and have one",
    )


def sender(library: Library, arguments: argparse.Namespace) -> int | None:
    """The reader of the settings where he reads in this library: acts are done as somebody.

    Raises:
        BadArgument: he has a passphrase, and this is not it.
    """
    reader = reader_of_settings(library)
    if reader is None:
        return None
    file: Path | None = arguments.reader_passphrase_file
    given = passphrase_in(file) if file is not None and reader.locked else ""
    _prove(library, reader, given or _typed(reader, _SENDER))
    library.actor = reader.id
    return reader.id


def _typed(reader: Reader, option: str) -> str:
    if not reader.locked:
        return ""
    if not sys.stdin.isatty():
        raise BadArgument(
            f"{reader.name} has a passphrase: give {option}, or type it at a terminal."
        )
    return typed(f"passphrase of {reader.name}: ")


def _prove(library: Library, reader: Reader, passphrase: str) -> None:
    if not library.check_passphrase(reader.id, passphrase):
        raise BadArgument(f"This is not the passphrase of {reader.name}; nothing was changed.")
