"""The queue of disputes, and the two gestures beside a label: to refer and to adjudicate."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from glomviewer.domain.changes import Changes
from glomviewer.domain.disputes.records import DisputeRow, DisputeState, Referral
from glomviewer.domain.disputes.wording import REFERRAL_WORDS
from glomviewer.domain.labels import ReferenceSource
from glomviewer.store.decisions import record
from glomviewer.store.errors import Refused, UnknownRecord
from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.log import Entry, Field

_CALLED_SINCE = """
EXISTS (SELECT 1 FROM current_labels c JOIN decisions d ON d.id = c.decision_id
WHERE c.patch_id = s.patch_id AND d.clock > (SELECT r.clock FROM decisions r
WHERE r.id = s.referral_id))
"""
_STATE = f"""
CASE WHEN s.adjudication_id IS NOT NULL THEN '{DisputeState.SETTLED}' WHEN s.disputed = 0 THEN ''
WHEN s.referral = '{Referral.CONSENSUS}' THEN '{DisputeState.CONSENSUS}'
WHEN s.referral = '{Referral.READING}' AND NOT {_CALLED_SINCE} THEN '{DisputeState.SENT_BACK}'
ELSE '{DisputeState.OPEN}' END
"""
"""What was sent back is open again once somebody has called it since."""

_DISPUTED = "s.disputed = 1 AND s.excluded = 0"
_SETTLED = "s.adjudication_id IS NOT NULL AND s.excluded = 0"
_OF_READING = (
    "AND EXISTS (SELECT 1 FROM reading_items i WHERE i.patch_id = s.patch_id AND i.reading_id = ?)"
)
_IN_STATE = {
    DisputeState.OPEN: f"{_DISPUTED} AND (s.referral = '' OR "
    f"(s.referral = '{Referral.READING}' AND {_CALLED_SINCE}))",
    DisputeState.SENT_BACK: f"{_DISPUTED} AND s.referral = '{Referral.READING}' "
    f"AND NOT {_CALLED_SINCE}",
    DisputeState.CONSENSUS: f"{_DISPUTED} AND s.referral = '{Referral.CONSENSUS}'",
    DisputeState.SETTLED: _SETTLED,
}

_ROWS = f"""
SELECT s.patch_id, coalesce(ca.name, ''), coalesce(sl.name, ''), {_STATE},
coalesce(n.calls, 0), coalesce(n.calls - n.most, 0),
iif(s.adjudication_id IS NULL, -1, s.reference)
FROM patch_states s JOIN patches p ON p.id = s.patch_id
LEFT JOIN cases ca ON ca.id = p.case_id LEFT JOIN slides sl ON sl.id = p.slide_id
LEFT JOIN (SELECT patch_id, sum(times) AS calls, max(times) AS most FROM (
SELECT patch_id, count(*) AS times FROM current_labels WHERE patch_id IN {IDS}
GROUP BY patch_id, label) GROUP BY patch_id) AS n ON n.patch_id = s.patch_id
WHERE s.patch_id IN {IDS}
"""

_BEFORE_ADJUDICATION = """
SELECT s.patch_id, CASE WHEN c.n IS NULL THEN p.imported_label
WHEN c.low = c.high THEN c.low ELSE -1 END
FROM patch_states s JOIN patches p ON p.id = s.patch_id
LEFT JOIN (SELECT patch_id, count(*) AS n, min(label) AS low, max(label) AS high
FROM current_labels WHERE patch_id IN
(SELECT patch_id FROM patch_states WHERE adjudication_id IS NOT NULL)
GROUP BY patch_id) AS c ON c.patch_id = s.patch_id
WHERE s.adjudication_id IS NOT NULL
"""


def queue(connection: Connection, state: DisputeState, reading: int | None) -> list[int]:
    """Patches in this state by their id, of one reading or of all."""
    where, values = _where(state, reading)
    rows = connection.exec_driver_sql(
        f"SELECT s.patch_id FROM patch_states s WHERE {where} ORDER BY s.patch_id", values
    )
    return [row[0] for row in rows]


def counts(connection: Connection, reading: int | None) -> dict[DisputeState, int]:
    found: dict[DisputeState, int] = {}
    for state in DisputeState:
        where, values = _where(state, reading)
        found[state] = connection.exec_driver_sql(
            f"SELECT count(*) FROM patch_states s WHERE {where}", values
        ).scalar_one()
    return found


def rows(connection: Connection, patches: Sequence[int]) -> list[DisputeRow]:
    """What the queue says of these patches, in this order; unknown ones are left out."""
    ids = id_list(patches)
    found = {
        row[0]: DisputeRow(
            patch=row[0],
            case=row[1],
            slide=row[2],
            state=DisputeState(row[3]) if row[3] else None,
            calls=row[4],
            differing=row[5],
            label=row[6],
        )
        for row in connection.exec_driver_sql(_ROWS, (ids, ids))
    }
    return [found[patch] for patch in patches if patch in found]


def state_of(connection: Connection, patch: int) -> DisputeState | None:
    row = connection.exec_driver_sql(
        f"SELECT {_STATE} FROM patch_states s WHERE s.patch_id = ?", (patch,)
    ).one_or_none()
    return DisputeState(row[0]) if row is not None and row[0] else None


def labels_before_adjudication(connection: Connection) -> dict[int, int]:
    """The reference label of every adjudicated patch as it would be without; -1 for none."""
    return {row[0]: row[1] for row in connection.exec_driver_sql(_BEFORE_ADJUDICATION)}


def source_counts(
    connection: Connection, patches: Sequence[int] | None
) -> dict[ReferenceSource, int]:
    """How often each source says what counts as true, of these patches or of all that are not
    excluded. Sources that were not used are not among them."""
    if patches is None:
        where, values = "excluded = 0", ()
    else:
        where, values = f"patch_id IN {IDS}", (id_list(patches),)
    counted = {
        row[0]: row[1]
        for row in connection.exec_driver_sql(
            f"SELECT source, count(*) FROM patch_states WHERE {where} GROUP BY source", values
        )
    }
    return {source: counted[source] for source in ReferenceSource if source in counted}


def refer(
    connection: Connection,
    patches: Sequence[int],
    to: Referral,
    reason: str,
    *,
    origin: int,
    reader: int,
) -> Changes:
    """Send disputed patches back, put them onto the consensus list, or take them off either.

    Raises:
        Refused: one of them is not disputed.
    """
    known = {
        row[0]: (row[1], bool(row[2]))
        for row in connection.exec_driver_sql(
            f"SELECT patch_id, referral, disputed FROM patch_states WHERE patch_id IN {IDS}",
            (id_list(patches),),
        )
    }
    for patch in patches:
        if patch not in known:
            raise UnknownRecord(f"The library has no patch {patch}.")
        if to is not Referral.NONE and not known[patch][1]:
            raise Refused(f"Patch {patch} is not disputed, so that there is nothing to refer.")
    again = {patch for patch in patches if state_of(connection, patch) is DisputeState.OPEN}
    entries = [
        Entry(
            patch=patch,
            field=Field.REFERRAL,
            before_value=known[patch][0],
            value=to.value,
            comment=reason.strip(),
            on_screen=True,
        )
        for patch in dict.fromkeys(patches)
        # What came back from a reading may be sent there once more.
        if known[patch][0] != to.value or (to is Referral.READING and patch in again)
    ]
    number = len(entries)
    how_many = f"{number:,} patch" if number == 1 else f"{number:,} patches"
    words = REFERRAL_WORDS[to]
    sentence = f"{how_many[:1].upper()}{how_many[1:]} {words}."
    title = f"{'reopen' if to is Referral.NONE else 'refer'} {how_many}"
    if to is not Referral.NONE:
        title += " for another reading" if to is Referral.READING else " for consensus"
    return record(connection, entries, title, sentence, origin, reader)


def _where(state: DisputeState, reading: int | None) -> tuple[str, tuple[int, ...]]:
    if reading is None:
        return _IN_STATE[state], ()
    return f"{_IN_STATE[state]} {_OF_READING}", (reading,)
