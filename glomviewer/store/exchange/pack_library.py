"""What a library that was opened from a pack remembers about it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from glomviewer.store import settings
from glomviewer.store.errors import Refused

_KEY = "pack"


@dataclass(frozen=True, slots=True)
class PackLibrary:
    """`home` is the uuid of the library that wrote the pack, `fingerprint` its key's; `reading`
    and `reader` are uuids."""

    pack: str
    home: str
    fingerprint: str
    reading: str
    reader: str


def pack_library(connection: Connection) -> PackLibrary | None:
    """None in a library that was not opened from a pack."""
    text = settings.setting(connection, _KEY)
    return PackLibrary(**json.loads(text)) if text else None


def refuse_what_is_done_at_home(connection: Connection, what: str) -> None:
    """`what` is done at home, such as "readings are made": a pack's reader reads and returns.

    Raises:
        Refused: this library was opened from a pack.
    """
    if pack_library(connection) is not None:
        raise Refused(
            f"This library was opened from a pack: {what} at home. Read in it and return it; "
            "nothing was changed."
        )


def keep(connection: Connection, of: PackLibrary) -> None:
    settings.set_setting(connection, _KEY, json.dumps(asdict(of), sort_keys=True))
