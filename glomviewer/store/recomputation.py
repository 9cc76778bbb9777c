"""The derived state, computed from the whole log instead of gesture by gesture."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from glomviewer.store import derived, made_knowing, pending

_TABLES = {
    "expected_withdrawn": derived.withdrawn_batches(),
    "expected_knowing": made_knowing.QUERY,
    "expected_labels": derived.labels(),
    "expected_shared": derived.shared(),
    "expected_states": (
        "SELECT s.patch_id, x.reference, x.source, x.gate_label <> -1 AS blind, x.gate_label, "
        "x.disputed, s.referral, s.referral_id, s.adjudication_id, s.flag_id, s.flagged, "
        "s.exclusion_id, s.excluded, s.comments, x.decided_at FROM expected_shared s JOIN ("
        f"{derived.references('expected_labels', 'expected_shared')}"
        ") AS x ON x.patch_id = s.patch_id"
    ),
}

_INDEXES = {"expected_labels": "patch_id", "expected_shared": "patch_id"}

_KEPT = (
    ("gestures taken back", "withdrawn", "expected_withdrawn", "batch_id", "batch_id"),
    (
        "labels made in packs by who knew the call",
        "made_knowing",
        "expected_knowing",
        "decision_id",
        "decision_id",
    ),
    (
        "current labels of readers",
        "current_labels",
        "expected_labels",
        derived.LABEL_COLUMNS,
        "patch_id",
    ),
    ("states of patches", "patch_states", "expected_states", derived.STATE_COLUMNS, "patch_id"),
)

_UNSEEN_THOUGH_LOGGED = """
SELECT count(*) FROM (SELECT DISTINCT reader_id, patch_id FROM decisions
WHERE kind = 'do' AND on_screen = 1) AS d LEFT JOIN seen s
ON s.reader_id = d.reader_id AND s.patch_id = d.patch_id WHERE s.patch_id IS NULL
"""


def differences(connection: Connection) -> list[str]:
    """What the kept state says otherwise than the log, as sentences; none when all is well.

    Writes temporary tables only, so a library that is open for reading can be asked.
    """
    _build(connection)
    found: list[str] = []
    for what, kept, expected, columns, key in _KEPT:
        wrong = connection.exec_driver_sql(
            f"SELECT count(DISTINCT {key}) FROM ("
            f"SELECT * FROM (SELECT {columns} FROM {kept} EXCEPT SELECT {columns} FROM {expected}) "
            f"UNION ALL SELECT * FROM ("
            f"SELECT {columns} FROM {expected} EXCEPT SELECT {columns} FROM {kept}))"
        ).scalar_one()
        if wrong:
            found.append(f"{wrong:,} {what} are not what the log of decisions says.")
    _drop(connection)
    unseen = connection.exec_driver_sql(_UNSEEN_THOUGH_LOGGED).scalar_one()
    if unseen:
        found.append(f"{unseen:,} patches were decided on screen but are kept as not yet seen.")
    unsettled = pending.differences(connection)
    if unsettled:
        found.append(
            f"{unsettled:,} patches are kept as read independently, or as not, otherwise than the "
            "readings say."
        )
    return found


def _untold(_done: int, _total: int) -> None:
    pass


def _uncounted(_done: int) -> None:
    pass


def rebuild(connection: Connection, told: Callable[[int, int], None] = _untold) -> None:
    """Replace the kept state by what the log says. `told` hears how many of its tables are done."""
    kept_tables = _KEPT[2:]
    total = len(_TABLES) + len(kept_tables)
    told(0, total)
    connection.exec_driver_sql("DELETE FROM withdrawn")
    connection.exec_driver_sql(f"INSERT INTO withdrawn (batch_id) {derived.withdrawn_batches()}")
    connection.exec_driver_sql("DELETE FROM made_knowing")
    connection.exec_driver_sql(f"INSERT INTO made_knowing (decision_id) {made_knowing.QUERY}")
    _build(connection, lambda done: told(done, total))
    for done, (_, kept, expected, columns, _) in enumerate(kept_tables, start=len(_TABLES) + 1):
        connection.exec_driver_sql(f"DELETE FROM {kept}")
        connection.exec_driver_sql(
            f"INSERT INTO {kept} ({columns}) SELECT {columns} FROM {expected}"
        )
        told(done, total)
    _drop(connection)
    pending.rebuild(connection)


def _build(connection: Connection, told: Callable[[int], None] = _uncounted) -> None:
    _drop(connection)
    for done, (table, query) in enumerate(_TABLES.items(), start=1):
        connection.exec_driver_sql(f"CREATE TEMP TABLE {table} AS {query}")
        if table in _INDEXES:
            connection.exec_driver_sql(
                f"CREATE INDEX temp.ix_{table} ON {table} ({_INDEXES[table]})"
            )
        told(done)


def _drop(connection: Connection) -> None:
    for table in _TABLES:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS temp.{table}")
