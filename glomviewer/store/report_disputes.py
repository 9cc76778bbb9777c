"""How the disputes of a reading stand and how they got there, for a report."""

from __future__ import annotations

from sqlalchemy import Connection

from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.rows import Act, SettlementRow
from glomviewer.store import clock, disputes

_ACT = "{0}r.name, {0}r.initials, {0}.made_at, {0}.zone, {1}"
_SETTLED = f"""
SELECT s.patch_id, {_ACT.format("a", "a.comment")}, {_ACT.format("f", "f.comment")},
{_ACT.format("e", "e.value")}
FROM patch_states s
LEFT JOIN decisions a ON a.id = s.adjudication_id LEFT JOIN readers ar ON ar.id = a.reader_id
LEFT JOIN decisions f ON f.id = s.referral_id AND s.referral <> ''
LEFT JOIN readers fr ON fr.id = f.reader_id
LEFT JOIN decisions e ON e.id = s.exclusion_id AND s.excluded
LEFT JOIN readers er ON er.id = e.reader_id
WHERE s.patch_id IN (SELECT patch_id FROM reading_items WHERE reading_id = ?)
AND (a.id IS NOT NULL OR f.id IS NOT NULL OR e.id IS NOT NULL)
"""


def settlements(connection: Connection, reading: int) -> dict[int, SettlementRow]:
    """By patch: what was adjudicated or excluded, and what waits for others."""
    return {
        row[0]: SettlementRow(
            patch=row[0],
            adjudicated=_act(*row[1:6]),
            referred=_act(*row[6:11]),
            excluded=_act(*row[11:16]),
        )
        for row in connection.exec_driver_sql(_SETTLED, (reading,))
    }


def states(connection: Connection, reading: int) -> dict[int, DisputeState]:
    """By patch, as the queue of disputes has it; a patch that is in none of its lists is not
    disputed any more, or excluded."""
    found: dict[int, DisputeState] = {}
    for state in DisputeState:
        found |= dict.fromkeys(disputes.queue(connection, state, reading), state)
    return found


def _act(name: str | None, initials: str, at: int, zone: str, reason: str) -> Act | None:
    if name is None:
        return None
    by = f"{name} ({initials})" if initials else name
    return Act(by, Moment(clock.moment(at), zone), reason)
