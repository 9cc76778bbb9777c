"""Everything that was said about one patch, side by side."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.disputes.records import (
    Adjudication,
    Call,
    Dispute,
    ReaderCalls,
    Referral,
    Referred,
    Remark,
)
from glomviewer.domain.labels import ReferenceSource, Split
from glomviewer.domain.records import Reader
from glomviewer.store import clock, disputes
from glomviewer.store.errors import UnknownRecord
from glomviewer.store.made_knowing import SHOWN

_PATCH = """
SELECT p.id, f.name, coalesce(c.name, ''), coalesce(sl.name, ''), p.imported_label,
s.reference, s.source, s.gate_label, p.split, s.excluded, s.adjudication_id, s.referral_id
FROM patches p JOIN files f ON f.patch_id = p.id JOIN patch_states s ON s.patch_id = p.id
LEFT JOIN cases c ON c.id = p.case_id LEFT JOIN slides sl ON sl.id = p.slide_id
WHERE p.id = ?
"""

_SAID = f"""
SELECT d.id, r.id, r.name, r.initials, d.label, d.detail, d.comment, d.made_at, d.zone,
{SHOWN}, coalesce(m.name || ' · ' || m.version, d.model), coalesce(g.name, ''), d.value,
d.clock
FROM decisions d JOIN readers r ON r.id = d.reader_id
LEFT JOIN models m ON m.id = d.model LEFT JOIN reading_items i ON i.id = d.item_id
LEFT JOIN readings g ON g.id = i.reading_id
"""

_LIVE = "d.kind = 'do' AND d.batch_id NOT IN (SELECT batch_id FROM withdrawn)"

_REPEATS = f"""
{_SAID} JOIN reading_readers rr ON rr.reading_id = i.reading_id AND rr.reader_id = i.reader_id
JOIN origins o ON o.id = d.origin_id
WHERE d.patch_id = ? AND d.field = 'label' AND i.repeat_of IS NOT NULL AND {_LIVE}
AND (rr.finished_at IS NOT NULL OR g.closed_at IS NOT NULL)
ORDER BY d.clock, o.uuid, d.sequence
"""

_REMARKS = f"{_SAID} WHERE d.patch_id = ? AND d.field = 'comment' AND {_LIVE} ORDER BY d.clock"


def dispute(connection: Connection, patch: int) -> Dispute:
    """Raises:
    UnknownRecord: the library has no such patch, or this viewer may know nothing of it yet.
    """
    row = connection.exec_driver_sql(_PATCH, (patch,)).one_or_none()
    if row is None:
        raise UnknownRecord(f"The library has no patch {patch}.")
    return Dispute(
        patch=row[0],
        name=row[1],
        case=row[2],
        slide=row[3],
        state=disputes.state_of(connection, patch),
        calls=tuple(_calls(connection, patch)),
        remarks=tuple(
            Remark(_reader(said), said[6], clock.moment(said[7]), said[8])
            for said in connection.exec_driver_sql(_REMARKS, (patch,))
        ),
        referral=_referred(connection, patch, row[11]),
        adjudication=_adjudication(connection, row[10]),
        imported_label=row[4],
        reference_label=row[5],
        reference_source=ReferenceSource(row[6]),
        gate_label=row[7],
        split=Split(row[8]),
        excluded=bool(row[9]),
    )


def _calls(connection: Connection, patch: int) -> list[ReaderCalls]:
    known = connection.exec_driver_sql(
        "SELECT first_id, decision_id FROM current_labels WHERE patch_id = ?", (patch,)
    ).all()
    again: dict[int, list[Call]] = {}
    for said in connection.exec_driver_sql(_REPEATS, (patch,)):
        again.setdefault(said[1], []).append(_call(said))
    found: list[tuple[int, ReaderCalls]] = []
    for first_id, final_id in known:
        final = _one(connection, final_id)
        if final is None:
            continue
        first = final if first_id == final_id else _one(connection, first_id)
        calls = ReaderCalls(
            reader=_reader(final),
            first=None if first is None else _call(first),
            final=_call(final),
            again=tuple(again.get(final[1], ())),
        )
        found.append(((first or final)[13], calls))
    return [calls for _, calls in sorted(found, key=lambda one: (one[0], one[1].reader.name))]


def _adjudication(connection: Connection, decision: int | None) -> Adjudication | None:
    said = _one(connection, decision)
    if said is None:
        return None
    return Adjudication(
        label=said[4],
        reader=_reader(said),
        reason=said[6],
        made_at=clock.moment(said[7]),
        zone=said[8],
        call_shown=bool(said[9]),
        model=said[10],
    )


def _referred(connection: Connection, patch: int, decision: int | None) -> Referred | None:
    said = _one(connection, decision)
    if said is None or not said[12]:
        return None
    since = connection.exec_driver_sql(
        "SELECT 1 FROM current_labels c JOIN decisions d ON d.id = c.decision_id "
        "WHERE c.patch_id = ? AND d.clock > ? LIMIT 1",
        (patch, said[13]),
    ).first()
    return Referred(
        to=Referral(said[12]),
        reader=_reader(said),
        reason=said[6],
        made_at=clock.moment(said[7]),
        zone=said[8],
        called_since=since is not None,
    )


def _one(connection: Connection, decision: int | None) -> Any:
    if decision is None:
        return None
    return connection.exec_driver_sql(f"{_SAID} WHERE d.id = ?", (decision,)).one_or_none()


def _reader(said: Any) -> Reader:
    return Reader(id=said[1], name=said[2], initials=said[3])


def _call(said: Any) -> Call:
    return Call(
        label=said[4],
        detail=said[5],
        comment=said[6],
        made_at=clock.moment(said[7]),
        zone=said[8],
        after_reveal=bool(said[9]),
        model=said[10],
        reading=said[11],
    )
