"""Adding patches, and finding which of them duplicate another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from glomviewer.domain.labels import NO_LABEL, ReferenceSource, Split
from glomviewer.store import clock
from glomviewer.store.carrying import carry_exclusions
from glomviewer.store.groups import Groups
from glomviewer.store.merging.placing import place

_CHUNK = 2000
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class NewPatch:
    """A patch to be added. `path` is relative to its root, with forward slashes.

    `split` is what a column of the import asked for; `copy_of` is the path (same root) of the
    picture that this one was prepared from, "" for none. Hashes are hexadecimal.
    """

    path: str
    name: str
    sha256: str
    pixel_hash: str
    width: int
    height: int
    bytes: int = 0
    modified_ns: int = 0
    microns_per_pixel: float | None = None
    slide: str = ""
    case: str = ""
    imported_label: int = NO_LABEL
    split: Split = Split.NONE
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """Ids of the patches that were added, and how many were in the library already."""

    ids: tuple[int, ...]
    known: int
    duplicates: int


def sort_key(name: str) -> str:
    """A key by which 'p2' comes before 'p10': each number is preceded by its length."""

    def numbered(match: re.Match[str]) -> str:
        digits = match.group().lstrip("0") or "0"
        return f"{chr(ord('0') + min(len(digits), 74))}{digits}"

    return _DIGITS.sub(numbered, name.casefold())


def add_patches(connection: Connection, rows: Iterable[NewPatch], *, root: int) -> Added:
    """Add what is not there yet (same root and path) and mark what duplicates another.

    Patches of a case that is excluded as a whole are excluded too, and what merged logs have
    said of patches that were not here is entered.
    """
    groups = Groups(connection)
    first = _next_id(connection)
    next_id, known = first, 0
    copies: list[tuple[str, int]] = []
    iterator = iter(rows)
    added_at = clock.now()
    while chunk := list(islice(iterator, _CHUNK)):
        there = _known_paths(connection, root, chunk)
        fresh: list[tuple[int, NewPatch]] = []
        for row in chunk:
            if row.path in there:
                known += 1
                continue
            there.add(row.path)
            fresh.append((next_id, row))
            if row.copy_of:
                copies.append((row.copy_of, next_id))
            next_id += 1
        _insert(connection, fresh, groups, root, added_at)
    duplicates = _mark_duplicates(connection, first, root, copies)
    place(connection)
    carry_exclusions(connection, first)
    return Added(ids=tuple(range(first, next_id)), known=known, duplicates=duplicates)


def _next_id(connection: Connection) -> int:
    return int(
        connection.exec_driver_sql("SELECT coalesce(max(id), 0) + 1 FROM patches").scalar_one()
    )


def _known_paths(connection: Connection, root: int, chunk: Sequence[NewPatch]) -> set[str]:
    wanted = json.dumps([row.path for row in chunk])
    return {
        row[0]
        for row in connection.exec_driver_sql(
            "SELECT path FROM files WHERE root_id = ? AND path IN (SELECT value FROM json_each(?))",
            (root, wanted),
        )
    }


def _insert(
    connection: Connection,
    fresh: list[tuple[int, NewPatch]],
    groups: Groups,
    root: int,
    added_at: int,
) -> None:
    if not fresh:
        return
    connection.exec_driver_sql(
        "INSERT INTO patches (id, case_id, slide_id, width, height, microns_per_pixel, "
        "imported_label, imported_split) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                patch,
                *groups.ids(row.case, row.slide),
                row.width,
                row.height,
                row.microns_per_pixel,
                int(row.imported_label),
                int(row.split),
            )
            for patch, row in fresh
        ],
    )
    connection.exec_driver_sql(
        "INSERT INTO files (patch_id, root_id, path, name, sort_key, sha256, pixel_hash, bytes, "
        "modified_ns, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                patch,
                root,
                row.path,
                row.name,
                sort_key(row.name),
                row.sha256,
                row.pixel_hash,
                row.bytes,
                row.modified_ns,
                added_at,
            )
            for patch, row in fresh
        ],
    )
    connection.exec_driver_sql(
        "INSERT INTO patch_states (patch_id, reference, source, blind, gate_label) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            (
                patch,
                int(row.imported_label),
                int(_source(row.imported_label)),
                int(row.imported_label != NO_LABEL),
                int(row.imported_label),
            )
            for patch, row in fresh
        ],
    )


def _source(imported_label: int) -> ReferenceSource:
    return ReferenceSource.NONE if imported_label == NO_LABEL else ReferenceSource.IMPORTED


def _mark_duplicates(
    connection: Connection, first: int, root: int, copies: list[tuple[str, int]]
) -> int:
    """Point every duplicate at the first of its kind; how many of the new ones are duplicates.

    Copies made by a preparation are pointed at their original whatever the order of ids; a
    second step points at the original's original, so that no duplicate leads to another.
    """
    if copies:
        connection.exec_driver_sql(
            "UPDATE patches SET duplicate_of = (SELECT patch_id FROM files "
            "WHERE root_id = ? AND path = ? AND patch_id <> patches.id) WHERE id = ?",
            [(root, path, patch) for path, patch in copies],
        )
    connection.exec_driver_sql(
        "UPDATE patches SET duplicate_of = x.original FROM ("
        "SELECT f.patch_id, min(o.patch_id) AS original FROM files f JOIN files o "
        "ON o.pixel_hash = f.pixel_hash AND o.patch_id < f.patch_id "
        "WHERE f.patch_id >= ? AND f.pixel_hash <> '' GROUP BY f.patch_id) AS x "
        "WHERE x.patch_id = patches.id AND patches.duplicate_of IS NULL",
        (first,),
    )
    for _ in range(3):
        connection.exec_driver_sql(
            "UPDATE patches SET duplicate_of = o.duplicate_of FROM patches o "
            "WHERE o.id = patches.duplicate_of AND o.duplicate_of IS NOT NULL "
            "AND o.duplicate_of <> patches.id AND patches.id >= ?",
            (first,),
        )
    return int(
        connection.exec_driver_sql(
            "SELECT count(*) FROM patches WHERE id >= ? AND duplicate_of IS NOT NULL", (first,)
        ).scalar_one()
    )
