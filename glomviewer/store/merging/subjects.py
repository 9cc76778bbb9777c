"""Which patches and items of this library a foreign log speaks of."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from glomviewer.store.journal import SUBJECT
from glomviewer.store.packs.rows import DecisionRow

_LISTED = "(SELECT value FROM json_each(?))"
_FILE = "file:"


class Place(NamedTuple):
    """Where a decision belongs: a patch, and the item of a reading if it was made on one."""

    patch: int
    item: int | None = None


class Places:
    """Answers for the rows that it was made for."""

    def __init__(self, connection: Connection, rows: Iterable[DecisionRow]) -> None:
        items: set[str] = set()
        patches: set[str] = set()
        for row in rows:
            (items if row.is_item else patches).add(row.subject)
        self._items = _items(connection, items)
        self._patches = _patches(connection, patches)

    def of(self, row: DecisionRow, reader: str) -> Place | None:
        """None where this library has no such patch, or no such item of this reader (a uuid)."""
        if not row.is_item:
            patch = self._patches.get(row.subject)
            return None if patch is None else Place(patch)
        found = self._items.get(row.subject)
        return found[1] if found is not None and found[0] == reader else None


def _items(connection: Connection, wanted: set[str]) -> dict[str, tuple[str, Place]]:
    if not wanted:
        return {}
    rows = connection.exec_driver_sql(
        "SELECT i.uuid, r.uuid, i.patch_id, i.id FROM reading_items i "
        f"JOIN readers r ON r.id = i.reader_id WHERE i.uuid IN {_LISTED}",
        (json.dumps(list(wanted)),),
    )
    return {uuid: (reader, Place(patch, item)) for uuid, reader, patch, item in rows}


def _patches(connection: Connection, wanted: set[str]) -> dict[str, int]:
    """Patches by what every library calls them; see `journal.SUBJECT`."""
    named = [name for name in wanted if not name.startswith(_FILE)]
    copies: defaultdict[str, list[int]] = defaultdict(list)
    if named:
        for hashed, patch in connection.exec_driver_sql(
            f"SELECT pixel_hash, patch_id FROM files WHERE pixel_hash IN {_LISTED} "
            "AND pixel_hash <> '' ORDER BY patch_id",
            (json.dumps(list({name.partition(":")[0] for name in named})),),
        ):
            copies[hashed].append(patch)
    found: dict[str, int] = {}
    for name in named:
        hashed, _, number = name.partition(":")
        index = int(number) if number.isdecimal() else 0
        if index < len(copies.get(hashed, ())) and (index or not number):
            found[name] = copies[hashed][index]
    if len(named) < len(wanted):
        rows = connection.exec_driver_sql(
            f"SELECT {SUBJECT}, f.patch_id FROM files f WHERE f.pixel_hash = '' "
            "ORDER BY f.patch_id DESC"
        )
        found |= {name: patch for name, patch in rows if name in wanted}
    return found
