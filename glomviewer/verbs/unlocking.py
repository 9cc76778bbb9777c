"""A reader's own passphrase, where an act in a shell is done in his name."""

from __future__ import annotations

import argparse
import getpass
import sys

from glomviewer.domain.records import Reader
from glomviewer.store.library import Library
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.pack_options import passphrase_of


def passphrase_for(reader: Reader, arguments: argparse.Namespace) -> str:
    """What was given, or is typed now; "" for a reader who has none.

    Raises:
        BadArgument: he has one, and nobody sits at a terminal to type it.
    """
    if not reader.locked:
        return ""
    given = passphrase_of(arguments)
    if given:
        return given
    if not sys.stdin.isatty():
        raise BadArgument(
            f"{reader.name} has a passphrase: give --passphrase-file, or type it at a terminal."
        )
    return getpass.getpass(f"passphrase of {reader.name}: ")


def prove(library: Library, reader: Reader, arguments: argparse.Namespace) -> None:
    """Raises:
    BadArgument: the reader has a passphrase, and this is not it.
    """
    if not library.check_passphrase(reader.id, passphrase_for(reader, arguments)):
        raise BadArgument(f"This is not the passphrase of {reader.name}; nothing was changed.")
