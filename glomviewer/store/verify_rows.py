"""Whether the tables of the log agree with one another where no hash is over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from glomviewer.store import clock, journal_stream
from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.journal import SUBJECT, canonical
from glomviewer.store.merging.subjects import Places

_GESTURE = "SELECT o.uuid, b.sequence, b.made_at, b.title FROM batches b"
_OF_GESTURE = "LEFT JOIN origins o ON o.id = b.origin_id"
_DECISION = "SELECT o.uuid, d.sequence, d.made_at, d.field FROM decisions d"
_OF_DECISION = "LEFT JOIN origins o ON o.id = d.origin_id"
_ACT = "SELECT o.uuid, j.sequence, j.made_at, j.kind FROM journal j"
_OF_ACT = "LEFT JOIN origins o ON o.id = j.origin_id"


@dataclass(frozen=True, slots=True)
class _Rule:
    """`query` finds rows that break it: (origin, sequence, made at, what)."""

    noun: str
    query: str
    told: str


_RULES = (
    _Rule(
        "Gesture",
        f"{_GESTURE} {_OF_GESTURE} WHERE NOT EXISTS "
        "(SELECT 1 FROM journal j WHERE j.batch_id = b.id)",
        "has no row in the journal: it was inserted, or that row was deleted or edited",
    ),
    _Rule(
        "Gesture",
        f"{_GESTURE} {_OF_GESTURE} WHERE b.id IN (SELECT batch_id FROM journal "
        "WHERE batch_id IS NOT NULL GROUP BY batch_id HAVING count(*) > 1)",
        "has two rows in the journal",
    ),
    _Rule(
        "Gesture",
        f"{_GESTURE} JOIN journal j ON j.batch_id = b.id {_OF_GESTURE} "
        "WHERE (b.origin_id, b.clock, b.reader_id, b.made_at, b.zone) IS NOT "
        "(j.origin_id, j.clock, j.reader_id, j.made_at, j.zone)",
        "does not say the same as its row in the journal of who, where and when",
    ),
    _Rule(
        "Act",
        f"{_ACT} {_OF_ACT} WHERE (j.kind = 'gesture') <> (j.batch_id IS NOT NULL) "
        "OR (j.kind = 'gesture' AND (j.body <> '' OR j.title <> ''))",
        "is not of the kind that it says it is",
    ),
    _Rule(
        "Act",
        f"{_ACT} LEFT JOIN origins o ON o.id = j.origin_id WHERE o.id IS NULL",
        "belongs to no installation",
    ),
    _Rule(
        "Decision",
        f"{_DECISION} LEFT JOIN batches b ON b.id = d.batch_id {_OF_DECISION} "
        "WHERE (d.origin_id, d.clock, d.reader_id, d.kind, d.made_at, d.zone) IS NOT "
        "(b.origin_id, b.clock, b.reader_id, b.kind, b.made_at, b.zone)",
        "does not say the same as its gesture of who, where and when",
    ),
    _Rule(
        "Decision",
        f"{_DECISION} LEFT JOIN reading_items i ON i.id = d.item_id {_OF_DECISION} "
        "WHERE d.item_id IS NOT NULL AND (d.patch_id, d.reader_id) IS NOT "
        "(i.patch_id, i.reader_id)",
        "is about another patch, or of another reader, than the item that it was made on",
    ),
    _Rule(
        "Decision",
        f"{_DECISION} {_OF_DECISION} WHERE NOT EXISTS "
        "(SELECT 1 FROM files f WHERE f.patch_id = d.patch_id)",
        "is about a patch that is not there",
    ),
)


def disagreements(connection: Connection) -> Iterator[str]:
    """What tables say differently, as sentences that name the first of such rows."""
    for rule in _RULES:
        rows = connection.exec_driver_sql(
            f"SELECT *, count(*) OVER () FROM ({rule.query}) ORDER BY 1, 2 LIMIT 1"
        ).all()
        for origin, sequence, made_at, what, count in rows:
            others = f" So do {count - 1:,} others." if count > 1 else ""
            yield (
                f"{rule.noun} {sequence} of installation {str(origin)[:8]}, "
                f"{clock.told(made_at)} ({what}), {rule.told}.{others}"
            )
    yield from _unplaced(connection)


def _unplaced(connection: Connection) -> Iterator[str]:
    """Rows that waited for their patch: spelled as they came, and, where it is here by now,
    entered as they were."""
    waiting = connection.exec_driver_sql(
        "SELECT u.batch_id, u.sequence, u.row, b.made_at, o.uuid, r.uuid FROM unplaced u "
        "LEFT JOIN batches b ON b.id = u.batch_id LEFT JOIN origins o ON o.id = b.origin_id "
        "LEFT JOIN readers r ON r.id = b.reader_id ORDER BY u.batch_id, u.sequence"
    ).all()
    if not waiting:
        return
    entered = _entered(connection, {row[0] for row in waiting if row[0] is not None})
    read = [journal_stream.unplaced_row(row[2]) for row in waiting]
    places = Places(connection, read)
    for row, (batch, sequence, text, made_at, origin, reader) in zip(read, waiting, strict=True):
        placed = entered.get((batch, sequence))
        decision = f"Decision {sequence} of installation {str(origin)[:8]}, {clock.told(made_at)},"
        if (
            origin is None
            or row.sequence != sequence
            or canonical(row) != text
            or (placed is not None and placed != tuple(row))
        ):
            yield f"{decision} which came in for a patch that was not here, was edited or inserted."
        elif placed is None and places.of(row, reader) is not None:
            yield (
                f"{decision} is not entered, although the patch that it waited for is here: its "
                "row was deleted."
            )


def _entered(
    connection: Connection, batches: set[int]
) -> dict[tuple[int, int], tuple[object, ...]]:
    rows = connection.exec_driver_sql(
        f"SELECT d.batch_id, d.sequence, coalesce(i.uuid, {SUBJECT}), i.uuid IS NOT NULL, d.field, "
        "d.before_label, d.before_value, d.label, d.value, d.detail, d.comment, d.call_shown, "
        "d.model, d.on_screen FROM decisions d JOIN files f ON f.patch_id = d.patch_id "
        f"LEFT JOIN reading_items i ON i.id = d.item_id WHERE d.batch_id IN {IDS}",
        (id_list(batches),),
    )
    return {(row[0], row[1]): tuple(row[1:]) for row in rows}
