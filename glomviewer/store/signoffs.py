"""Signing for a reading, and what was changed on its patches afterwards."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import Connection

from glomviewer.domain.readings.records import LaterChange, Meaning, ReadingSummary, SignOff
from glomviewer.domain.records import Reader
from glomviewer.store import clock, journal
from glomviewer.store.errors import Refused
from glomviewer.store.id_list import IDS, id_list

_SIGNOFFS = """
SELECT s.id, s.reading_id, r.id, r.name, r.initials, r.passphrase <> '', s.meaning, s.note,
s.heads, s.made_at, s.zone FROM signoffs s JOIN readers r ON r.id = s.reader_id
WHERE ?1 IS NULL OR s.reading_id = ?1 ORDER BY s.made_at, r.uuid, s.id
"""

_SIGNED_FOR = f"""
SELECT g.name FROM signoffs s JOIN readings g ON g.id = s.reading_id
WHERE (s.meaning <> '{Meaning.READ}' OR s.reader_id = ?) AND s.meaning IN (?, '{Meaning.APPROVED}')
AND EXISTS (SELECT 1 FROM reading_items i WHERE i.reading_id = s.reading_id AND i.patch_id IN {IDS})
LIMIT 1
"""

# An installation that the signer's log doesn't name, such as that at home for who signs in a pack:
# what it had decided before his log began is what the pack was made of, and no later change.
_SINCE = """
WITH head AS (SELECT key AS origin, value AS sequence FROM json_each(?1)),
begun AS (
    SELECT coalesce(min(j.clock), 0) AS clock FROM journal j
    JOIN origins o ON o.id = j.origin_id JOIN head ON head.origin = o.uuid
)
SELECT d.id, d.patch_id, r.id, r.name, r.initials, r.passphrase <> '', d.field, d.before_label,
d.label, d.comment, d.made_at
FROM decisions d JOIN journal j ON j.batch_id = d.batch_id JOIN origins o ON o.id = d.origin_id
JOIN readers r ON r.id = d.reader_id LEFT JOIN head ON head.origin = o.uuid
WHERE d.patch_id IN (SELECT patch_id FROM reading_items WHERE reading_id = ?2)
AND CASE WHEN head.sequence IS NULL THEN d.clock >= (SELECT clock FROM begun)
ELSE j.sequence > head.sequence END AND (d.field = 'label' AND (?3 OR d.reader_id = ?4)
OR d.field = 'adjudication' AND ?5) ORDER BY d.clock, o.uuid, d.sequence
"""


def sign(
    connection: Connection, reading: ReadingSummary, reader: Reader, meaning: Meaning, note: str
) -> list[list[str | int]]:
    """Sign for a reading with the heads of all chains as they are now, which are given back.

    Raises:
        Refused: what is signed for is not so.
    """
    note = note.strip()
    _refuse_untrue(connection, reading, reader, meaning, note)
    heads: list[list[str | int]] = [
        [head.origin, head.sequence, head.hash] for head in journal.heads(connection)
    ]
    connection.exec_driver_sql(
        "INSERT INTO signoffs (reading_id, reader_id, meaning, note, heads, made_at, zone) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            reading.id,
            reader.id,
            meaning.value,
            note,
            journal.canonical(heads),
            clock.now(),
            clock.zone_name(),
        ),
    )
    return heads


def signoffs(connection: Connection, reading: int | None) -> list[SignOff]:
    """Oldest first."""
    return [
        SignOff(
            id=row[0],
            reading=row[1],
            reader=Reader(row[2], row[3], row[4], bool(row[5])),
            meaning=Meaning(row[6]),
            note=row[7],
            heads=tuple((origin, number, hashed) for origin, number, hashed in json.loads(row[8])),
            made_at=clock.moment(row[9]),
            zone=row[10],
        )
        for row in connection.exec_driver_sql(_SIGNOFFS, (reading,))
    ]


def later_changes(connection: Connection, reading: int) -> list[LaterChange]:
    """What the log holds beyond the heads of each sign-off: for "read" the signer's own labels,
    for "adjudicated" adjudications, for "approved" both, of anybody."""
    found: dict[int, LaterChange] = {}
    for signed in signoffs(connection, reading):
        known = json.dumps({origin: number for origin, number, _ in signed.heads})
        approved = signed.meaning is Meaning.APPROVED
        reads = signed.reader.id if signed.meaning is Meaning.READ else -1
        settles = signed.meaning is not Meaning.READ
        for row in connection.exec_driver_sql(_SINCE, (known, reading, approved, reads, settles)):
            change = LaterChange(
                decision=row[0],
                patch=row[1],
                reader=Reader(row[2], row[3], row[4], bool(row[5])),
                field=row[6],
                before=row[7],
                label=row[8],
                reason=row[9],
                made_at=clock.moment(row[10]),
                signoff=signed.id,
            )
            found.setdefault(change.decision, change)
    return [found[decision] for decision in sorted(found)]


def ask_for_reason(
    connection: Connection,
    reader: int,
    patches: Collection[int],
    reason: str,
    *,
    meaning: Meaning = Meaning.READ,
) -> None:
    """What was signed for changes only with a reason.

    Raises:
        Refused: one of these patches belongs to a reading that was signed for, and there is none.
    """
    if reason.strip():
        return
    signed = signed_for(connection, reader, patches, meaning)
    if signed:
        raise Refused(
            f"The reading {signed} is signed off; say in a comment why the label changes. "
            "Nothing was changed."
        )


def signed_for(
    connection: Connection, reader: int, patches: Collection[int], meaning: Meaning
) -> str:
    """The name of a signed reading that what this reader says of these patches belongs to."""
    if connection.exec_driver_sql("SELECT 1 FROM signoffs LIMIT 1").first() is None:
        return ""
    return str(
        connection.exec_driver_sql(
            _SIGNED_FOR, (reader, meaning.value, id_list(patches))
        ).scalar_one_or_none()
        or ""
    )


def _refuse_untrue(
    connection: Connection, reading: ReadingSummary, reader: Reader, meaning: Meaning, note: str
) -> None:
    own = reading.progress_of(reader.id)
    if meaning is Meaning.READ:
        if own is None:
            raise Refused(f"{reader.name} does not read in {reading.name}, so can't sign for it.")
        if own.finished is None:
            raise Refused(f"Finish the reading {reading.name} before you sign for having read it.")
        return
    unfinished = [one.reader.name for one in reading.readers if one.finished is None]
    if unfinished and not reading.is_closed:
        raise Refused(
            f"{', '.join(unfinished)} {'has' if len(unfinished) == 1 else 'have'} not finished "
            f"the reading {reading.name}; it can be signed for afterwards."
        )
    disputed = connection.exec_driver_sql(
        "SELECT count(*) FROM patch_states WHERE disputed = 1 AND excluded = 0 AND patch_id IN "
        "(SELECT patch_id FROM reading_items WHERE reading_id = ?)",
        (reading.id,),
    ).scalar_one()
    if disputed and not note:
        patches = "1 patch is" if disputed == 1 else f"{disputed:,} patches are"
        raise Refused(f"{patches} still disputed; settle them, or say in a note why not.")
