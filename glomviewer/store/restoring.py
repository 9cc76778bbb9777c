"""Putting a backup in the place of a library's database."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from glomviewer.store import journal, migrate
from glomviewer.store.backups import Backup, back_up, first_problem, list_backups
from glomviewer.store.engine import make_engine, open_database, writing
from glomviewer.store.errors import DamagedLibrary, LibraryError, NewerLibrary, ReadOnly
from glomviewer.store.installation import installation_id, start_origin
from glomviewer.store.journal import Act
from glomviewer.store.lock import WriterLock
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.schema import SCHEMA_VERSION

_COMPANIONS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """`put_aside` is where the database that was replaced now lies."""

    backup: Path
    put_aside: Path
    sentence: str


def restore(folder: Path, backup: Path | None = None) -> Restored:
    """Replace the database by a backup, the newest one unless named. The present database
    becomes a backup first; one that is too damaged for that is put aside as it is.

    Raises:
        ReadOnly: somebody has the library open for writing.
        DamagedLibrary: the backup itself is not sound.
        LibraryError: there is no backup.
    """
    paths = LibraryPaths(folder)
    chosen = _chosen(paths, backup)
    lock = WriterLock(paths)
    holder = lock.acquire()
    if holder is not None:
        raise ReadOnly(f"The library is open: {holder.sentence}. Close it there, then restore.")
    try:
        draft = _draft(paths, chosen)
        put_aside = _put_aside(paths)
        for suffix in _COMPANIONS:
            paths.database.with_name(paths.database.name + suffix).unlink(missing_ok=True)
        draft.replace(paths.database)
        _forget_predictions_of_unknown_patches(paths)
    finally:
        lock.release()
    sentence = f"Restored {chosen.name}. What was there before is kept as {put_aside.name}."
    return Restored(chosen, put_aside, sentence)


def _chosen(paths: LibraryPaths, backup: Path | None) -> Path:
    if not paths.folder.is_dir():
        raise LibraryError(f"There is no library {paths.folder}.")
    if backup is None:
        backups: list[Backup] = list_backups(paths)
        if not backups:
            raise LibraryError(f"{paths.folder} has no backup that could be restored.")
        return backups[0].path
    for candidate in (backup, paths.backups / backup.name):
        if candidate.is_file():
            return candidate
    raise LibraryError(f"There is no backup {backup}.")


def _draft(paths: LibraryPaths, backup: Path) -> Path:
    """A copy of the backup beside the database, checked, and ready to take its place."""
    problem = first_problem(backup)
    if problem:
        raise DamagedLibrary(f"The backup {backup.name} is not sound: {problem}.")
    draft = paths.database.with_suffix(".restoring")
    shutil.copyfile(backup, draft)
    with closing(open_database(draft, mode="ro")) as connection:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        draft.unlink()
        raise NewerLibrary(
            f"The backup {backup.name} was written by a newer version of this program; "
            "update the program first."
        )
    if version < SCHEMA_VERSION:
        migrate.upgrade(draft, SCHEMA_VERSION)
    _start_new_sequence(draft, backup)
    return draft


def _start_new_sequence(database: Path, backup: Path) -> None:
    """Numbers given out after the backup may be known on other machines: never reuse them."""
    engine = make_engine(database, read_only=False)
    try:
        with writing(engine).begin() as connection:
            heads = journal.heads_text(journal.heads(connection))
            origin, _ = start_origin(connection, installation_id())
            journal.write(
                connection,
                origin,
                Act.BACKUP,
                "a backup was restored",
                body={"backup": backup.name, "heads": heads},
            )
    finally:
        engine.dispose()
    with closing(open_database(database, mode="rw")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _put_aside(paths: LibraryPaths) -> Path:
    if not paths.database.exists():
        return paths.database
    try:
        return back_up(paths, "before restore").path
    except (LibraryError, sqlite3.Error):
        stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H%M%S")
        aside = paths.backups / f"damaged_{stamp}.sqlite"
        for suffix in ("", *_COMPANIONS):
            file = paths.database.with_name(paths.database.name + suffix)
            if file.exists():
                shutil.copyfile(file, aside.with_name(aside.name + suffix))
        return aside


def _forget_predictions_of_unknown_patches(paths: LibraryPaths) -> None:
    """Ids of patches that came after the backup are given out again by the next import."""
    with closing(open_database(paths.database, mode="ro")) as connection:
        last = connection.execute("SELECT coalesce(max(id), 0) FROM patches").fetchone()[0]
    for file in paths.predictions("any").parent.glob("*.sqlite"):
        with closing(open_database(file, mode="rw")) as connection:
            connection.execute("DELETE FROM prediction WHERE patch > ?", (last,))
