"""What the verbs of packs share: a passphrase that no list of processes shows, and Cancel."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glomviewer.store.exchange.watching import Watching
from glomviewer.store.exchange.writing import WrittenPack
from glomviewer.store.packs.errors import PackCancelled
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import ShellControl

INTERRUPTED = 130


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="a text file with the passphrase"
    )
    group.add_argument(
        "--ask-passphrase", action="store_true", help="ask for the passphrase without showing it"
    )


def add_trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--trust",
        default="",
        metavar="FINGERPRINT",
        help="the sender's key, once you have compared its 16 characters over the telephone",
    )


def passphrase_of(arguments: argparse.Namespace, *, twice: bool = False) -> str:
    """The passphrase that was given, "" for none.

    Raises:
        BadArgument: its file can't be read or is empty, or it was typed differently.
    """
    file: Path | None = arguments.passphrase_file
    if file is not None:
        return passphrase_in(file)
    if not arguments.ask_passphrase:
        return ""
    text = typed("passphrase: ")
    if twice and text != typed("the same again: "):
        raise BadArgument("The two passphrases differ; nothing was written.")
    return text


def typed(prompt: str) -> str:
    """A passphrase typed at the terminal, which does not show it.

    Raises:
        BadArgument: nobody types there.
    """
    try:
        return getpass.getpass(prompt)
    except EOFError as error:
        raise BadArgument(
            "No passphrase was typed; give it by a file where nobody sits at the terminal."
        ) from error


def passphrase_in(file: Path) -> str:
    """Raises:
    BadArgument: the file can't be read or is empty.
    """
    try:
        # Editors of Windows put a mark before the first letter, which nobody types.
        text = file.read_text(encoding="utf-8-sig").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadArgument(f"The passphrase in {file} can't be read ({error}).") from error
    if not text:
        raise BadArgument(f"There is no passphrase in {file}.")
    return text


def watched(arguments: argparse.Namespace, work: Callable[[Watching], None], *, kept: str) -> int:
    """Run the work with progress and Ctrl-C; `kept` is said where it was cancelled."""
    control = ShellControl(quiet=arguments.json)
    with control.catching_interrupts():
        try:
            work(Watching(control.progress, control.cancelled))
        except PackCancelled:
            print(f"Cancelled; {kept}", file=sys.stderr)
            return INTERRUPTED
    return 0


def written_facts(written: WrittenPack) -> dict[str, Any]:
    return {
        "file": str(written.path),
        "kind": written.kind.value,
        "uuid": written.uuid,
        "items": written.items,
        "fingerprint": written.fingerprint,
        "encrypted": written.encrypted,
        "sentence": written.sentence,
    }
