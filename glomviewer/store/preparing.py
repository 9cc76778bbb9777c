"""The long part of an import: reading, hashing, and telling what is new. Nothing in the
database is written here, so that a cancelled or killed import leaves it as it was."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.name_patterns import copies_by_name
from glomviewer.store import copied_in
from glomviewer.store.adding import NewPatch
from glomviewer.store.engine import open_database
from glomviewer.store.import_values import (
    Cancelled,
    Finding,
    FindingKind,
    ImportPlan,
    PlannedPatch,
    Progress,
)
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.reading_files import ReadFile, read_files
from glomviewer.store.thumbnails import Thumbnails

_THUMBNAILS_AT_ONCE = 64


@dataclass(slots=True)
class PreparedImport:
    """What `commit` writes in one transaction.

    `claims` are labels that the source gives to patches already in the library, by their id.
    `incoming` is where copied files wait; `images` the folder that they will be in.
    """

    plan: ImportPlan
    root: Path
    new: list[NewPatch] = field(default_factory=list)
    claims: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    known: int = 0
    findings: list[Finding] = field(default_factory=list)
    incoming: Path | None = None
    started: float = field(default_factory=time.monotonic)

    def settle(self) -> None:
        """Move copied files of new patches to where the patches will look for them."""
        if self.incoming is None:
            return
        wanted = {patch.path for patch in self.new}
        for file in [file for file in self.incoming.rglob("*") if file.is_file()]:
            if file.relative_to(self.incoming).as_posix() not in wanted:
                file.unlink()
        copied_in.put_in_place(self.incoming, self.root)
        self.incoming = self.root

    def finish(self) -> None:
        """What was copied belongs to the library now."""
        if self.incoming is not None:
            copied_in.finish(self.root)

    def discard(self) -> None:
        """Forget copied files of an import that will not be written."""
        if self.incoming is not None:
            copied_in.discard(self.incoming)


def prepare(
    paths: LibraryPaths, plan: ImportPlan, *, progress: Progress, cancelled: Cancelled
) -> PreparedImport:
    """Read every planned file that the library does not have.

    Raises:
        ImportCancelled: `cancelled` said so; nothing is left behind but cached thumbnails.
        OSError: files can't be copied into the library.
    """
    folder = plan.source.folder
    prepared = PreparedImport(plan, folder, findings=list(plan.findings))
    known = _known_by_path(paths) if plan.patches else {}
    fresh: list[PlannedPatch] = []
    for patch in plan.patches:
        there = known.get(_key(folder / patch.path))
        if there is None:
            fresh.append(patch)
        else:
            prepared.known += 1
            prepared.claims[there].add(patch.label)
    if plan.options.copy_in and fresh:
        prepared.incoming, prepared.root = copied_in.make_incoming(paths)
    try:
        _read(paths, prepared, fresh, progress, cancelled)
    except BaseException:
        prepared.discard()
        raise
    return prepared


def _read(
    paths: LibraryPaths,
    prepared: PreparedImport,
    fresh: Sequence[PlannedPatch],
    progress: Progress,
    cancelled: Cancelled,
) -> None:
    plan = prepared.plan
    sieve = _Sieve(prepared)
    reads = read_files(
        plan.source.folder,
        [patch.path for patch in fresh],
        progress=progress,
        cancelled=cancelled,
        max_pixels=plan.options.max_pixels,
        copy_to=prepared.incoming,
    )
    waiting: list[tuple[str, bytes]] = []
    with Thumbnails(paths.thumbnails) as thumbnails:
        for patch, read in zip(fresh, reads, strict=True):
            sieve.take(patch, read)
            if read.thumbnail:
                waiting.append((read.pixel_hash, read.thumbnail))
            if len(waiting) >= _THUMBNAILS_AT_ONCE:
                thumbnails.put_many(waiting)
                waiting.clear()
        thumbnails.put_many(waiting)
    copies = {} if plan.options.leave_out_copies else copies_by_name(p.path for p in fresh)
    sieve.finish(paths, copies)


class _Sieve:
    """Tells new patches from files that hold what is already there."""

    def __init__(self, prepared: PreparedImport) -> None:
        self._prepared = prepared
        self._first: dict[str, int] = {}
        self._conflicts = {
            finding.name for finding in prepared.findings if finding.kind is FindingKind.CONFLICT
        }
        self._taken: list[tuple[PlannedPatch, ReadFile]] = []

    def take(self, patch: PlannedPatch, read: ReadFile) -> None:
        if read.failure:
            self._tell(patch.path, read.failure, FindingKind.UNREADABLE)
            return
        at = self._first.get(read.pixel_hash)
        if at is None:
            self._first[read.pixel_hash] = len(self._taken)
            self._taken.append((patch, replace(read, thumbnail=b"")))
            return
        self._twin(at, patch, read)

    def _twin(self, at: int, patch: PlannedPatch, read: ReadFile) -> None:
        """The same pixels twice: once is enough within a case, and no label where two differ.

        In two cases both stay, so that neither case lacks a glomerulus; the store keeps the
        second out of training and gate where it would link two splits.
        """
        first, first_read = self._taken[at]
        if NO_LABEL not in (first.label, patch.label) and first.label != patch.label:
            reason = f"the same pixels as {patch.path} under another class; no label is taken"
            self._tell(first.path, reason, FindingKind.CONFLICT, imported=True)
            self._conflicts.add(first.path)
            reason = f"the same pixels as {first.path} under another class"
            self._tell(patch.path, reason, FindingKind.CONFLICT)
            self._taken[at] = (replace(first, label=NO_LABEL), first_read)
            return
        if _group(first) != _group(patch):
            reason = f"the same pixels as {first.path} of another case or slide"
            self._tell(patch.path, reason, FindingKind.DUPLICATE, imported=True)
            self._taken.append((patch, replace(read, thumbnail=b"")))
            return
        if first.label == NO_LABEL != patch.label and first.path not in self._conflicts:
            self._taken[at] = (replace(first, label=patch.label), first_read)
        self._tell(patch.path, f"the same pixels as {first.path}", FindingKind.DUPLICATE)

    def finish(self, paths: LibraryPaths, copies: dict[str, str]) -> None:
        """Leave out what the library has by its pixels; the rest becomes new patches."""
        prepared = self._prepared
        known = _known_by_pixels(paths, self._first)
        for patch, read in self._taken:
            there = known.get(read.pixel_hash)
            if there is None:
                prepared.new.append(_new_patch(patch, read, copies.get(patch.path, "")))
                continue
            there_id, there_name = there
            prepared.known += 1
            prepared.claims[there_id].add(patch.label)
            reason = f"the library has its pixels as {there_name}"
            self._tell(patch.path, reason, FindingKind.KNOWN)

    def _tell(self, path: str, reason: str, kind: FindingKind, *, imported: bool = False) -> None:
        self._prepared.findings.append(Finding(path, reason, kind, imported))


def _group(patch: PlannedPatch) -> tuple[str, str]:
    return patch.case or patch.slide, patch.slide


def _new_patch(patch: PlannedPatch, read: ReadFile, copy_of: str) -> NewPatch:
    return NewPatch(
        path=patch.path,
        name=patch.name,
        sha256=read.sha256,
        pixel_hash=read.pixel_hash,
        width=read.width,
        height=read.height,
        bytes=read.size,
        modified_ns=read.modified,
        microns_per_pixel=patch.microns_per_pixel,
        slide=patch.slide,
        case=patch.case,
        imported_label=patch.label,
        split=patch.split,
        copy_of=copy_of,
    )


def _key(path: Path) -> str:
    return os.path.normcase(path)


def _known_by_path(paths: LibraryPaths) -> dict[str, int]:
    """Ids of patches by absolute path, in the spelling that this system compares."""
    with closing(_reading(paths)) as connection:
        roots = {
            int(row[0]): str(paths.folder.absolute() / row[1] if row[2] else row[1])
            for row in connection.execute("SELECT id, path, inside FROM roots")
        }
        rows = connection.execute("SELECT patch_id, root_id, path FROM files")
        return {_key(Path(f"{roots[root]}/{path}")): patch for patch, root, path in rows}


def _known_by_pixels(paths: LibraryPaths, hashes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """(id, name) of the first patch with these pixels, by pixel hash."""
    with closing(_reading(paths)) as connection:
        rows = connection.execute(
            "SELECT pixel_hash, min(patch_id), name FROM files "
            "WHERE pixel_hash IN (SELECT value FROM json_each(?)) GROUP BY pixel_hash",
            (json.dumps(list(hashes)),),
        )
        return {pixel_hash: (patch, name) for pixel_hash, patch, name in rows}


def _reading(paths: LibraryPaths) -> sqlite3.Connection:
    return open_database(paths.database, mode="ro")
