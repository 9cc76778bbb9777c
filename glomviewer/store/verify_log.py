"""The log of decisions: complete, only ever grown, and what the derived state says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from glomviewer.store import recomputation
from glomviewer.store.schema import trigger_statements

_LOGS = ("decisions", "batches")

_SEQUENCES = """
SELECT o.uuid, count(*), min(l.sequence), max(l.sequence)
FROM {log} l JOIN origins o ON o.id = l.origin_id GROUP BY o.id
"""

_MISCOUNTED = """
SELECT count(*) FROM (SELECT b.id FROM batches b LEFT JOIN decisions d ON d.batch_id = b.id
GROUP BY b.id HAVING b.patches <> count(DISTINCT d.patch_id))
"""

_DIVIDED = """
SELECT count(*) FROM (SELECT case_id FROM patches WHERE case_id IS NOT NULL AND split <> -1
AND duplicate_of IS NULL GROUP BY case_id HAVING count(DISTINCT split) > 1)
"""


def look(connection: Connection, problems: list[str], facts: dict[str, Any]) -> None:
    """Append what is wrong to `problems` and what was counted to `facts`."""

    def count(sql: str) -> int:
        return int(connection.exec_driver_sql(sql).scalar_one())

    facts["patches"] = count("SELECT count(*) FROM patches")
    facts["decisions"] = count("SELECT count(*) FROM decisions")
    facts["gestures"] = count("SELECT count(*) FROM batches")
    facts["readers"] = count("SELECT count(*) FROM readers")
    for log in _LOGS:
        for origin, rows, first, last in connection.exec_driver_sql(_SEQUENCES.format(log=log)):
            if first != 1 or last - first + 1 != rows:
                missing = last - rows
                problems.append(
                    f"The log {log} of installation {origin[:8]} lacks {missing:,} of its "
                    f"{last:,} rows."
                )
    miscounted = count(_MISCOUNTED)
    if miscounted:
        problems.append(f"{miscounted:,} gestures do not have as many decisions as they say.")
    missing = _missing_triggers(connection)
    if missing:
        problems.append(f"The guards that keep the logs as they are were removed: {missing}.")
    without = count(
        "SELECT count(*) FROM patches p LEFT JOIN files f ON f.patch_id = p.id "
        "LEFT JOIN patch_states s ON s.patch_id = p.id "
        "WHERE f.patch_id IS NULL OR s.patch_id IS NULL"
    )
    if without:
        problems.append(f"{without:,} patches have no file or no state.")
    divided = count(_DIVIDED)
    if divided:
        facts["cases_in_several_splits"] = divided
    problems += recomputation.differences(connection)


def _missing_triggers(connection: Connection) -> str:
    there = {
        row[0]
        for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'")
    }
    wanted = [statement.split()[2] for statement in trigger_statements()]
    return ", ".join(name for name in wanted if name not in there)
