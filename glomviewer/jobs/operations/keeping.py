"""What is done with the library itself: readers, roots, filters, backups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.jobs.sentences import JobError
from glomviewer.store.library import Library


def add_reader(library: Library, *, name: str, initials: str) -> Changes:
    """Let somebody decide under a name; `Library.readers` then has the new reader last."""
    if not name.strip() or not initials.strip():
        raise JobError("A reader needs a name and initials.")
    reader = library.add_reader(name.strip(), initials.strip())
    return Changes(readers=True, sentence=f"{reader.name} ({reader.initials}) is a reader now.")


def repoint_root(library: Library, *, root: int, folder: Path) -> Changes:
    """Read images from another folder, as where a drive letter has changed."""
    if not folder.is_dir():
        raise JobError(f"There is no folder {folder}.")
    return library.repoint_root(root, folder)


def check_files(
    library: Library,
    *,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Changes:
    """Look for files that are missing or have changed."""
    return library.check_files(progress, cancelled)


def save_filter(library: Library, *, name: str, query: PatchQuery) -> Changes:
    if not name.strip():
        raise JobError("The filter needs a name.")
    return library.save_filter(name.strip(), query)


def delete_filter(library: Library, *, name: str) -> Changes:
    return library.delete_filter(name)


def back_up(library: Library, *, reason: str = "by hand") -> Changes:
    """Write a verified copy of the database into the library's backups."""
    return library.backup_now(reason)
