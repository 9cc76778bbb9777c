"""Looking whether the images still are where, and what, they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from glomviewer.store.reading import FILE_STATES
from glomviewer.store.roots import absolute_path, root_folders

PRESENT, MISSING, CHANGED = range(len(FILE_STATES))
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileState:
    """What was found of one patch's file; `modified_ns` to be remembered where it is the same."""

    patch: int
    state: int
    modified_ns: int


def look(
    connection: Connection,
    library: Path,
    *,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> list[FileState]:
    """What differs from what the library says, of every patch until cancelled.

    A file of another size has changed; one of the same size and another time is read again.
    """
    roots = root_folders(connection, library)
    rows = connection.exec_driver_sql(
        "SELECT f.patch_id, f.root_id, f.path, f.bytes, f.modified_ns, f.sha256, p.file_state "
        "FROM files f JOIN patches p ON p.id = f.patch_id ORDER BY f.patch_id"
    ).all()
    found: list[FileState] = []
    for done, (patch, root, path, size, modified_ns, sha256, known) in enumerate(rows):
        if done % 200 == 0:
            progress(done, len(rows))
            if cancelled():
                return found
        file = Path(absolute_path(roots[root], path))
        state, now_modified = _state(file, size, modified_ns, sha256)
        if state != known or (state == PRESENT and now_modified != modified_ns):
            found.append(FileState(patch, state, now_modified))
    progress(len(rows), len(rows))
    return found


def write(connection: Connection, found: list[FileState]) -> None:
    connection.exec_driver_sql(
        "UPDATE patches SET file_state = ? WHERE id = ?",
        [(one.state, one.patch) for one in found],
    )
    same = [(one.modified_ns, one.patch) for one in found if one.state == PRESENT]
    if same:
        connection.exec_driver_sql("UPDATE files SET modified_ns = ? WHERE patch_id = ?", same)


def _state(file: Path, size: int, modified_ns: int, sha256: str) -> tuple[int, int]:
    try:
        facts = file.stat()
        if size and facts.st_size != size:
            return CHANGED, modified_ns
        if facts.st_mtime_ns == modified_ns or not sha256:
            return PRESENT, facts.st_mtime_ns
        same = _sha256(file) == sha256
    except OSError:
        return MISSING, modified_ns
    return (PRESENT, facts.st_mtime_ns) if same else (CHANGED, modified_ns)


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
