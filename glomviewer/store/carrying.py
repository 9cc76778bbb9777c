"""Carrying a case's exclusion over to patches that are imported into it later.

Whoever withdrew a patient's consent did so for patches to come as well.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection

from glomviewer.store import state
from glomviewer.store.installation import current_origin, installation_id
from glomviewer.store.log import Entry, Field, Gesture, Kind, append

WHOLE_CASE = "whole case"
"""The detail of an exclusion that was meant for a case and not for its patches one by one."""

_NEWCOMERS = """
SELECT p.id, e.reader_id, e.value FROM patches p
JOIN patches o ON o.case_id = p.case_id AND o.id < :first
JOIN patch_states s ON s.patch_id = o.id LEFT JOIN decisions e ON e.id = s.exclusion_id
WHERE p.id >= :first GROUP BY p.id
HAVING min(s.excluded AND e.detail = :detail) = 1 ORDER BY p.id
"""


def carry_exclusions(connection: Connection, first: int) -> int:
    """Exclude patches from `first` on whose whole case is excluded; how many there were.

    Logged as gestures of the reader who excluded the case, who can undo them.
    """
    newcomers: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for patch, reader, reason in connection.exec_driver_sql(
        _NEWCOMERS, {"first": first, "detail": WHOLE_CASE}
    ):
        newcomers[reader, reason].append(patch)
    origin = current_origin(connection, installation_id())
    if origin is None:
        return 0
    for (reader, reason), patches in newcomers.items():
        entries = [
            Entry(patch, Field.EXCLUSION, value=reason, detail=WHOLE_CASE) for patch in patches
        ]
        title = f"exclude {len(patches):,} newly imported of an excluded case: {reason}"
        batch = append(connection, Gesture(reader, title, Kind.DO, entries), origin=origin[0])
        state.apply_batch(connection, batch)
    return sum(map(len, newcomers.values()))
