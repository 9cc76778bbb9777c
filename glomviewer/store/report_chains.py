"""The heads of the chains as a report prints them, and the keys that are known."""

from __future__ import annotations

from sqlalchemy import Connection

from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.study import Chain, Key
from glomviewer.store import clock

REPORT = "report"
"""What the journal's row of an export says in `what` where a report was written."""

_LAST = f"""
SELECT origin_id, max(sequence) AS sequence FROM journal
WHERE kind <> 'backup' AND (kind <> 'export' OR json_extract(body, '$.what') IS NOT '{REPORT}')
GROUP BY origin_id
"""
"""A report and a backup are rows too; were they counted at a chain's end, no report could be made
twice."""

_HEADS = f"""
SELECT o.uuid, j.sequence, j.hash, (SELECT group_concat(initials, ', ') FROM (
SELECT DISTINCT r.initials FROM journal k JOIN readers r ON r.id = k.reader_id
WHERE k.origin_id = o.id AND k.kind = 'gesture' ORDER BY r.initials))
FROM ({_LAST}) AS last JOIN origins o ON o.id = last.origin_id
JOIN journal j ON j.origin_id = last.origin_id AND j.sequence = last.sequence ORDER BY o.uuid
"""


def chains(connection: Connection) -> list[Chain]:
    """One for each installation that has written here, by name."""
    return [
        Chain(origin=uuid, readers=readers or "", rows=sequence, head=head)
        for uuid, sequence, head, readers in connection.exec_driver_sql(_HEADS)
    ]


def keys(connection: Connection) -> list[Key]:
    rows = connection.exec_driver_sql(
        "SELECT name, fingerprint, trusted_at FROM known_keys ORDER BY name, fingerprint"
    )
    return [Key(name, fingerprint, Moment(clock.moment(at))) for name, fingerprint, at in rows]
