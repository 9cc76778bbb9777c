"""Whether a reader could have known the model's call of a patch when he labelled it.

The store says so, whatever a screen says: a label made after seeing must not pass for one made
before, since only those count in agreement and in the gate.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.pending import CAN_REVEAL

_TOLD = f"""
SELECT d.patch_id FROM decisions d WHERE d.patch_id IN {IDS} AND d.reader_id = ?
AND d.kind = 'do' AND d.call_shown = 1
UNION
SELECT i.patch_id FROM reading_items i JOIN readings g ON g.id = i.reading_id
WHERE i.patch_id IN {IDS} AND i.reader_id = ? AND {CAN_REVEAL}
AND EXISTS (SELECT 1 FROM decisions d WHERE d.item_id = i.id AND d.reader_id = i.reader_id
AND d.kind = 'do' AND d.field = 'label' AND NOT EXISTS (SELECT 1 FROM pending p
JOIN readings k ON k.id = p.reading_id WHERE p.reader_id = d.reader_id AND p.patch_id = d.patch_id
AND p.call_told = 0 AND k.created_at <= d.made_at))
"""
"""A commit earns no call that another reading keeps back at the time."""


def told(connection: Connection, reader: int, patches: Collection[int]) -> set[int]:
    """Those of these patches of which this reader has decided something beside the model's call,
    or earned it by a commit. What he has taken back since counts: he has seen it."""
    ids = id_list(patches)
    rows = connection.exec_driver_sql(_TOLD, (ids, reader, ids, reader))
    return {int(row[0]) for row in rows}
