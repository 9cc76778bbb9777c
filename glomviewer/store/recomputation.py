"""The derived state, computed from the whole log instead of batch by batch."""

from __future__ import annotations

from sqlalchemy import Connection

from glomviewer.store.state import references_of

_LABELS = """
CREATE TEMP TABLE expected_labels AS
SELECT d.patch_id, d.reader_id, f.id AS decision_id, f.label, f.call_shown, f.made_at
FROM decisions d JOIN decisions f ON f.id = d.after_id
WHERE d.id IN (SELECT max(id) FROM decisions WHERE field = 'label' GROUP BY patch_id, reader_id)
"""

_LATEST = """
CREATE TEMP TABLE latest AS SELECT d.patch_id, d.field, f.id, coalesce(f.value, '') AS value
FROM decisions d LEFT JOIN decisions f ON f.id = d.after_id WHERE d.id IN (
SELECT max(id) FROM decisions WHERE field IN ('flag', 'exclusion', 'adjudication')
GROUP BY patch_id, field)
"""

_COMMENTS = """
CREATE TEMP TABLE live_comments AS
SELECT d.patch_id, sum(CASE d.kind WHEN 'undo' THEN -1 ELSE 1 END) AS comments
FROM decisions d JOIN decisions f
ON f.id = CASE d.kind WHEN 'undo' THEN d.before_id ELSE d.after_id END
WHERE d.field IN ('label', 'comment') AND f.comment <> '' GROUP BY d.patch_id
"""

_SHARED = """
CREATE TEMP TABLE expected_shared AS
SELECT p.id AS patch_id, a.id AS adjudication_id, f.id AS flag_id,
coalesce(f.value <> '', 0) AS flagged, e.id AS exclusion_id,
coalesce(e.value <> '', 0) AS excluded, coalesce(c.comments, 0) AS comments
FROM patches p
LEFT JOIN latest a ON a.patch_id = p.id AND a.field = 'adjudication'
LEFT JOIN latest f ON f.patch_id = p.id AND f.field = 'flag'
LEFT JOIN latest e ON e.patch_id = p.id AND e.field = 'exclusion'
LEFT JOIN live_comments c ON c.patch_id = p.id
"""

_STATES = f"""
CREATE TEMP TABLE expected_states AS
SELECT s.patch_id, x.reference, x.source, x.blind, x.disputed, s.adjudication_id, s.flag_id,
s.flagged, s.exclusion_id, s.excluded, s.comments, x.decided_at
FROM expected_shared s
JOIN ({references_of("expected_labels", "expected_shared")}) AS x ON x.patch_id = s.patch_id
"""

_LABEL_COLUMNS = "patch_id, reader_id, decision_id, label, call_shown, made_at"
_STATE_COLUMNS = (
    "patch_id, reference, source, blind, disputed, adjudication_id, flag_id, flagged, "
    "exclusion_id, excluded, comments, decided_at"
)
_TEMPORARY = ("expected_labels", "latest", "live_comments", "expected_shared", "expected_states")

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
    for what, kept, expected, columns in (
        ("current labels of readers", "current_labels", "expected_labels", _LABEL_COLUMNS),
        ("states of patches", "patch_states", "expected_states", _STATE_COLUMNS),
    ):
        wrong = connection.exec_driver_sql(
            f"SELECT count(DISTINCT patch_id) FROM ("
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
    return found


def rebuild(connection: Connection) -> None:
    """Replace the kept state by what the log says."""
    _build(connection)
    connection.exec_driver_sql("DELETE FROM current_labels")
    connection.exec_driver_sql("DELETE FROM patch_states")
    connection.exec_driver_sql(
        f"INSERT INTO current_labels ({_LABEL_COLUMNS}) "
        f"SELECT {_LABEL_COLUMNS} FROM expected_labels"
    )
    connection.exec_driver_sql(
        f"INSERT INTO patch_states ({_STATE_COLUMNS}) SELECT {_STATE_COLUMNS} FROM expected_states"
    )
    _drop(connection)


def _build(connection: Connection) -> None:
    _drop(connection)
    connection.exec_driver_sql(_LABELS)
    connection.exec_driver_sql("CREATE INDEX temp.ix_expected ON expected_labels (patch_id)")
    connection.exec_driver_sql(_LATEST)
    connection.exec_driver_sql("CREATE INDEX temp.ix_latest ON latest (patch_id, field)")
    connection.exec_driver_sql(_COMMENTS)
    connection.exec_driver_sql("CREATE INDEX temp.ix_live ON live_comments (patch_id)")
    connection.exec_driver_sql(_SHARED)
    connection.exec_driver_sql("CREATE INDEX temp.ix_shared ON expected_shared (patch_id)")
    connection.exec_driver_sql(_STATES)


def _drop(connection: Connection) -> None:
    for table in _TEMPORARY:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS temp.{table}")
