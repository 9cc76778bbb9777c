"""Making a reading: choosing its patches, planning its lists, writing them down."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.readings.plan import PlannedItem, plan
from glomviewer.domain.readings.protocol import Protocol
from glomviewer.domain.readings.sample import Offered, Sample, drawn
from glomviewer.domain.records import ModelRecord
from glomviewer.store import clock, journal, pending, readers
from glomviewer.store.errors import Refused, UnknownRecord
from glomviewer.store.id_list import IDS, id_list

_OFFERED = f"""
SELECT p.id, coalesce('c' || p.case_id, 's' || p.slide_id, ''), s.reference,
CASE WHEN s.excluded THEN 'excluded' WHEN p.file_state = 1 THEN 'missing'
WHEN p.duplicate_of IN {IDS} THEN 'duplicate' ELSE '' END, coalesce(p.duplicate_of, p.id)
FROM patches p JOIN patch_states s ON s.patch_id = p.id WHERE p.id IN {IDS} ORDER BY p.id
"""

_LEFT_OUT = {
    "excluded": "excluded",
    "missing": "without an image file",
    "duplicate": "duplicates of others",
}


ALL = Sample()


@dataclass(frozen=True, slots=True)
class NewReading:
    """What a reading is to be. `seed` None draws one."""

    name: str
    patches: Sequence[int]
    protocol: Protocol
    readers: Sequence[int]
    by: int | None = None
    seed: int | None = None
    sample: Sample = ALL


@dataclass(frozen=True, slots=True)
class MadeReading:
    """A reading that was made. `facts` are for the journal, `sentence` is for the reader."""

    id: int
    sentence: str
    facts: dict[str, Any]


def make(connection: Connection, new: NewReading, model: ModelRecord | None) -> MadeReading:
    """Write a reading and its lists. `model` is the one whose calls are revealed.

    Raises:
        Refused: no patch is left, nobody reads, too few do, or the name is taken.
        UnknownRecord: a patch or a reader is not in the library.
    """
    name = new.name.strip()
    people = list(dict.fromkeys(new.readers))
    _check(connection, name, people)
    offered, left_out = _offered(connection, new.patches)
    chosen = set(drawn(new.sample, offered))
    cases = {one.patch: one.case for one in offered if one.patch in chosen}
    if not cases:
        raise Refused("No patch is left to be read; choose others. No reading was made.")
    seed = secrets.randbelow(1 << 31) if new.seed is None else new.seed
    try:
        lists = plan(new.protocol, cases, people, seed)
    except ValueError as error:
        raise Refused(str(error)) from error
    reading, reading_uuid = _insert(connection, name, new, model)
    digest = _insert_lists(connection, reading, lists)
    pending.begin(connection, reading)
    repeats = sum(item.repeat_of is not None for items in lists.values() for item in items)
    facts = {
        "reading": reading_uuid,
        "name": name,
        "protocol": asdict(new.protocol),
        "sample": asdict(new.sample),
        "seed": seed,
        "readers": [journal.reader_uuid(connection, one) for one in people],
        "patches": len(cases),
        "repeats": repeats,
        "model": model.id if model else "",
        "threshold": model.threshold if model else None,
        "lists": digest,
    }
    return MadeReading(reading, _sentence(name, len(cases), len(people), left_out), facts)


def _check(connection: Connection, name: str, people: Sequence[int]) -> None:
    if not name:
        raise Refused("The reading needs a name.")
    taken = connection.exec_driver_sql(
        "SELECT 1 FROM readings WHERE name = ? COLLATE NOCASE LIMIT 1", (name,)
    ).first()
    if taken is not None:
        raise Refused(f"There is a reading {name} already; give this one another name.")
    if not people:
        raise Refused("Name at least one reader for the reading.")
    for reader in people:
        readers.reader(connection, reader)


def _offered(
    connection: Connection, patches: Sequence[int]
) -> tuple[list[Offered], dict[str, int]]:
    """What can be read of these patches, and how many can't for which reason. Of patches with
    the same pixels the first is taken."""
    wanted = sorted(set(patches))
    ids = id_list(wanted)
    rows = connection.exec_driver_sql(_OFFERED, (ids, ids)).all()
    if len(rows) != len(wanted):
        raise UnknownRecord(
            f"The library has no patch for {len(wanted) - len(rows)} of the {len(wanted)} numbers."
        )
    offered: list[Offered] = []
    left_out: dict[str, int] = {}
    pictures: set[int] = set()
    for patch, case, label, reason, picture in rows:
        why = reason or ("duplicate" if picture in pictures else "")
        if why:
            left_out[why] = left_out.get(why, 0) + 1
            continue
        pictures.add(picture)
        offered.append(Offered(patch, case, label))
    return offered, left_out


def _insert(
    connection: Connection, name: str, new: NewReading, model: ModelRecord | None
) -> tuple[int, str]:
    reading_uuid = uuid.uuid4().hex
    cursor = connection.exec_driver_sql(
        "INSERT INTO readings (uuid, name, protocol, model_id, threshold, reader_id, created_at, "
        "zone) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            reading_uuid,
            name,
            new.protocol.to_json(),
            model.id if model else None,
            model.threshold if model else None,
            new.by,
            clock.now(),
            clock.zone_name(),
        ),
    )
    return int(cursor.lastrowid or 0), reading_uuid


def _insert_lists(connection: Connection, reading: int, lists: dict[int, list[PlannedItem]]) -> str:
    """Write everybody's list; a hash of all of them, by which an altered one is told."""
    first = 1 + int(
        connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM reading_items").scalar_one()
    )
    rows: list[tuple[object, ...]] = []
    for reader, items in lists.items():
        start = first + len(rows)
        rows += [
            (
                start + place,
                uuid.uuid4().hex,
                reading,
                reader,
                place,
                item.patch,
                None if item.repeat_of is None else start + item.repeat_of,
                item.turn,
            )
            for place, item in enumerate(items)
        ]
    connection.exec_driver_sql(
        "INSERT INTO reading_readers (reading_id, reader_id) VALUES (?, ?)",
        [(reading, reader) for reader in lists],
    )
    # Originals come before their repeats in a list, so that what is referred to is there.
    connection.exec_driver_sql(
        "INSERT INTO reading_items (id, uuid, reading_id, reader_id, place, patch_id, repeat_of, "
        "turn) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    listed = [[row[1], row[4], row[7]] for row in rows]
    return hashlib.sha256(journal.canonical(listed).encode()).hexdigest()


def _sentence(name: str, patches: int, people: int, left_out: dict[str, int]) -> str:
    what = "1 patch" if patches == 1 else f"{patches:,} patches"
    who = "1 reader" if people == 1 else f"{people:,} readers"
    sentence = f"The reading {name} was made: {what} for {who}."
    if left_out:
        parts = [
            f"{left_out[key]:,} {words}" for key, words in _LEFT_OUT.items() if key in left_out
        ]
        sentence += f" Left out: {', '.join(parts)}."
    return sentence
