"""Whether the patches' files are there and unchanged."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from glomviewer.store.import_values import (
    Cancelled,
    ImportCancelled,
    ImportProgress,
    Progress,
)
from glomviewer.store.roots import absolute_path, root_folders

_AT_ONCE = 200
_NAMED = 3


@dataclass(frozen=True, slots=True)
class PatchFile:
    """Where a patch's file should be and what it was when it was imported."""

    patch: int
    path: str
    size: int
    sha256: str


@dataclass(slots=True)
class FileFindings:
    """Absolute paths of files that are not as they were."""

    files: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {
            "checked": self.files,
            "missing": len(self.missing),
            "changed": len(self.changed),
            "unreadable": len(self.unreadable),
        }

    def sentences(self) -> list[str]:
        told = (
            (self.missing, "are missing; point the library at their new folder if they moved"),
            (self.changed, "are not the files that were imported"),
            (self.unreadable, "can't be read"),
        )
        return [
            f"{len(paths):,} of {self.files:,} image files {what}: {_some(paths)}."
            for paths, what in told
            if paths
        ]


def patch_files(connection: Connection, library: Path) -> list[PatchFile]:
    folders = root_folders(connection, library)
    return [
        PatchFile(int(patch), absolute_path(folders[int(root)], path), int(size), sha256)
        for patch, root, path, size, sha256 in connection.exec_driver_sql(
            "SELECT patch_id, root_id, path, bytes, sha256 FROM files ORDER BY patch_id"
        )
    ]


def compare(
    files: Sequence[PatchFile], *, by_hash: bool, progress: Progress, cancelled: Cancelled
) -> FileFindings:
    """Look at every file, by its size or by its SHA-256.

    Raises:
        ImportCancelled: `cancelled` said so.
    """
    found = FileFindings(files=len(files))
    look = _by_hash if by_hash else _by_size
    with ThreadPoolExecutor(os.cpu_count() or 2, thread_name_prefix="verify") as pool:
        for start in range(0, len(files), _AT_ONCE):
            if cancelled():
                raise ImportCancelled
            part = files[start : start + _AT_ONCE]
            for file, state in zip(part, pool.map(look, part), strict=True):
                _sort_in(found, file, state)
            progress(ImportProgress("Checking files", start + len(part), len(files)))
    return found


def _sort_in(found: FileFindings, file: PatchFile, state: str) -> None:
    if state == "missing":
        found.missing.append(file.path)
    elif state == "changed":
        found.changed.append(file.path)
    elif state == "unreadable":
        found.unreadable.append(file.path)


def _by_size(file: PatchFile) -> str:
    try:
        size = Path(file.path).stat().st_size
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "unreadable"
    return "changed" if file.size and size != file.size else ""


def _by_hash(file: PatchFile) -> str:
    try:
        with Path(file.path).open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "unreadable"
    return "changed" if digest != file.sha256 else ""


def _some(paths: Sequence[str]) -> str:
    named = ", ".join(paths[:_NAMED])
    return named if len(paths) <= _NAMED else f"{named}, …"
