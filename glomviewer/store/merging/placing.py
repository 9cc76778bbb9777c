"""Decisions about patches that were not here when their log came in, and are here now."""

from __future__ import annotations

from sqlalchemy import Connection

from glomviewer.store import state
from glomviewer.store.journal_stream import unplaced_row
from glomviewer.store.merging.subjects import Places
from glomviewer.store.merging.writing import DECISION

_WAITING = """
SELECT u.batch_id, u.row, b.origin_id, b.clock, b.reader_id, r.uuid, b.kind, b.made_at, b.zone
FROM unplaced u JOIN batches b ON b.id = u.batch_id JOIN readers r ON r.id = b.reader_id
WHERE NOT EXISTS (SELECT 1 FROM decisions d
WHERE d.batch_id = u.batch_id AND d.sequence = u.sequence) ORDER BY u.batch_id, u.sequence
"""


def place(connection: Connection) -> set[int]:
    """Enter waiting decisions whose patch or item is here by now; the patches they are about.

    The rows stay among the unplaced, as logs only grow.
    """
    waiting = [(unplaced_row(row[1]), row) for row in connection.exec_driver_sql(_WAITING).all()]
    if not waiting:
        return set()
    places = Places(connection, (row for row, _ in waiting))
    entered: list[tuple[object, ...]] = []
    batches: set[int] = set()
    patches: set[int] = set()
    for row, (batch, _, origin, at, reader, uuid, kind, made_at, zone) in waiting:
        found = places.of(row, uuid)
        if found is None:
            continue
        batches.add(batch)
        patches.add(found.patch)
        entered.append(
            (
                origin,
                row.sequence,
                at,
                batch,
                reader,
                found.patch,
                found.item,
                row.field,
                kind,
                *row[4:],
                made_at,
                zone,
            )
        )
    if entered:
        connection.exec_driver_sql(DECISION, entered)
        state.recompute(connection, patches)
        state.see_all(connection, batches)
    return patches
