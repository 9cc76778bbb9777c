"""Dated copies of library.sqlite: written while the library is in use, and read back at once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from glomviewer.domain.backup_thinning import kept
from glomviewer.store.engine import open_database
from glomviewer.store.errors import DamagedLibrary, LibraryError
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.schema import APPLICATION_ID

DAILY = timedelta(days=1)
HALF_HOURLY = timedelta(minutes=30)

_STAMP = "%Y-%m-%d_%H%M%S.%f"
_NAME = re.compile(r"(?P<stamp>\d{4}-\d\d-\d\d_\d{6}\.\d{6})_(?P<reason>.*)\.sqlite")
_PAGES_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was found sound when it was written. `made_at` is in UTC, `size` in bytes."""

    path: Path
    made_at: datetime
    reason: str
    size: int


def _untold(_done: int, _total: int) -> None:
    pass


def back_up(
    paths: LibraryPaths,
    reason: str,
    *,
    now: datetime | None = None,
    copied: Callable[[int, int], None] = _untold,
) -> Backup:
    """Copy the database as it is at this moment, verify the copy, and thin the older ones.

    Works while the library is open, for writers too. `reason` becomes part of the file's name.
    `copied` hears how many pages of how many are there; what it raises gives the copy up.

    Raises:
        DamagedLibrary: the copy does not pass SQLite's check, so the original would not either.
        LibraryError: the copy can't be written, for example because the disk is full.
    """
    made_at = now or datetime.now(UTC)
    words = re.sub(r"[^A-Za-z0-9]+", "-", reason).strip("-") or "backup"
    target = paths.backups / f"{made_at.strftime(_STAMP)}_{words}.sqlite"
    draft = target.with_suffix(".partial")
    try:
        paths.backups.mkdir(exist_ok=True)
        _copy(paths.database, draft, copied)
        problem = first_problem(draft)
        if problem:
            raise DamagedLibrary(
                f"The library {paths.folder} is damaged ({problem}), so no sound backup can be "
                "made of it; restore an older one."
            )
        draft.replace(target)
    except sqlite3.DatabaseError as error:
        raise _backup_failed(paths, error) from error
    except OSError as error:
        raise LibraryError(f"No backup could be written to {paths.backups}: {error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    thin(paths, made_at)
    return Backup(target, made_at, words.replace("-", " "), target.stat().st_size)


def list_backups(paths: LibraryPaths) -> list[Backup]:
    """All backups, newest first."""
    found: list[Backup] = []
    for path in paths.backups.glob("*.sqlite"):
        match = _NAME.fullmatch(path.name)
        if match is None:
            continue
        made_at = datetime.strptime(match.group("stamp"), _STAMP).replace(tzinfo=UTC)
        reason = match.group("reason").replace("-", " ")
        found.append(Backup(path, made_at, reason, path.stat().st_size))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def is_due(paths: LibraryPaths, age: timedelta, *, now: datetime | None = None) -> bool:
    """Whether the library has changed since its newest backup, and that is older than `age`."""
    newest = next(iter(list_backups(paths)), None)
    if newest is None:
        return True
    old = (now or datetime.now(UTC)) - newest.made_at >= age
    return old and _last_change(paths) > newest.made_at


def thin(paths: LibraryPaths, now: datetime) -> list[Path]:
    """Delete backups that are no longer worth their space; those deleted come back."""
    backups = list_backups(paths)
    keep = kept([backup.made_at for backup in backups], now)
    gone = [backup.path for backup in backups if backup.made_at not in keep]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def first_problem(database: Path) -> str:
    """What is wrong with a database file, "" for nothing: not ours, or fails quick_check."""
    try:
        with closing(open_database(database, mode="ro")) as connection:
            found = connection.execute("PRAGMA application_id").fetchone()[0]
            if found != APPLICATION_ID:
                return "it is no library of this program"
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        return str(error)
    # SQLite says it in several lines.
    return "" if answer == "ok" else " ".join(str(answer).split())


def _copy(database: Path, draft: Path, copied: Callable[[int, int], None]) -> None:
    draft.unlink(missing_ok=True)
    with (
        closing(open_database(database, mode="ro")) as source,
        closing(open_database(draft, mode="rwc")) as target,
    ):
        source.backup(
            target,
            pages=_PAGES_AT_ONCE,
            progress=lambda _status, left, total: copied(total - left, total),
            sleep=0.005,
        )
        # One file that needs no companions, wherever somebody carries it.
        target.execute("PRAGMA journal_mode=DELETE")


def _backup_failed(paths: LibraryPaths, error: sqlite3.Error) -> LibraryError:
    text = str(error)
    if "malformed" in text or "not a database" in text:
        return DamagedLibrary(
            f"The library {paths.folder} is damaged ({text}), so no sound backup can be made of "
            "it; restore an older one."
        )
    return LibraryError(f"No backup could be written to {paths.backups}: {text}.")


def _last_change(paths: LibraryPaths) -> datetime:
    log = paths.database.with_name(paths.database.name + "-wal")
    times = [file.stat().st_mtime for file in (paths.database, log) if file.exists()]
    return datetime.fromtimestamp(max(times, default=0.0), UTC)
