"""What is derived from the log: each reader's current labels and the state of each patch.

`apply_batch` follows the log batch by batch; `recomputation` computes the same from the whole
log, and `verify` and a property test hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from glomviewer.domain.labels import ReferenceSource
from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.log import Field

_UPSERT_LABELS = """
INSERT INTO current_labels (patch_id, reader_id, decision_id, label, call_shown, made_at)
SELECT d.patch_id, d.reader_id, f.id, f.label, f.call_shown, f.made_at
FROM decisions d JOIN decisions f ON f.id = d.after_id
WHERE d.batch_id = ? AND d.field = 'label'
ON CONFLICT (patch_id, reader_id) DO UPDATE SET decision_id = excluded.decision_id,
label = excluded.label, call_shown = excluded.call_shown, made_at = excluded.made_at
"""

_DELETE_LABELS = """
DELETE FROM current_labels WHERE (patch_id, reader_id) IN (
SELECT patch_id, reader_id FROM decisions
WHERE batch_id = ? AND field = 'label' AND after_id IS NULL)
"""

_SET_IN_FORCE = {
    Field.FLAG: "flag_id = x.after_id, flagged = (x.value <> '')",
    Field.EXCLUSION: "exclusion_id = x.after_id, excluded = (x.value <> '')",
    Field.ADJUDICATION: "adjudication_id = x.after_id",
}

_COUNT_COMMENTS = """
UPDATE patch_states SET comments = comments + x.delta FROM (
SELECT d.patch_id, sum(CASE d.kind WHEN 'undo' THEN -1 ELSE 1 END) AS delta
FROM decisions d JOIN decisions f
ON f.id = CASE d.kind WHEN 'undo' THEN d.before_id ELSE d.after_id END
WHERE d.batch_id = ? AND d.field IN ('label', 'comment') AND f.comment <> ''
GROUP BY d.patch_id) AS x WHERE x.patch_id = patch_states.patch_id
"""

_REFERENCES = f"""
SELECT p.id AS patch_id,
CASE WHEN a.id IS NOT NULL THEN a.label WHEN c.n IS NULL THEN p.imported_label
WHEN c.low = c.high THEN c.low ELSE -1 END AS reference,
CASE WHEN a.id IS NOT NULL THEN {ReferenceSource.ADJUDICATED:d}
WHEN c.n IS NULL THEN iif(p.imported_label = -1, {ReferenceSource.NONE:d},
{ReferenceSource.IMPORTED:d}) WHEN c.low <> c.high THEN {ReferenceSource.DISPUTED:d}
WHEN c.n = 1 THEN {ReferenceSource.SINGLE_READER:d}
ELSE {ReferenceSource.READERS_AGREE:d} END AS source,
CASE WHEN a.id IS NOT NULL THEN a.call_shown = 0 WHEN c.n IS NULL THEN p.imported_label <> -1
WHEN c.low <> c.high THEN 0 ELSE c.shown = 0 END AS blind,
coalesce(a.id IS NULL AND c.low <> c.high, 0) AS disputed,
max(coalesce(c.made_at, 0), coalesce(a.made_at, 0)) / 1000000 AS decided_at
FROM patches p JOIN {{states}} s ON s.patch_id = p.id
LEFT JOIN decisions a ON a.id = s.adjudication_id
LEFT JOIN (SELECT patch_id, count(*) AS n, min(label) AS low, max(label) AS high,
max(call_shown) AS shown, max(made_at) AS made_at
FROM {{labels}} {{where_labels}} GROUP BY patch_id) AS c ON c.patch_id = p.id {{where_patches}}
"""
"""The reference label by the stated order: adjudicated, else what all readers agree on, else a
single reader's, else imported. `blind`: no call was shown to anyone whose label it rests on."""


def references_of(labels: str, states: str, among: str = "") -> str:
    """The query for reference labels over these tables, of the patches `among`, else of all."""
    return _REFERENCES.format(
        labels=labels,
        states=states,
        where_labels=f"WHERE patch_id IN {among}" if among else "",
        where_patches=f"WHERE p.id IN {among}" if among else "",
    )


def _set_references(among: str) -> str:
    return (
        "UPDATE patch_states SET reference = x.reference, source = x.source, blind = x.blind, "
        "disputed = x.disputed, decided_at = x.decided_at FROM ("
        f"{references_of('current_labels', 'patch_states', among)}"
        ") AS x WHERE x.patch_id = patch_states.patch_id"
    )


_SET_REFERENCES_OF_BATCH = _set_references("(SELECT patch_id FROM decisions WHERE batch_id = ?)")
_SET_REFERENCES_OF_IDS = _set_references(IDS)

_SEE = """
INSERT OR IGNORE INTO seen (reader_id, patch_id)
SELECT reader_id, patch_id FROM decisions WHERE batch_id = ? AND kind = 'do' AND on_screen = 1
"""


def apply_batch(connection: Connection, batch: int, fields: Collection[Field]) -> None:
    """Bring the derived state up to date with a batch that was just appended."""
    if Field.LABEL in fields:
        connection.exec_driver_sql(_UPSERT_LABELS, (batch,))
        connection.exec_driver_sql(_DELETE_LABELS, (batch,))
    for field, assignment in _SET_IN_FORCE.items():
        if field in fields:
            connection.exec_driver_sql(
                f"UPDATE patch_states SET {assignment} FROM ("
                "SELECT d.patch_id, d.after_id, coalesce(f.value, '') AS value "
                "FROM decisions d LEFT JOIN decisions f ON f.id = d.after_id "
                "WHERE d.batch_id = ? AND d.field = ?) AS x "
                "WHERE x.patch_id = patch_states.patch_id",
                (batch, field.value),
            )
    if Field.LABEL in fields or Field.COMMENT in fields:
        connection.exec_driver_sql(_COUNT_COMMENTS, (batch,))
    if Field.LABEL in fields or Field.ADJUDICATION in fields:
        connection.exec_driver_sql(_SET_REFERENCES_OF_BATCH, (batch, batch))
    connection.exec_driver_sql(_SEE, (batch,))


def recompute_references(connection: Connection, patches: Iterable[int]) -> None:
    """After something other than a gesture changed what they rest on: an imported label."""
    ids = id_list(patches)
    connection.exec_driver_sql(_SET_REFERENCES_OF_IDS, (ids, ids))
