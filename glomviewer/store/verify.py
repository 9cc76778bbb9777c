"""Whether a library is what it claims to be: database, log, derived state, models, files."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError

from glomviewer.store import checks, copied_in, verify_files, verify_log, verify_models
from glomviewer.store.backups import first_problem, list_backups
from glomviewer.store.engine import make_engine, open_database
from glomviewer.store.errors import DamagedLibrary, NewerLibrary
from glomviewer.store.import_values import Cancelled, Progress, never_cancelled, no_progress
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.schema import SCHEMA_VERSION
from glomviewer.store.verify_heads import WrittenHead, missing_heads


class FileCheck(StrEnum):
    """How closely to look at the patches' files."""

    NO = "no"
    SIZE = "size"
    HASH = "hash"


@dataclass(slots=True)
class VerifyReport:
    """`problems` are wrong and want an act; `notes` are worth knowing; each is a sentence."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return not self.problems


def verify(
    folder: Path,
    *,
    files: FileCheck = FileCheck.NO,
    heads: Sequence[WrittenHead] = (),
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> VerifyReport:
    """Look at everything and change nothing; others may have the library open. `heads` are ends
    of chains that were written down elsewhere (see `verify_heads.heads_in`).

    Raises:
        NotALibrary: there is no library at `folder`.
        ImportCancelled: `cancelled` said so.
    """
    paths = LibraryPaths(folder.absolute())
    report = VerifyReport()
    try:
        checks.refuse_what_is_no_library(paths)
    except (DamagedLibrary, NewerLibrary) as error:
        report.problems.append(str(error))
        return report
    try:
        _look(paths, report, files, heads, progress, cancelled)
    except sqlite3.DatabaseError as error:
        report.problems.append(checks.damaged_sentence(paths, str(error)))
    except DatabaseError as error:
        report.problems.append(checks.damaged_sentence(paths, str(error.orig)))
    return report


def _look(
    paths: LibraryPaths,
    report: VerifyReport,
    files: FileCheck,
    heads: Sequence[WrittenHead],
    progress: Progress,
    cancelled: Cancelled,
) -> None:
    if not _database(paths, report):
        return
    version = checks.schema_version(paths.database)
    report.facts["format"] = version
    if version < SCHEMA_VERSION:
        # Whoever edits a log could put an older number there, and would else pass for sound.
        report.problems.append(
            f"The library is of an older format ({version}), so that its log was not verified; it "
            "is brought up to date when it is opened for writing, and can be verified then."
        )
        return
    engine = make_engine(paths.database, read_only=True)
    try:
        with engine.connect() as connection:
            verify_log.look(
                connection, report.problems, report.facts, progress=progress, cancelled=cancelled
            )
            report.problems += missing_heads(connection, heads)
            if heads:
                report.facts["heads_compared"] = len(heads)
            verify_models.look(connection, paths, report.problems, report.notes, report.facts)
            if files is not FileCheck.NO:
                by_hash = files is FileCheck.HASH
                patches = verify_files.patch_files(connection, paths.folder)
                found = verify_files.compare(
                    patches, by_hash=by_hash, progress=progress, cancelled=cancelled
                )
                report.facts["files"] = found.counts()
                report.problems += found.sentences()
    finally:
        engine.dispose()
    _backups(paths, report)
    _leftovers(paths, report)


def _database(paths: LibraryPaths, report: VerifyReport) -> bool:
    """SQLite's own full check, and the references between tables."""
    with closing(open_database(paths.database, mode="ro")) as connection:
        answer = str(connection.execute("PRAGMA integrity_check(20)").fetchone()[0])
        if answer != "ok":
            report.problems.append(checks.damaged_sentence(paths, answer))
            return False
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        report.problems.append(
            f"{len(broken):,} rows refer to rows that are not there (in {tables})."
        )
    return True


def _backups(paths: LibraryPaths, report: VerifyReport) -> None:
    backups = list_backups(paths)
    report.facts["backups"] = len(backups)
    if not backups:
        report.notes.append("There is no backup yet; `glomviewer backup` writes one.")
        return
    report.facts["newest_backup"] = backups[0].made_at.isoformat(timespec="seconds")
    problem = first_problem(backups[0].path)
    if problem:
        report.problems.append(
            f"The newest backup, {backups[0].path.name}, is not sound: {problem}."
        )


def _leftovers(paths: LibraryPaths, report: VerifyReport) -> None:
    left = copied_in.unfinished(paths)
    if left:
        report.notes.append(
            f"{len(left)} unfinished imports left copied files in images/; the next import that "
            "copies removes them."
        )
