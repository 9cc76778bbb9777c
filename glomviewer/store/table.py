"""The patch table: every patch's state as arrays, read in one pass.

A row is packed by SQLite into five integers, since making a Python object of each of twenty
columns is what a million rows would spend their time on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.patch_table import PatchTable
from glomviewer.store.id_list import IDS, id_list

Rows = NDArray[np.int64]

_PACKED = """
SELECT p.id,
(coalesce(p.case_id, 0) << 32) | coalesce(p.slide_id, 0),
(p.width << 32) | p.height,
(p.split + 1) | ((p.imported_label + 1) << 8) | ((s.reference + 1) << 16) | (s.source << 24)
| (s.disputed << 32) | (s.flagged << 33) | ((s.comments > 0) << 34) | (s.excluded << 35)
| ((p.file_state > 0) << 36) | ((p.duplicate_of IS NOT NULL) << 37),
s.decided_at
FROM patches p JOIN patch_states s ON s.patch_id = p.id
"""
_BITS = {
    "disputed": 32,
    "flagged": 33,
    "commented": 34,
    "excluded": 35,
    "missing": 36,
    "duplicate": 37,
}
_BYTES = {"split": 0, "imported": 8, "reference": 16}
_FETCH = 20_000


def load_table(
    connection: Connection, reader: int | None, targets: Mapping[int, int | None]
) -> PatchTable:
    """All patches in ascending order of id; `current` and `seen` are this reader's.

    `case` and `slide` are -1 where unknown; `PatchTable.cases` and `.slides` are in
    alphabetical order, so that sorting by the index sorts by the name.
    """
    packed = integers(connection, f"{_PACKED} ORDER BY p.id", (), 5)
    ids = packed[:, 0].copy()
    case_names, case_index = _names(connection, "cases")
    slide_names, slide_index = _names(connection, "slides")
    columns = _state_columns(packed)
    columns["id"] = ids
    columns["case"] = case_index[packed[:, 1] >> 32]
    columns["slide"] = slide_index[packed[:, 1] & 0xFFFFFFFF]
    columns["width"] = (packed[:, 2] >> 32).astype(np.int32)
    columns["height"] = (packed[:, 2] & 0xFFFFFFFF).astype(np.int32)
    columns["microns_per_pixel"] = _microns(connection, ids)
    columns["name_rank"] = _name_ranks(connection, ids)
    columns["current"] = np.full(len(ids), NO_LABEL, dtype=np.int8)
    columns["seen"] = np.zeros(len(ids), dtype=np.bool_)
    if reader is not None:
        own = integers(
            connection,
            "SELECT patch_id, label FROM current_labels WHERE reader_id = ?",
            (reader,),
            2,
        )
        columns["current"][np.searchsorted(ids, own[:, 0])] = own[:, 1]
        seen = integers(connection, "SELECT patch_id FROM seen WHERE reader_id = ?", (reader,), 1)
        columns["seen"][np.searchsorted(ids, seen[:, 0])] = True
    return PatchTable(columns=columns, cases=case_names, slides=slide_names, targets=targets)


def refresh_rows(
    connection: Connection, table: PatchTable, patches: Sequence[int], reader: int | None
) -> None:
    """Read the state of these patches again, in place. Unknown ids are left out."""
    rows = table.rows_of(tuple(patches))
    if not len(rows):
        return
    wanted = id_list(table.ids[rows].tolist())
    packed = integers(connection, f"{_PACKED} WHERE p.id IN {IDS} ORDER BY p.id", (wanted,), 5)
    at = np.searchsorted(table.ids, packed[:, 0])
    values = _state_columns(packed)
    current = np.full(len(at), NO_LABEL, dtype=np.int8)
    seen = np.zeros(len(at), dtype=np.bool_)
    if reader is not None:
        own = integers(
            connection,
            f"SELECT patch_id, label FROM current_labels WHERE patch_id IN {IDS} AND reader_id = ?",
            (wanted, reader),
            2,
        )
        current[np.searchsorted(packed[:, 0], own[:, 0])] = own[:, 1]
        looked = integers(
            connection,
            f"SELECT patch_id FROM seen WHERE reader_id = ? AND patch_id IN {IDS}",
            (reader, wanted),
            1,
        )
        seen[np.searchsorted(packed[:, 0], looked[:, 0])] = True
    values["current"], values["seen"] = current, seen
    table.update(at, values)


def _state_columns(packed: Rows) -> dict[str, NDArray[np.generic]]:
    bits = packed[:, 3]
    columns: dict[str, NDArray[np.generic]] = {
        name: ((bits >> shift) & 0xFF).astype(np.int16).astype(np.int8) - np.int8(1)
        for name, shift in _BYTES.items()
    }
    columns["reference_source"] = ((bits >> 24) & 0xFF).astype(np.int8)
    for name, shift in _BITS.items():
        columns[name] = ((bits >> shift) & 1).astype(np.bool_)
    columns["decided_at"] = packed[:, 4].copy()
    return columns


def integers(connection: Connection, sql: str, values: tuple[Any, ...], width: int) -> Rows:
    """The result of a query of `width` integer columns, as rows."""
    cursor = _cursor(connection).execute(sql, values)
    # No generator of our own between: a million rows would each pass through it.
    fetched = iter(partial(cursor.fetchmany, _FETCH), [])
    flat = chain.from_iterable(chain.from_iterable(fetched))
    return np.fromiter(flat, dtype=np.int64).reshape(-1, width)


def _cursor(connection: Connection) -> Any:
    raw = connection.connection.driver_connection
    assert raw is not None
    return raw.cursor()


def _names(connection: Connection, groups: str) -> tuple[list[str], NDArray[np.int32]]:
    """Names in order, and the index of each id among them (-1 for id 0 and gaps).

    Slides of one name in several cases are told apart by the case before their name.
    """
    sql = {
        "cases": "SELECT id, name FROM cases ORDER BY name COLLATE NOCASE, id",
        "slides": "SELECT s.id, CASE WHEN c.name IS NOT NULL "
        "AND (SELECT count(*) FROM slides o WHERE o.name = s.name) > 1 "
        "THEN c.name || ' / ' || s.name ELSE s.name END AS shown "
        "FROM slides s LEFT JOIN cases c ON c.id = s.case_id ORDER BY shown COLLATE NOCASE, s.id",
    }[groups]
    rows = _cursor(connection).execute(sql).fetchall()
    index = np.full(max((row[0] for row in rows), default=0) + 1, -1, dtype=np.int32)
    for rank, (row_id, _) in enumerate(rows):
        index[row_id] = rank
    return [name for _, name in rows], index


def _microns(connection: Connection, ids: Rows) -> NDArray[np.float32]:
    microns = np.full(len(ids), np.nan, dtype=np.float32)
    rows = (
        _cursor(connection)
        .execute("SELECT id, microns_per_pixel FROM patches WHERE microns_per_pixel IS NOT NULL")
        .fetchall()
    )
    if rows:
        known = np.array(rows, dtype=np.float64)
        microns[np.searchsorted(ids, known[:, 0].astype(np.int64))] = known[:, 1]
    return microns


def _name_ranks(connection: Connection, ids: Rows) -> NDArray[np.int32]:
    ordered = integers(connection, "SELECT patch_id FROM files ORDER BY sort_key, patch_id", (), 1)[
        :, 0
    ]
    ranks = np.empty(len(ids), dtype=np.int32)
    ranks[np.searchsorted(ids, ordered)] = np.arange(len(ids), dtype=np.int32)
    return ranks
