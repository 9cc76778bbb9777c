"""What a library that was opened from a pack remembers about it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from glomviewer.store import settings

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


def keep(connection: Connection, of: PackLibrary) -> None:
    settings.set_setting(connection, _KEY, json.dumps(asdict(of), sort_keys=True))
