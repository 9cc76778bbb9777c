"""Logs with a table of their own (thresholds, promotions, looks, sign-offs) and a row of the
journal for each of theirs, which says the same: whoever edits the table is found by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from glomviewer.store import journal
from glomviewer.store.journal import Act


@dataclass(frozen=True, slots=True)
class Mirrored:
    """`columns` are what the journal's body says of a row, by their names there; `reader`, `zone`
    and the moment are in the journal's own columns. `old` is a query for what was in force before
    the row ?1, and goes into the body as well."""

    table: str
    act: Act
    columns: dict[str, str]
    joins: str = ""
    reader: str = "t.reader_id"
    zone: str | None = "t.zone"
    old: str = ""

    @property
    def query(self) -> str:
        columns = ", ".join(self.columns.values())
        return (
            f"SELECT t.id, {self.reader}, t.made_at, {self.zone or 'NULL'}, {columns} "
            f"FROM {self.table} t {self.joins}"
        )


THRESHOLDS = Mirrored(
    "thresholds",
    Act.THRESHOLD,
    {"model": "t.model_id", "logit": "t.logit", "rule": "t.rule", "reason": "t.reason"},
    old="SELECT o.logit FROM thresholds t JOIN thresholds o ON o.model_id = t.model_id "
    "AND o.id < t.id WHERE t.id = ?1 ORDER BY o.id DESC LIMIT 1",
)
PROMOTIONS = Mirrored(
    "promotions",
    Act.PROMOTION,
    {
        "model": "t.model_id",
        "previous": "t.previous_id",
        "kind": "t.kind",
        "reason": "t.reason",
        "verdict": "t.verdict",
        "overruled": "t.overruled",
    },
)
LOOKS = Mirrored(
    "looks",
    Act.LOOK,
    {"run": "t.run", "sentence": "t.sentence"},
    reader="NULL",
    zone=None,
)
SIGNOFFS = Mirrored(
    "signoffs",
    Act.SIGNOFF,
    {"reading": "g.uuid", "meaning": "t.meaning", "note": "t.note", "heads": "t.heads"},
    joins="LEFT JOIN readings g ON g.id = t.reading_id",
)
MIRRORED = (THRESHOLDS, PROMOTIONS, LOOKS, SIGNOFFS)


@dataclass(frozen=True, slots=True)
class MirroredRow:
    """A row as the journal says it; `zone` None where the table has none."""

    id: int
    reader: int | None
    made_at: int
    zone: str | None
    body: dict[str, Any]


def rows(connection: Connection, log: Mirrored) -> Iterator[MirroredRow]:
    """All rows, in the order in which they were written."""
    for row in connection.exec_driver_sql(f"{log.query} ORDER BY t.id"):
        yield _row(log, row)


def log_newest(
    connection: Connection, origin: int, log: Mirrored, title: str, *, reader: int | None = None
) -> None:
    """Write the journal's row of what has just been inserted into the table. `reader` is for a
    table that does not say who it was."""
    row = _row(log, connection.exec_driver_sql(f"{log.query} ORDER BY t.id DESC LIMIT 1").one())
    body = dict(row.body)
    if log.old:
        body["old"] = connection.exec_driver_sql(log.old, (row.id,)).scalar_one_or_none()
    journal.write(
        connection,
        origin,
        log.act,
        title,
        reader=row.reader if row.reader is not None else reader,
        body=body,
        made_at=row.made_at,
        zone=row.zone,
    )


def _row(log: Mirrored, row: Any) -> MirroredRow:
    return MirroredRow(row[0], row[1], row[2], row[3], dict(zip(log.columns, row[4:], strict=True)))
