"""Copies of an import's files on their way into the library: nobody refers to them until the
transaction, and what a killed import left is known again by a mark beside it."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from glomviewer.store.engine import open_database
from glomviewer.store.paths import LibraryPaths

_INCOMING = ".incoming-"
_UNFINISHED = ".unfinished-"


def make_incoming(paths: LibraryPaths) -> tuple[Path, Path]:
    """(the folder in which copies wait, the folder that they will be in)."""
    remove_unfinished(paths)
    paths.images.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H%M%S_%f")
    incoming = paths.images / f"{_INCOMING}{stamp}"
    incoming.mkdir()
    return incoming, paths.images / stamp


def put_in_place(incoming: Path, root: Path) -> None:
    """Give the folder its name, marked as unfinished until `finish`."""
    _mark(root).touch()
    incoming.rename(root)


def finish(root: Path) -> None:
    """The library refers to the folder now."""
    _mark(root).unlink(missing_ok=True)


def discard(folder: Path) -> None:
    """Forget copies that no patch will refer to."""
    shutil.rmtree(folder, ignore_errors=True)
    _mark(folder).unlink(missing_ok=True)


def unfinished(paths: LibraryPaths) -> list[Path]:
    """Folders of copies that imports left behind when they were killed."""
    marked = [
        paths.images / mark.name.removeprefix(_UNFINISHED)
        for mark in paths.images.glob(f"{_UNFINISHED}*")
    ]
    referred = _roots_inside(paths) if marked else set()
    left = [folder for folder in marked if folder.is_dir() and folder not in referred]
    return sorted([*paths.images.glob(f"{_INCOMING}*"), *left])


def remove_unfinished(paths: LibraryPaths) -> None:
    """For whoever holds the library for writing: nobody else is importing."""
    for folder in unfinished(paths):
        discard(folder)
    for mark in paths.images.glob(f"{_UNFINISHED}*"):
        mark.unlink(missing_ok=True)


def _mark(root: Path) -> Path:
    return root.with_name(f"{_UNFINISHED}{root.name}")


def _roots_inside(paths: LibraryPaths) -> set[Path]:
    with closing(open_database(paths.database, mode="ro")) as connection:
        rows = connection.execute("SELECT path FROM roots WHERE inside")
        return {paths.folder / row[0] for row in rows}
