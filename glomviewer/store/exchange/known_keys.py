"""Whose keys this library knows: each was compared once, and for what was signed with it then.

A key is known for a reader's returns, or for labels and models of another library: a colleague
whose key was compared for her own readings can't return somebody else's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from glomviewer.store import clock
from glomviewer.store.exchange.errors import OtherKey, UnknownKey
from glomviewer.store.packs.keys import fingerprint, installation_key, plain_fingerprint

HOME = "home"
"""What the key of a pack's sender is known for in the library that was opened from the pack."""
LIBRARIES = "libraries"
"""What the key of a machine that sends labels or models is known for."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """`subjects` are readers' uuids, `HOME` or `LIBRARIES`."""

    fingerprint: str
    name: str
    subjects: frozenset[str]


def known_keys(connection: Connection) -> list[KnownKey]:
    rows = connection.exec_driver_sql(
        "SELECT fingerprint, name, note FROM known_keys ORDER BY fingerprint"
    )
    return [KnownKey(row[0], row[1], _subjects(row[2])) for row in rows]


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
