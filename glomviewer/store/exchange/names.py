"""Names on their way out: pseudonyms take their place, and the key to them stays here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from glomviewer.domain.pseudonyms import mentions_patient, pseudonym

CASE, SLIDE, READING, MODEL = "case", "slide", "reading", "model"


def pseudonyms_of(connection: Connection, kind: str, names: Iterable[str]) -> dict[str, str]:
    """A pseudonym for each name, the same at every export; new names are numbered on in the
    order in which they come, which should be one that tells nothing."""
    known: dict[str, str] = {
        row[0]: row[1]
        for row in connection.exec_driver_sql(
            "SELECT name, pseudonym FROM pseudonyms WHERE kind = ?", (kind,)
        )
    }
    found: dict[str, str] = {}
    for name in names:
        if name not in known:
            known[name] = pseudonym(kind, len(known) + 1)
            connection.exec_driver_sql(
                "INSERT INTO pseudonyms (kind, name, pseudonym) VALUES (?, ?, ?)",
                (kind, name, known[name]),
            )
        found[name] = known[name]
    return found


def title_outside(connection: Connection, kind: str, title: str) -> str:
    """A title that a person has written, or its pseudonym where it may name a patient."""
    if not mentions_patient(title):
        return title
    return pseudonyms_of(connection, kind, [title])[title]
