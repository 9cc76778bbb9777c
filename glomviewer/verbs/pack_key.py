"""Say the fingerprint of this installation's key, to be read out over the telephone; or list the
keys that a library knows, and withdraw one.

Examples:
  glomviewer pack key
  glomviewer pack key list LIB
  glomviewer pack key withdraw LIB ABCD-EFGH-IJKL-MNOP --reason "the laptop was stolen"
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from glomviewer.jobs import operations
from glomviewer.store.exchange.known_keys import KnownKey
from glomviewer.store.packs.keys import installation_key
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import add_json, reading, say, writing
from glomviewer.verbs.unlocking import acting_reader, add_acting

_LIST, _WITHDRAW = "list", "withdraw"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", nargs="?", choices=(_LIST, _WITHDRAW), help="this key unless given")
    parser.add_argument("library", nargs="?", type=Path, help="the folder NAME.glomlib")
    parser.add_argument("fingerprint", nargs="?", default="", help="of the key to withdraw")
    add_json(parser)
    add_acting(parser)
    parser.add_argument("--reason", default="", help="why it is withdrawn; kept in the journal")


def run(arguments: argparse.Namespace) -> int:
    if not arguments.what:
        fingerprint = installation_key().fingerprint
        say(arguments, fingerprint, {"fingerprint": fingerprint})
        return 0
    if arguments.library is None:
        raise BadArgument(f"Say of which library: glomviewer pack key {arguments.what} LIBRARY …")
    if arguments.what == _LIST:
        with reading(arguments.library) as library:
            known = library.known_keys()
        told = "\n".join(map(_line, known)) or "This library knows no key yet."
        say(arguments, told, {"keys": [_facts(one) for one in known]})
        return 0
    if not arguments.fingerprint:
        raise BadArgument("Give the 16 characters of the key to withdraw, as `list` shows them.")
    with writing(arguments.library) as library:
        changes = operations.withdraw_key(
            library,
            fingerprint=arguments.fingerprint,
            reason=arguments.reason,
            by=acting_reader(library, arguments).id,
        )
    say(arguments, changes.sentence, {"sentence": changes.sentence})
    return 0


def _line(key: KnownKey) -> str:
    return f"{key.fingerprint}  {key.name}: {key.signs}, since {key.trusted_at:%Y-%m-%d %H:%M} UTC"


def _facts(key: KnownKey) -> dict[str, Any]:
    return {
        "fingerprint": key.fingerprint,
        "name": key.name,
        "signs": key.signs,
        "trusted_at": key.trusted_at.isoformat(),
    }
