"""The log: complete, only ever grown, its chains unbroken, and what the derived state says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from glomviewer.store import (
    journal,
    recomputation,
    verify_acts,
    verify_chain,
    verify_readings,
    verify_rows,
    verify_types,
)
from glomviewer.store.import_values import (
    Cancelled,
    Progress,
    never_cancelled,
    no_progress,
)
from glomviewer.store.schema import trigger_statements

_NUMBERED = {
    "decisions": "SELECT origin_id, sequence FROM decisions UNION "
    "SELECT b.origin_id, u.sequence FROM unplaced u JOIN batches b ON b.id = u.batch_id",
    "batches": "SELECT origin_id, sequence FROM batches",
}

_SEQUENCES = """
SELECT o.uuid, count(*), min(l.sequence), max(l.sequence)
FROM ({numbered}) l JOIN origins o ON o.id = l.origin_id GROUP BY o.id
"""

_MISCOUNTED = """
SELECT count(*) FROM (SELECT b.id FROM batches b LEFT JOIN decisions d ON d.batch_id = b.id
WHERE b.id NOT IN (SELECT batch_id FROM unplaced)
GROUP BY b.id HAVING b.patches <> count(DISTINCT d.patch_id))
"""

_DIVIDED = """
SELECT count(*) FROM (SELECT case_id FROM patches WHERE case_id IS NOT NULL AND split <> -1
AND duplicate_of IS NULL GROUP BY case_id HAVING count(DISTINCT split) > 1)
"""


def look(
    connection: Connection,
    problems: list[str],
    facts: dict[str, Any],
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> None:
    """Append what is wrong to `problems` and what was counted to `facts`.

    Raises:
        ImportCancelled: `cancelled` said so.
    """

    def count(sql: str) -> int:
        return int(connection.exec_driver_sql(sql).scalar_one())

    facts["patches"] = count("SELECT count(*) FROM patches")
    facts["decisions"] = count("SELECT count(*) FROM decisions")
    facts["gestures"] = count("SELECT count(*) FROM batches")
    facts["readers"] = count("SELECT count(*) FROM readers")
    facts["acts"] = count("SELECT count(*) FROM journal")
    facts["heads"] = [[one.origin, one.sequence, one.hash] for one in journal.heads(connection)]
    problems += log_problems(connection, progress=progress, cancelled=cancelled)
    for log, numbered in _NUMBERED.items():
        for origin, rows, first, last in connection.exec_driver_sql(
            _SEQUENCES.format(numbered=numbered)
        ):
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


def log_problems(
    connection: Connection,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> list[str]:
    """What was edited, inserted or deleted in the log, each told in a sentence that says where.

    Raises:
        ImportCancelled: `cancelled` said so.
    """
    wrong_types = list(verify_types.wrong_types(connection))
    if wrong_types:
        return wrong_types
    return [
        *verify_chain.broken_chains(connection, progress=progress, cancelled=cancelled),
        *verify_rows.disagreements(connection),
        *verify_acts.disagreements(connection),
        *verify_readings.disagreements(connection),
    ]


def _missing_triggers(connection: Connection) -> str:
    there = {
        row[0]
        for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'")
    }
    wanted = [statement.split()[2] for statement in trigger_statements()]
    return ", ".join(name for name in wanted if name not in there)
