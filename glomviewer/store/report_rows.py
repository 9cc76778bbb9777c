"""What a report reads from the library, in the order that the log itself has, so that the same
library tells it in the same order each time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from sqlalchemy import Connection

from glomviewer.domain.readings.sample import Sample, SampleKind
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.rows import DecisionRow, ReaderRow, ReadingRow
from glomviewer.store import clock
from glomviewer.store.errors import UnknownRecord
from glomviewer.store.made_knowing import SHOWN

_READING = """
SELECT g.id, g.uuid, g.name, g.protocol, g.created_at, g.zone, coalesce(r.name, ''), g.closed_at,
coalesce(g.model_id, ''), g.threshold,
(SELECT count(DISTINCT patch_id) FROM reading_items i WHERE i.reading_id = g.id),
(SELECT count(DISTINCT p.case_id) FROM reading_items i JOIN patches p ON p.id = i.patch_id
WHERE i.reading_id = g.id),
(SELECT count(DISTINCT p.slide_id) FROM reading_items i JOIN patches p ON p.id = i.patch_id
WHERE i.reading_id = g.id),
(SELECT count(*) FROM reading_items i WHERE i.reading_id = g.id AND i.repeat_of IS NOT NULL)
FROM readings g LEFT JOIN readers r ON r.id = g.reader_id WHERE g.id = ?
"""

_SAMPLING = """
SELECT json_extract(j.body, '$.sample') FROM journal j JOIN readings g
ON json_extract(j.body, '$.reading') = g.uuid WHERE j.kind = 'reading' AND g.id = ?
AND json_extract(j.body, '$.sample') IS NOT NULL ORDER BY j.clock LIMIT 1
"""

_READERS = """
SELECT r.id, r.name, r.initials, rr.finished_at,
(SELECT count(*) FROM reading_items i WHERE i.reading_id = rr.reading_id AND i.reader_id = r.id)
FROM reading_readers rr JOIN readers r ON r.id = rr.reader_id WHERE rr.reading_id = ?
ORDER BY r.name COLLATE NOCASE, r.uuid
"""

_OWN_ROWS = """
SELECT d.item_id, d.field, d.made_at, d.zone, d.comment, d.value, d.patch_id
FROM decisions d JOIN reading_items i ON i.id = d.item_id JOIN origins o ON o.id = d.origin_id
WHERE i.reading_id = ? AND d.reader_id = ? AND i.reader_id = d.reader_id AND d.kind = 'do'
AND d.batch_id NOT IN (SELECT batch_id FROM withdrawn)
ORDER BY d.clock, o.uuid, d.sequence
"""

_COMMENTS = """
SELECT d.patch_id, d.reader_id, d.comment
FROM decisions d JOIN reading_items i ON i.id = d.item_id JOIN origins o ON o.id = d.origin_id
WHERE i.reading_id = ? AND d.kind = 'do' AND d.comment <> ''
AND d.batch_id NOT IN (SELECT batch_id FROM withdrawn)
ORDER BY d.clock, o.uuid, d.sequence
"""

_DECISIONS = f"""
SELECT r.name, r.initials, d.made_at, d.zone, d.patch_id, coalesce(f.pixel_hash, ''),
coalesce(c.name, ''), coalesce(c.id, 0), d.field, d.kind, d.before_label, d.before_value, d.label,
d.value, d.detail, d.comment, {SHOWN}, d.model, d.on_screen, coalesce(g.name, ''),
coalesce(g.id, 0), coalesce(i.uuid, ''), i.repeat_of IS NOT NULL, o.uuid, d.sequence,
coalesce(j.sequence, 0), coalesce(j.hash, ''), coalesce(j.program, ''), d.clock, r.id
FROM decisions d JOIN readers r ON r.id = d.reader_id JOIN origins o ON o.id = d.origin_id
JOIN patches p ON p.id = d.patch_id LEFT JOIN files f ON f.patch_id = p.id
LEFT JOIN cases c ON c.id = p.case_id LEFT JOIN reading_items i ON i.id = d.item_id
LEFT JOIN readings g ON g.id = i.reading_id LEFT JOIN journal j ON j.batch_id = d.batch_id
WHERE d.patch_id IN (SELECT patch_id FROM reading_items WHERE reading_id = ?)
ORDER BY d.clock, o.uuid, d.sequence
"""


def reading(connection: Connection, reading_id: int) -> ReadingRow:
    """Raises UnknownRecord where the library has no such reading."""
    row = connection.exec_driver_sql(_READING, (reading_id,)).one_or_none()
    if row is None:
        raise UnknownRecord(f"The library has no reading {reading_id}.")
    return ReadingRow(
        id=row[0],
        uuid=row[1],
        name=row[2],
        protocol=row[3],
        created=Moment(clock.moment(row[4]), row[5]),
        created_by=row[6],
        closed=_moment(row[7], row[5]),
        model=row[8],
        threshold=row[9],
        patches=row[10],
        cases=row[11],
        slides=row[12],
        repeats=row[13],
    )


def sampling(connection: Connection, reading_id: int) -> tuple[str, ...]:
    """How its patches were chosen, as the journal has it; nothing where it does not say."""
    text = connection.exec_driver_sql(_SAMPLING, (reading_id,)).scalar_one_or_none()
    if text is None:
        return ()
    told = json.loads(text)
    return (Sample(SampleKind(told["kind"]), int(told["size"]), int(told["seed"])).sentence(),)


def readers(connection: Connection, reading_id: int) -> list[ReaderRow]:
    """Everybody who was asked to read, by name."""
    rows = connection.exec_driver_sql(_READERS, (reading_id,)).all()
    return [_reader(connection, reading_id, *row) for row in rows]


def _reader(
    connection: Connection,
    reading_id: int,
    reader: int,
    name: str,
    initials: str,
    finished: int | None,
    items: int,
) -> ReaderRow:
    rows = connection.exec_driver_sql(_OWN_ROWS, (reading_id, reader)).all()
    labels = [row for row in rows if row[1] == "label"]
    begun: dict[int, int] = {}
    for row in labels:
        begun.setdefault(row[0], row[2])
    flags = {row[6]: row[5] for row in rows if row[1] == "flag"}
    # An earlier decision than the first that this origin knows may come with a merge.
    times = sorted((row[2], row[3]) for row in labels)
    return ReaderRow(
        id=reader,
        name=name,
        initials=initials,
        items=items,
        decided=len(begun),
        first=_moment(*times[0]) if times else None,
        last=_moment(*times[-1]) if times else None,
        finished=_moment(finished, times[-1][1] if times else ""),
        seconds=_pace(list(begun.values())),
        flagged=sum(value != "" for value in flags.values()),
        comments=sum(row[4] != "" for row in rows),
    )


def comments(connection: Connection, reading_id: int) -> dict[tuple[int, int], str]:
    """By patch and reader: all that he said of it in this reading."""
    said: dict[tuple[int, int], list[str]] = {}
    for patch, reader, comment in connection.exec_driver_sql(_COMMENTS, (reading_id,)):
        said.setdefault((patch, reader), []).append(comment)
    return {key: "; ".join(dict.fromkeys(texts)) for key, texts in said.items()}


def decisions(connection: Connection, reading_id: int) -> Iterator[DecisionRow]:
    """All that was ever decided about the patches of a reading, in it or not."""
    for row in connection.exec_driver_sql(_DECISIONS, (reading_id,)):
        yield DecisionRow(
            reader=row[0],
            initials=row[1],
            made=Moment(clock.moment(row[2]), row[3]),
            patch=row[4],
            pixels=row[5],
            case=row[6],
            case_id=row[7],
            field=row[8],
            kind=row[9],
            before_label=row[10],
            before_value=row[11],
            label=row[12],
            value=row[13],
            detail=row[14],
            comment=row[15],
            call_shown=bool(row[16]),
            model=row[17],
            on_screen=bool(row[18]),
            reading=row[19],
            reading_id=row[20],
            item=row[21],
            repeat=bool(row[22]),
            origin=row[23],
            sequence=row[24],
            entry=row[25],
            hash=row[26],
            program=row[27],
            clock=row[28],
            reader_id=row[29],
        )


def case_numbers(connection: Connection) -> dict[str, int]:
    """The number of each case, which stands for its name where that could be a patient's."""
    return {name: case for case, name in connection.exec_driver_sql("SELECT id, name FROM cases")}


def _moment(microseconds: int | None, zone: str) -> Moment | None:
    return None if microseconds is None else Moment(clock.moment(microseconds), zone)


def _pace(times: Sequence[int]) -> float | None:
    """The median number of seconds between two times that follow each other."""
    gaps = [(later - earlier) / 1e6 for earlier, later in pairwise(sorted(times))]
    return median(gaps) if gaps else None
