"""What a reading pack is made of, as it stands in the tables of the library at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.readings.protocol import Order, Protocol, Reveal
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.store import call_knowledge, reading_items, reveals, roots, sealed_calls, sight
from glomviewer.store.errors import Refused
from glomviewer.store.exchange import names
from glomviewer.store.packs.rows import ReaderName
from glomviewer.store.paths import LibraryPaths

_ITEMS = """
SELECT i.id, i.uuid, i.turn, i.repeat_of IS NOT NULL, f.root_id, f.path, f.sha256, f.pixel_hash,
p.microns_per_pixel, coalesce(c.name, ''), coalesce(s.name, ''), p.id
FROM reading_items i JOIN patches p ON p.id = i.patch_id JOIN files f ON f.patch_id = p.id
LEFT JOIN cases c ON c.id = p.case_id LEFT JOIN slides s ON s.id = p.slide_id
WHERE i.reading_id = ? AND i.reader_id = ? ORDER BY i.place
"""


@dataclass(frozen=True, slots=True)
class SourceItem:
    """An item with the file that its picture is made of. `case` is a pseudonym; `call` is the
    model's as it is sealed, b"" for none."""

    id: int
    uuid: str
    patch: int
    turn: int
    file: str
    sha256: str
    pixel_hash: str
    case: str
    microns_per_pixel: float | None
    call: bytes


@dataclass(frozen=True, slots=True)
class ReadingSource:
    reading: ReadingSummary
    created_at: int
    zone: str
    name: str
    reader: ReaderName
    passphrase: str
    """What is kept of the reader's passphrase, "" where he has none."""
    items: tuple[SourceItem, ...]
    kept_back: tuple[str, ...] = ()
    """The items whose call is left out, since another reading keeps it from the reader."""

    @property
    def has_calls(self) -> bool:
        return self.reading.protocol.reveal is not Reveal.NEVER and bool(self.reading.model)


def reader_name(connection: Connection, reader: int) -> ReaderName:
    row = connection.exec_driver_sql(
        "SELECT uuid, name, initials FROM readers WHERE id = ?", (reader,)
    ).one()
    return ReaderName(*row)


def refuse_what_is_over(reading: ReadingSummary, reader: int) -> None:
    """Raises:
    Refused: there is nothing left to be read by this reader, or never was.
    """
    own = reading.progress_of(reader)
    if own is None:
        raise Refused(f"This reader does not read in {reading.name}; no pack was written.")
    if reading.is_closed or own.finished is not None:
        raise Refused(
            f"{own.reader.name} has finished {reading.name}, or it was closed; there is nothing "
            "left to be read in a pack."
        )


def read_source(
    connection: Connection, paths: LibraryPaths, reading: ReadingSummary, reader: int
) -> ReadingSource:
    """Look up all of it; names that get their first pseudonym are written down."""
    rows = connection.exec_driver_sql(_ITEMS, (reading.id, reader)).all()
    made = connection.exec_driver_sql(
        "SELECT created_at, zone FROM readings WHERE id = ?", (reading.id,)
    ).one()
    folders = roots.root_folders(connection, paths.folder)
    protocol = reading.protocol
    cases = _cases(connection, protocol, rows) if tells_cases(protocol) else [""] * len(rows)
    reveals_calls = protocol.reveal is not Reveal.NEVER and bool(reading.model)
    kept = sight.kept_by_others(connection, reader, reading.id) if reveals_calls else set()
    return ReadingSource(
        reading=reading,
        created_at=made[0],
        zone=made[1],
        name=names.title_outside(connection, names.READING, reading.name),
        reader=reader_name(connection, reader),
        passphrase=connection.exec_driver_sql(
            "SELECT passphrase FROM readers WHERE id = ?", (reader,)
        ).scalar_one(),
        items=tuple(
            SourceItem(
                id=row[0],
                uuid=row[1],
                patch=row[11],
                turn=row[2],
                file=roots.absolute_path(folders[row[4]], row[5]),
                sha256=row[6],
                pixel_hash=row[7],
                case=case,
                microns_per_pixel=None if protocol.independent else row[8],
                call=(
                    _call(connection, paths, row[0], reader)
                    if reveals_calls and row[11] not in kept
                    else b""
                ),
            )
            for row, case in zip(rows, cases, strict=True)
        ),
        kept_back=tuple(row[1] for row in rows if row[11] in kept),
    )


def tells_cases(protocol: Protocol) -> bool:
    return protocol.order is Order.BY_CASE or not protocol.independent


def _cases(connection: Connection, protocol: Protocol, rows: Sequence[Any]) -> list[str]:
    """The pseudonym of each item's case, else slide. Where cases come one after the other, a
    repeat passes for one of the case that it comes amid."""
    kinds = [names.CASE if row[9] else names.SLIDE if row[10] else "" for row in rows]
    known = {
        kind: names.pseudonyms_of(
            connection,
            kind,
            [row[9] or row[10] for row, own in zip(rows, kinds, strict=True) if own == kind],
        )
        for kind in (names.CASE, names.SLIDE)
    }
    told: list[str] = []
    for row, kind in zip(rows, kinds, strict=True):
        if protocol.order is Order.BY_CASE and row[3] and told:
            told.append(told[-1])
        else:
            told.append(known[kind][row[9] or row[10]] if kind else "")
    return told


def _call(connection: Connection, paths: LibraryPaths, item: int, reader: int) -> bytes:
    of = reading_items.item_of(connection, item, reader)
    call = reveals.call_of(connection, paths, of)
    return b"" if call is None else sealed_calls.to_bytes(call)


def known_items(connection: Connection, source: ReadingSource, reader: int) -> list[str]:
    """The items of whose patch this reader knows the model's call, or could know it: by uuid."""
    patches = {item.patch for item in source.items}
    known = call_knowledge.told(connection, reader, patches, reading=source.reading.id)
    return [item.uuid for item in source.items if item.patch in known]


def source_bytes(item: SourceItem) -> bytes:
    """The bytes of the item's file.

    Raises:
        Refused: it can't be read.
    """
    try:
        return Path(item.file).read_bytes()
    except OSError as error:
        raise Refused(
            f"The image of patch number {item.patch} can't be read "
            f"({error.strerror or 'it is not there'}); have the files checked on the page Library "
            "and try again. No pack was written."
        ) from error
