"""Registered folders of images. A patch's path is relative to one, so that it can be moved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from glomviewer.store.errors import Refused, UnknownRecord


@dataclass(frozen=True, slots=True)
class Root:
    """A folder of images. `inside` says that it is the library's own images folder."""

    id: int
    path: str
    inside: bool
    patches: int


def root_folders(connection: Connection, library: Path) -> dict[int, Path]:
    """The absolute folder of each root."""
    return {
        int(row[0]): library / str(row[1]) if row[2] else Path(row[1])
        for row in connection.exec_driver_sql("SELECT id, path, inside FROM roots")
    }


def absolute_path(folder: Path, relative: str) -> str:
    return str(folder.joinpath(*relative.split("/")))


def list_roots(connection: Connection, library: Path) -> list[Root]:
    counts = connection.exec_driver_sql(
        "SELECT r.id, r.path, r.inside, (SELECT count(*) FROM files f WHERE f.root_id = r.id) "
        "FROM roots r ORDER BY r.id"
    )
    return [
        Root(
            id=int(row[0]),
            path=str(library / str(row[1])) if row[2] else str(row[1]),
            inside=bool(row[2]),
            patches=int(row[3]),
        )
        for row in counts
    ]


def add_root(connection: Connection, folder: Path, *, library: Path) -> int:
    """The id of the root at this folder, registered now where it is new."""
    folder, library = folder.absolute(), library.absolute()
    inside = folder.is_relative_to(library)
    path = folder.relative_to(library).as_posix() if inside else str(folder)
    known = connection.exec_driver_sql(
        "SELECT id FROM roots WHERE path = ? AND inside = ?", (path, int(inside))
    ).scalar_one_or_none()
    if known is not None:
        return int(known)
    cursor = connection.exec_driver_sql(
        "INSERT INTO roots (path, inside) VALUES (?, ?)", (path, int(inside))
    )
    return int(cursor.lastrowid or 0)


def repoint(connection: Connection, root: int, folder: Path) -> None:
    """Say where a root's images lie now.

    Raises:
        Refused: there is no such folder, or the root lies inside the library.
        UnknownRecord: there is no such root.
    """
    row = connection.exec_driver_sql("SELECT inside FROM roots WHERE id = ?", (root,)).one_or_none()
    if row is None:
        raise UnknownRecord(f"The library has no image folder number {root}.")
    if row[0]:
        raise Refused("The library's own images move with the library and stay where they are.")
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}; choose the one that holds the images now.")
    connection.exec_driver_sql(
        "UPDATE roots SET path = ? WHERE id = ?", (str(folder.absolute()), root)
    )
