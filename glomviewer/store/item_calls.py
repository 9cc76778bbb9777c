"""What was said on the items of readings, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from glomviewer.domain.agreement.ratings import Codes, Ids, Mask
from glomviewer.domain.labels import NO_LABEL
from glomviewer.store.made_knowing import SHOWN
from glomviewer.store.table import integers

_LOW = 0xFFFFFFFF

Value = TypeVar("Value", bound=np.generic)

# Packed, since a Python object for each column of half a million rows is what takes the time.
_ITEMS = """
SELECT id, (patch_id << 32) | place, (reader_id << 32) | coalesce(repeat_of, 0)
FROM reading_items WHERE {which} ORDER BY id
"""

_SAID = f"""
SELECT (item_id << 32) | clock,
(sequence << 24) | (origin_id << 9) | ({SHOWN} << 8) | (label + 1), made_at
FROM decisions d WHERE {{items}} AND kind = 'do' AND field = 'label'
AND batch_id NOT IN (SELECT batch_id FROM withdrawn)
"""


@dataclass(frozen=True, slots=True)
class ItemCalls:
    """Items in ascending order of `item`; all arrays have the shape (items,).

    `first` is the last label before any reveal of the patch, `final` the latest, `opening` the
    first of all on this item or, before a reveal, the last; -1 where there is none. `first_at`
    is when `first` was made, in UTC microseconds, 0 for none; `repeat_of` is 0 for no repeat.
    """

    item: Ids
    patch: Ids
    reader: Ids
    place: Ids
    repeat_of: Ids
    first: Codes
    first_at: Ids
    final: Codes
    final_shown: Mask
    opening: Codes
    opening_shown: Mask

    @property
    def is_repeat(self) -> Mask:
        return self.repeat_of > 0


def item_calls(connection: Connection, which: str) -> ItemCalls:
    """Of the items that this condition on `reading_items` holds for."""
    items = integers(connection, _ITEMS.format(which=which), (), 3)
    said = _in_order(connection, _said(connection, which, items[:, 0]))
    label = ((said[:, 1] & 0xFF) - 1).astype(np.int8)
    shown = ((said[:, 1] >> 8) & 1).astype(np.bool_)
    start = np.searchsorted(said[:, 0], items[:, 0] << 32, side="left")
    end = np.searchsorted(said[:, 0], (items[:, 0] + 1) << 32, side="left")
    # Where the first row lies that was written after seeing; behind all where none was.
    after = np.append(np.where(shown, np.arange(len(said)), len(said)), len(said))
    earliest = np.minimum.accumulate(after[::-1])[::-1]
    before_reveal = np.minimum(earliest[start], end) - 1
    told_first = before_reveal < start
    opening = np.where(told_first, start, before_reveal)
    none = end <= start
    return ItemCalls(
        item=items[:, 0],
        patch=items[:, 1] >> 32,
        reader=items[:, 2] >> 32,
        place=items[:, 1] & _LOW,
        repeat_of=items[:, 2] & _LOW,
        first=_at(label, before_reveal, none | told_first, NO_LABEL),
        first_at=_at(said[:, 2], before_reveal, none | told_first, 0),
        final=_at(label, end - 1, none, NO_LABEL),
        final_shown=_at(shown, end - 1, none, False),
        opening=_at(label, opening, none, NO_LABEL),
        opening_shown=_at(shown, opening, none, False),
    )


def _said(connection: Connection, which: str, items: Ids) -> Ids:
    """The rows of the log about these items. Where most of it is about them, it is read through
    as it lies, which takes two thirds of the time of looking each item up."""
    rows = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM decisions").scalar_one()
    if 2 * len(items) < rows:
        among = f"item_id IN (SELECT id FROM reading_items WHERE {which})"
        return integers(connection, _SAID.format(items=among), (), 3)
    said = integers(connection, _SAID.format(items="item_id IS NOT NULL"), (), 3)
    return said[np.isin(said[:, 0] >> 32, items)]


def _in_order(connection: Connection, said: Ids) -> Ids:
    """Rows by item and then as the log orders them: by clock, name of origin, sequence."""
    keys = said[:, 0]
    ordered = said[np.argsort(keys, kind="stable")]
    if not np.any(ordered[1:, 0] == ordered[:-1, 0]):
        return ordered
    rank = _origin_ranks(connection)[(said[:, 1] >> 9) & 0x7FFF]
    return said[np.lexsort((said[:, 1] >> 24, rank, keys))]


def _at(values: NDArray[Value], rows: Ids, missing: Mask, nothing: int | bool) -> NDArray[Value]:
    """The values of these rows, `nothing` where there is none."""
    if not len(values):
        return np.full(len(rows), nothing, dtype=values.dtype)
    found = values[np.clip(rows, 0, len(values) - 1)]
    found[missing] = nothing
    return found


def _origin_ranks(connection: Connection) -> Ids:
    """The place of each origin in the order of their names, by its id."""
    rows = connection.exec_driver_sql("SELECT id FROM origins ORDER BY uuid").scalars().all()
    ranks = np.zeros(max(rows, default=0) + 1, dtype=np.int64)
    for place, origin in enumerate(rows):
        ranks[origin] = place
    return ranks
