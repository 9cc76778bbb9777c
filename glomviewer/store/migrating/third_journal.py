"""The third format's journal, of what was logged before: a row for every gesture, threshold,
promotion and look, chained for each origin."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from glomviewer.store.entry_hash import canonical, entry_hash
from glomviewer.store.migrating.watch import JOURNAL, MigrationWatch

PROGRAM = "before the journal"
_GESTURE = "gesture"
_CONTENT = ("sequence", "kind", "title", "patches", "reader")
_ACTS_AT_ONCE = 2000
_TOLD_EVERY = 20_000

_INSERT = (
    "INSERT INTO journal (origin_id, sequence, clock, kind, reader_id, made_at, zone, "
    "title, body, program, batch_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

_BATCHES = """
SELECT b.id, b.origin_id, b.reader_id, b.made_at, b.zone, b.sequence, b.kind, b.title, b.patches,
r.uuid, ro.uuid, rb.sequence FROM batches b JOIN readers r ON r.id = b.reader_id
JOIN batches rb ON rb.id = b.root JOIN origins ro ON ro.id = rb.origin_id ORDER BY b.id
"""

_OTHERS = (
    (
        "threshold",
        ("model", "logit", "rule", "reason"),
        "SELECT id, reader_id, made_at, zone, '', model_id, logit, rule, reason FROM thresholds",
    ),
    (
        "promotion",
        ("model", "previous", "kind", "reason", "verdict", "overruled"),
        "SELECT id, reader_id, made_at, zone, '', model_id, previous_id, kind, reason, verdict, "
        "overruled FROM promotions",
    ),
    (
        "look",
        ("run", "sentence"),
        "SELECT id, NULL, made_at, '', sentence, run, sentence FROM looks",
    ),
)

_ROWS = """
SELECT d.batch_id, d.patch_id, f.pixel_hash, d.sequence, d.field, d.before_label, d.before_value,
d.label, d.value, d.detail, d.comment, d.call_shown, d.model, d.on_screen
FROM decisions d JOIN files f ON f.patch_id = d.patch_id
ORDER BY d.batch_id, d.sequence
"""

# What the journal calls a patch is its pixels' hash but for those without one, and for copies.
_UNUSUAL = """
SELECT f.patch_id, 'file:' || f.sha256 || ':' || f.path FROM files f WHERE f.pixel_hash = ''
UNION ALL
SELECT patch_id, pixel_hash || ':' || place FROM (SELECT f.patch_id, f.pixel_hash,
row_number() OVER (PARTITION BY f.pixel_hash ORDER BY f.patch_id) - 1 AS place FROM files f
WHERE f.pixel_hash IN (SELECT pixel_hash FROM files WHERE pixel_hash <> ''
GROUP BY pixel_hash HAVING count(*) > 1)) WHERE place > 0
"""


class _Act(NamedTuple):
    """`row` is the id in the act's own table; `origin` None where no origin is known; `body` is a
    gesture's content or what another act's body says, as text."""

    kind: str
    row: int
    origin: int | None
    reader: int | None
    made_at: int
    zone: str
    title: str
    body: str | dict[str, Any]


def write_journal(connection: Connection, watch: MigrationWatch) -> None:
    """Write a row for every act; what no origin made belongs to the first."""
    acts = _acts(connection)
    if not acts:
        return
    chains = _Chains(connection)
    rows = _Rows(connection, watch)
    for start in range(0, len(acts), _ACTS_AT_ONCE):
        watch.check()
        entries = [
            chains.add(act, rows.of(act.row) if act.kind == _GESTURE else ())
            for act in acts[start : start + _ACTS_AT_ONCE]
        ]
        connection.exec_driver_sql(_INSERT, entries)
    chains.keep_heads(connection)


class _Chains:
    """The chain of each origin so far."""

    def __init__(self, connection: Connection) -> None:
        self._origins = _origins(connection)
        self._readers = dict(connection.exec_driver_sql("SELECT id, uuid FROM readers").all())
        self._first = next(iter(self._origins))
        self._heads: dict[int, tuple[int, str]] = dict.fromkeys(self._origins, (0, ""))
        self._latest = 1

    def add(self, act: _Act, rows: Iterable[Sequence[Any]]) -> tuple[Any, ...]:
        """The act's row of the journal; `rows` are a gesture's decisions."""
        origin = self._first if act.origin is None else act.origin
        number, previous = self._heads[origin][0] + 1, self._heads[origin][1]
        is_gesture = act.kind == _GESTURE
        if is_gesture:
            # A gesture's clock is the order of its row, as the decisions' have it.
            self._latest = max(self._latest, act.row)
        header = {
            "origin": self._origins[origin],
            "sequence": number,
            "clock": self._latest,
            "kind": act.kind,
            "reader": self._readers.get(act.reader, ""),
            "made_at": act.made_at,
            "zone": act.zone,
            "title": act.title,
            "program": PROGRAM,
            "body": act.body,
        }
        hashed = entry_hash(previous, header, rows)
        self._heads[origin] = (number, hashed)
        return (
            *(origin, number, self._latest, act.kind, act.reader, act.made_at, act.zone),
            *(act.title, "" if is_gesture else act.body, PROGRAM),
            *(act.row if is_gesture else None, hashed),
        )

    def keep_heads(self, connection: Connection) -> None:
        connection.exec_driver_sql(
            "INSERT INTO settings (key, value) VALUES (?, ?)",
            [
                (f"head:{self._origins[origin]}", f"{number} {hashed}")
                for origin, (number, hashed) in self._heads.items()
                if number
            ],
        )


class _Rows:
    """All decisions, read once, gesture after gesture, as `journal.rows_of_batch` gave them at
    this revision."""

    def __init__(self, connection: Connection, watch: MigrationWatch) -> None:
        self._watch = watch
        self._done = 0
        self._total = int(connection.exec_driver_sql("SELECT count(*) FROM decisions").scalar_one())
        self._names = dict(connection.exec_driver_sql(_UNUSUAL).all())
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        # A million rows, so without what SQLAlchemy makes of each.
        self._groups = groupby(raw.execute(_ROWS), key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, batch: int) -> Iterator[list[Any]]:
        """The decisions of a gesture; gestures must be asked for in the order of their rows."""
        if self._next is None or self._next[0] != batch:
            return
        for _, patch, pixel_hash, sequence, *said in self._next[1]:
            if self._done % _TOLD_EVERY == 0:
                self._watch.tell(JOURNAL, self._done, self._total)
            self._done += 1
            yield [sequence, self._names.get(patch, pixel_hash), 0, *said]
        self._next = next(self._groups, None)


def _origins(connection: Connection) -> dict[int, str]:
    """Uuids by row; where there is no origin yet, one is made."""
    origins = dict(connection.exec_driver_sql("SELECT id, uuid FROM origins ORDER BY id").all())
    if not origins:
        origins = {1: uuid.uuid4().hex}
        connection.exec_driver_sql(
            "INSERT INTO origins (id, uuid, installation, started_at) VALUES (1, ?, '', 0)",
            (origins[1],),
        )
    return origins


def _acts(connection: Connection) -> list[_Act]:
    """Everything that was logged, gestures in their own order and the rest between them by time:
    a wall clock may have been set back, and the order of gestures is what counts."""
    placed: list[tuple[int, int, int, _Act]] = []
    latest = 0
    for row, origin, reader, made_at, zone, *content, root in connection.exec_driver_sql(_BATCHES):
        latest = max(latest, made_at)
        body = dict(zip(_CONTENT, content, strict=False)) | {"root": [content[-1], root]}
        act = _Act(_GESTURE, row, origin, reader, made_at, zone, "", body)
        placed.append((latest, 0, row, act))
    for number, (kind, columns, query) in enumerate(_OTHERS, start=1):
        for row, reader, made_at, zone, title, *values in connection.exec_driver_sql(query):
            body = canonical(dict(zip(columns, values, strict=True)))
            act = _Act(kind, row, None, reader, made_at, zone, title, body)
            placed.append((made_at, number, row, act))
    return [act for *_, act in sorted(placed, key=itemgetter(0, 1, 2))]
