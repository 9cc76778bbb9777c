"""Whether a reader could have known the model's call of a patch when he labelled it.

The store says so, whatever a screen says: a label made after seeing must not pass for one made
before, since only those count in agreement and in the gate.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.journal import Act
from glomviewer.store.packs.manifest import PackKind
from glomviewer.store.pending import CAN_REVEAL

KEPT_BACK = "kept_back"
"""What the act of writing a pack calls the items whose call it does not hold, since another reading
of the same reader keeps it from him."""

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


_SENT = f"""
SELECT k.uuid, i.patch_id, i.uuid FROM packs k JOIN readings g ON g.id = k.reading_id
JOIN reading_items i ON i.reading_id = g.id AND i.reader_id = k.reader_id
WHERE k.kind = '{PackKind.READING.value}' AND k.reader_id = ? AND g.id <> ? AND {CAN_REVEAL}
AND i.patch_id IN {IDS}
"""

_KEPT_BACK = f"""
SELECT x.value FROM journal j
CROSS JOIN json_each(iif(json_valid(j.body), j.body, '{{}}'), '$.{KEPT_BACK}') x
WHERE j.kind = '{Act.PACK.value}' AND json_extract(j.body, '$.pack') = ?
"""


def told(
    connection: Connection, reader: int, patches: Collection[int], *, reading: int = 0
) -> set[int]:
    """Those of these patches of which this reader has decided something beside the model's call,
    earned it by a commit, or could have earned it in a pack that is out, of another reading than
    `reading`. What he has taken back since counts: he has seen it."""
    ids = id_list(patches)
    rows = connection.exec_driver_sql(_TOLD, (ids, reader, ids, reader))
    return {int(row[0]) for row in rows} | _sent(connection, reader, ids, reading)


def _sent(connection: Connection, reader: int, ids: str, reading: int) -> set[int]:
    """Patches whose call lies sealed in a pack that was written for this reader."""
    found: dict[str, list[tuple[int, str]]] = {}
    for pack, patch, item in connection.exec_driver_sql(_SENT, (reader, reading, ids)):
        found.setdefault(pack, []).append((patch, item))
    told_there: set[int] = set()
    for pack, items in found.items():
        kept = set(connection.exec_driver_sql(_KEPT_BACK, (pack,)).scalars())
        told_there.update(patch for patch, item in items if item not in kept)
    return told_there
