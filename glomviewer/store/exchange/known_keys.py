"""Whose keys this library knows: each was compared once, and for what was signed with it then.

A key is known for a reader's returns, or for labels and models of another library: a colleague
whose key was compared for her own readings can't return somebody else's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from glomviewer.store import clock
from glomviewer.store.errors import UnknownRecord
from glomviewer.store.exchange.errors import OtherKey, UnknownKey
from glomviewer.store.packs.keys import fingerprint, installation_key, plain_fingerprint

HOME = "home"
"""What the key of a pack's sender is known for in the library that was opened from the pack."""
LIBRARIES = "libraries"
"""What the key of a machine that sends labels or models is known for."""


_SIGNS = {HOME: "reading packs", LIBRARIES: "labels and models"}


@dataclass(frozen=True, slots=True)
class KnownKey:
    """`subjects` are readers' uuids, `HOME` or `LIBRARIES`; `signs` says the same in words."""

    fingerprint: str
    name: str
    subjects: frozenset[str]
    signs: str
    trusted_at: datetime


def known_keys(connection: Connection) -> list[KnownKey]:
    rows = connection.exec_driver_sql(
        "SELECT fingerprint, name, note, trusted_at FROM known_keys ORDER BY name, fingerprint"
    ).all()
    readers = {
        row[0]: row[1] for row in connection.exec_driver_sql("SELECT uuid, name FROM readers")
    }
    found: list[KnownKey] = []
    for of, name, note, trusted_at in rows:
        subjects = _subjects(note)
        signs = ", ".join(sorted(_SIGNS.get(one) or _returns(readers.get(one)) for one in subjects))
        found.append(KnownKey(of, name, subjects, signs, clock.moment(trusted_at)))
    return found


def _returns(reader: str | None) -> str:
    return "returns of somebody who is not here" if reader is None else f"returns of {reader}"


def is_known(connection: Connection, public: bytes, subject: str) -> bool:
    """Whether the key was compared for this; this installation knows its own."""
    if public == installation_key().public:
        return True
    row = connection.exec_driver_sql(
        "SELECT public_key, note FROM known_keys WHERE fingerprint = ?", (fingerprint(public),)
    ).one_or_none()
    return row is not None and row[0] == public.hex() and subject in _subjects(row[1])


def trust(connection: Connection, public: bytes, subject: str, name: str) -> None:
    """Remember that the key's fingerprint was compared with the one that `name` has."""
    known = connection.exec_driver_sql(
        "SELECT note FROM known_keys WHERE fingerprint = ?", (fingerprint(public),)
    ).scalar_one_or_none()
    subjects = sorted({subject, *(() if known is None else _subjects(known))})
    connection.exec_driver_sql(
        "INSERT INTO known_keys (fingerprint, public_key, name, note, trusted_at) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET "
        "public_key = excluded.public_key, note = excluded.note",
        (fingerprint(public), public.hex(), name, json.dumps(subjects), clock.now()),
    )


def withdraw(connection: Connection, told: str) -> KnownKey:
    """Know a key no longer, for anything. What was taken in with it stays.

    Raises:
        UnknownRecord: no such key is known here.
    """
    wanted = plain_fingerprint(told)
    for key in known_keys(connection):
        if key.fingerprint == wanted:
            connection.exec_driver_sql("DELETE FROM known_keys WHERE fingerprint = ?", (wanted,))
            return key
    raise UnknownRecord(
        f"This library knows no key {told.strip()}; `glomviewer pack key list LIBRARY` lists those "
        "that it knows."
    )


def check_trust(public: bytes, told: str, file: str, whose: str) -> None:
    """See that what somebody says he has compared is this key.

    Raises:
        UnknownKey: nothing was said.
        OtherKey: it is another one.
    """
    signer = fingerprint(public)
    if not told.strip():
        raise UnknownKey(file, signer, whose)
    if plain_fingerprint(told) != signer:
        raise OtherKey(
            f"{file} is signed with the key {signer}, and not with {told.strip()}. If {whose} "
            "reads out another key, the file does not come from there: use nothing of it."
        )


def _subjects(note: str) -> frozenset[str]:
    try:
        listed = json.loads(note or "[]")
    except ValueError:
        return frozenset()
    return frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()
