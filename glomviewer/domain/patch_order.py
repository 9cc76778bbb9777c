"""The orders in which a query lists patches. Equal places are told apart by name."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.patch_query import PatchQuery, SortKey
from glomviewer.domain.patch_table import Codes, IntArray, Mask, PatchTable

BY_MODEL = frozenset({SortKey.UNCERTAINTY, SortKey.PROBABILITY, SortKey.DISAGREEMENT})
"""Orders that would tell a call: rows without a visible one come last, by name."""

_LAST = np.int64(2**31 - 1)


def ordered(table: PatchTable, rows: IntArray, query: PatchQuery, *, known: Mask) -> IntArray:
    """`rows` in the query's order.

    *Uncertainty* puts the nearest to the threshold first, *disagreement* what the model
    contradicts most; `descending` turns any order round, except that rows that have no place
    in it (no visible call, no case, no decision) stay last.
    """
    if not len(rows):
        return rows
    place, placed = _places(table, rows, query.sort, known)
    if query.descending:
        place = -place - 1
    place = np.where(placed, place, _LAST)
    # One int64 key sorts several times faster than two keys by lexsort.
    name = table["name_rank"][rows].astype(np.int64)
    if query.descending and query.sort is SortKey.NAME:
        return rows[np.argsort(place, kind="stable")]
    return rows[np.argsort((place << np.int64(32)) + name)]


def _places(
    table: PatchTable, rows: IntArray, sort: SortKey, known: Mask
) -> tuple[NDArray[np.int64], Mask]:
    """The place of each row as an int32 value in int64, and whether it has one at all."""
    everywhere = np.ones(len(rows), dtype=np.bool_)
    if sort in BY_MODEL:
        key = _model_key(table, rows, sort)
        return _sortable(key), known[rows] & ~np.isnan(key)
    if sort is SortKey.CASE:
        case = table["case"][rows].astype(np.int64)
        return _natural_ranks(table.cases)[case], case >= 0
    if sort is SortKey.SIZE:
        area = table["width"][rows].astype(np.float32) * table["height"][rows].astype(np.float32)
        return _sortable(area), everywhere
    if sort is SortKey.TIME:
        decided = table["decided_at"][rows].astype(np.int64)
        # Seconds since 2000 leave room in 31 bits until 2068.
        return np.clip(decided - 946_684_800, 0, 2**31 - 2), decided > 0
    return table["name_rank"][rows].astype(np.int64), everywhere


def _model_key(table: PatchTable, rows: IntArray, sort: SortKey) -> NDArray[np.float32]:
    view = table.view
    if sort is SortKey.PROBABILITY:
        return view.logit[rows]
    if sort is SortKey.UNCERTAINTY:
        return np.abs(view.logit[rows] - np.float32(view.threshold))
    shown: Codes = table.shown_label()[rows]
    target = table.target_of(shown)
    above = view.ranking[rows] - np.float32(view.threshold)
    agreement = np.where(target == 1, above, -above)
    return np.where(target >= 0, agreement, np.nan).astype(np.float32)


def _sortable(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """Integers in the order of floats: their bits, the lower ones of negatives turned over."""
    bits = (np.ascontiguousarray(values, dtype=np.float32) + np.float32(0)).view(np.int32)
    return np.where(bits < 0, bits ^ np.int32(0x7FFFFFFF), bits).astype(np.int64)


def _natural_ranks(names: list[str]) -> NDArray[np.int64]:
    """The place of each name when "case 2" comes before "case 10"; one more for code -1."""
    ranks = np.zeros(len(names) + 1, dtype=np.int64)
    in_order = sorted(range(len(names)), key=lambda code: natural_key(names[code]))
    ranks[np.asarray(in_order, dtype=np.int64)] = np.arange(len(names))
    return ranks


def natural_key(name: str) -> list[tuple[int, Any]]:
    """A key that sorts numbers within names by value and letters whatever their case."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts if part]
