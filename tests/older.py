"""A library as an earlier version left it, with nothing in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from glomviewer.paths import resources_dir
from glomviewer.store import migrate
from glomviewer.store.paths import LibraryPaths

VERSION = 2


def older_library(folder: Path) -> LibraryPaths:
    paths = LibraryPaths(folder)
    paths.make_folders()
    paths.database.touch()
    migrate.upgrade(paths.database, VERSION)
    labels = (resources_dir() / "labels" / "global_sclerosis.json").read_text(encoding="utf-8")
    with closing(sqlite3.connect(paths.database)) as connection:
        connection.execute(
            "INSERT INTO settings VALUES ('library_uuid', 'u'), ('label_set', ?)", (labels,)
        )
        connection.commit()
    return paths


def version_of(paths: LibraryPaths) -> int:
    with closing(sqlite3.connect(paths.database)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]
