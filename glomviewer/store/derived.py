"""What follows from the log, as queries: of some patches after a gesture, or of the whole library.

In force is the last row that its reader has not taken back, in the order of the Lamport clocks and,
where two installations did not know of each other, of their names: never of a wall clock, so that
libraries that hold the same rows say the same whatever the order in which they got them.
"""

from __future__ import annotations

from glomviewer.domain.labels import ReferenceSource
from glomviewer.store.made_knowing import SHOWN

ORDER = "clock, origin, sequence"
NEWEST_FIRST = "clock DESC, origin DESC, sequence DESC"

_LIVE = f"""
SELECT d.id, d.patch_id, d.reader_id, d.field, d.label, d.value, d.comment, {SHOWN} AS call_shown,
d.made_at, d.clock AS clock, o.uuid AS origin, d.sequence AS sequence
FROM decisions d JOIN origins o ON o.id = d.origin_id
LEFT JOIN reading_items i ON i.id = d.item_id
WHERE d.kind = 'do' AND i.repeat_of IS NULL
AND d.batch_id NOT IN (SELECT batch_id FROM withdrawn)
"""
"""Gestures that hold. A repeat is asked to hear whether a reader agrees with himself, so what he
says of it is not his label."""

LABEL_COLUMNS = (
    "patch_id, reader_id, decision_id, label, call_shown, first_id, first_label, made_at"
)
STATE_COLUMNS = (
    "patch_id, reference, source, blind, gate_label, disputed, referral, referral_id, "
    "adjudication_id, flag_id, flagged, exclusion_id, excluded, comments, decided_at"
)


def withdrawn_batches(among: str = "") -> str:
    """Gestures whose reader has taken them back and not made them again; `among` these roots."""
    where = f"AND b.root IN {among}" if among else ""
    return (
        "SELECT root AS batch_id FROM (SELECT b.root, b.kind, row_number() OVER (PARTITION BY "
        "b.root ORDER BY b.clock DESC, o.uuid DESC, b.sequence DESC) AS place FROM batches b "
        f"JOIN origins o ON o.id = b.origin_id WHERE b.kind <> 'do' {where}) "
        "WHERE place = 1 AND kind = 'undo'"
    )


def labels(among: str = "", said_by: str = "", in_batches: str = "") -> str:
    """Each reader's label of a patch, and the last one before he could have known the call; of
    the patches `among` and the readers `said_by`, or of all. `in_batches`: of what these gestures
    say alone, where it is known that nothing else counts.

    Most readers label most patches once. What comes first and last is asked of the others only,
    which takes a third of the time."""
    where = "".join(
        f"AND d.{column} IN {listed} "
        for column, listed in (
            ("patch_id", among),
            ("reader_id", said_by),
            ("batch_id", in_batches),
        )
        if listed
    )
    return f"""
WITH said AS MATERIALIZED (SELECT * FROM ({_LIVE} AND d.field = 'label' {where})),
again AS MATERIALIZED (SELECT patch_id, reader_id FROM said
GROUP BY patch_id, reader_id HAVING count(*) > 1)
SELECT patch_id, reader_id, id AS decision_id, label, call_shown,
iif(call_shown, NULL, id) AS first_id, iif(call_shown, -1, label) AS first_label, made_at
FROM said GROUP BY patch_id, reader_id HAVING count(*) = 1
UNION ALL
SELECT patch_id, reader_id, max(iif(place = 1, id, NULL)), max(iif(place = 1, label, NULL)),
max(iif(place = 1, call_shown, NULL)), max(iif(first = 1 AND told = 0, id, NULL)),
coalesce(max(iif(first = 1 AND told = 0, label, NULL)), -1), max(iif(place = 1, made_at, NULL))
FROM (
SELECT *, row_number() OVER (PARTITION BY patch_id, reader_id, told
ORDER BY {NEWEST_FIRST}) AS first FROM (
SELECT *, row_number() OVER (PARTITION BY patch_id, reader_id ORDER BY {NEWEST_FIRST}) AS place,
max(call_shown) OVER (PARTITION BY patch_id, reader_id ORDER BY {ORDER}) AS told
FROM said WHERE (patch_id, reader_id) IN again)) GROUP BY patch_id, reader_id
"""


def shared(among: str = "") -> str:
    """What belongs to a patch whoever said it: its flag, exclusion, adjudication, referral; and
    how many comments it has."""
    where = f"WHERE p.id IN {among}" if among else ""
    return f"""
WITH live AS MATERIALIZED ({_live(among)}),
newest AS MATERIALIZED (SELECT patch_id, field, id, value FROM (
SELECT *, row_number() OVER (PARTITION BY patch_id, field ORDER BY {NEWEST_FIRST}) AS place
FROM live WHERE field IN ('flag', 'exclusion', 'adjudication', 'referral')) WHERE place = 1),
said AS MATERIALIZED (SELECT patch_id,
max(iif(field = 'adjudication', id, NULL)) AS adjudication_id,
max(iif(field = 'flag', id, NULL)) AS flag_id,
max(iif(field = 'flag', value <> '', NULL)) AS flagged,
max(iif(field = 'exclusion', id, NULL)) AS exclusion_id,
max(iif(field = 'exclusion', value <> '', NULL)) AS excluded,
max(iif(field = 'referral', id, NULL)) AS referral_id,
max(iif(field = 'referral', value, NULL)) AS referral FROM newest GROUP BY patch_id),
spoken AS MATERIALIZED (SELECT patch_id, count(*) AS comments FROM live
WHERE field IN ('label', 'comment') AND comment <> '' GROUP BY patch_id)
SELECT p.id AS patch_id, x.adjudication_id, x.flag_id, coalesce(x.flagged, 0) AS flagged,
x.exclusion_id, coalesce(x.excluded, 0) AS excluded, x.referral_id,
coalesce(x.referral, '') AS referral, coalesce(k.comments, 0) AS comments
FROM patches p LEFT JOIN said x ON x.patch_id = p.id LEFT JOIN spoken k ON k.patch_id = p.id {where}
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
CASE WHEN a.id IS NOT NULL THEN iif(a.call_shown, -1, a.label)
WHEN c.n IS NULL THEN p.imported_label
WHEN c.first_low = c.first_high THEN c.first_low ELSE -1 END AS gate_label,
coalesce(a.id IS NULL AND c.low <> c.high, 0) AS disputed,
max(coalesce(c.made_at, 0), coalesce(a.made_at, 0)) / 1000000 AS decided_at
FROM patches p JOIN {{states}} s ON s.patch_id = p.id
LEFT JOIN decisions a ON a.id = s.adjudication_id
LEFT JOIN (SELECT patch_id, count(*) AS n, min(label) AS low, max(label) AS high,
min(iif(first_label = -1, NULL, first_label)) AS first_low, max(first_label) AS first_high,
max(made_at) AS made_at
FROM {{labels}} {{where_labels}} GROUP BY patch_id) AS c ON c.patch_id = p.id {{where_patches}}
"""
"""The reference label by the stated order: adjudicated, else what all readers agree on, else a
single reader's, else imported. `gate_label`: the same from calls that nobody made who had seen the
model's; -1 where there is none."""


def references(labels_table: str, states_table: str, among: str = "") -> str:
    """The query for reference labels over these tables, of the patches `among`, else of all."""
    return _REFERENCES.format(
        labels=labels_table,
        states=states_table,
        where_labels=f"WHERE patch_id IN {among}" if among else "",
        where_patches=f"WHERE p.id IN {among}" if among else "",
    )


def _live(among: str) -> str:
    return f"{_LIVE} AND d.patch_id IN {among}" if among else _LIVE
