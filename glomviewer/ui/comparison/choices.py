"""Which two models stand side by side before anybody chooses. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence

from glomviewer.domain.records import ModelRecord


def candidate_of(records: Sequence[ModelRecord]) -> str:
    """The id of the newest trained model where it is newer than the active one, else "".

    `records` are newest first.
    """
    for record in records:
        if record.active:
            return ""
        if record.run is not None:
            return record.id
    return ""


def still_there(records: Sequence[ModelRecord], ids: tuple[str, str]) -> tuple[str, str]:
    """The two models chosen before where both are left; else the active one and the candidate,
    or the newest that is not active, if possible one that figures can be given of."""
    known = {record.id for record in records}
    if all(one in known for one in ids):
        return ids
    active = next((record for record in records if record.active), records[-1])
    others = [record for record in records if record.id != active.id]
    candidate = candidate_of(records)
    if candidate not in {record.id for record in others}:
        told = [record for record in others if record.card.get("seen") != "unknown"]
        candidate = (told or others)[0].id
    return active.id, candidate
