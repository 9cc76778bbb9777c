"""Bringing an older library up to date: a copy first, then the revisions in one transaction."""

from __future__ import annotations

import logging
import sqlite3
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from glomviewer.store import recomputation
from glomviewer.store.backups import back_up
from glomviewer.store.checks import schema_version
from glomviewer.store.engine import make_engine, writing
from glomviewer.store.errors import DamagedLibrary, ReadOnly
from glomviewer.store.import_values import (
    Cancelled,
    Progress,
    never_cancelled,
    no_progress,
)
from glomviewer.store.migrating.watch import CHECKING, COPYING, DERIVING, WATCH, MigrationWatch
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.schema import APPLICATION_ID, SCHEMA_VERSION

MIGRATIONS = Path(__file__).parent / "migrations"
log = logging.getLogger(__name__)


def revision_of(version: int) -> str:
    """Alembic's name of a schema version."""
    return f"{version:04d}"


def stamp(connection: Connection) -> None:
    """Mark a database that was made from the models as being of the newest schema."""
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql(
        "INSERT INTO alembic_version (version_num) VALUES (?)", (revision_of(SCHEMA_VERSION),)
    )
    mark_version(connection, SCHEMA_VERSION)


def mark_version(connection: Connection, version: int) -> None:
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {version}")


def bring_up_to_date(
    paths: LibraryPaths,
    *,
    may_write: bool,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> None:
    """Migrate an older library after it was copied into its backups.

    Raises:
        ReadOnly: it is older, and may not be written to now.
        ImportCancelled: `cancelled` said so; the library is as it was.
    """
    version = schema_version(paths.database)
    if version == SCHEMA_VERSION:
        return
    if not may_write:
        raise ReadOnly(
            f"The library {paths.folder.name} is of an older format and must be opened for "
            "writing once, by this version, before it can be read."
        )
    watch = MigrationWatch(progress, cancelled)
    back_up(paths, f"before migration from {version}", copied=partial(watch.tell, COPYING))
    upgrade(paths.database, SCHEMA_VERSION, watch)
    log.info("The library was brought from format %d to %d.", version, SCHEMA_VERSION)


def upgrade(database: Path, version: int, watch: MigrationWatch | None = None) -> None:
    """Run the revisions up to `version` in one transaction, and derive again what follows from
    the log: all of it, or none.

    Raises:
        ImportCancelled: `watch` was told so; the database is as it was.
    """
    watch = watch or MigrationWatch()
    engine = make_engine(database, read_only=False, references=False)
    try:
        with writing(engine).begin() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            with watch.stopping(raw):
                _run(connection, version, watch)
            watch.check()
    finally:
        engine.dispose()


def _run(connection: Connection, version: int, watch: MigrationWatch) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes[WATCH] = watch
    command.upgrade(config, revision_of(version))
    if version == SCHEMA_VERSION:
        recomputation.rebuild(connection, partial(watch.tell, DERIVING))
    watch.tell(CHECKING, 0, 1)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DamagedLibrary(
            f"The library was left as it was: a row of {broken[0]} refers to one of "
            f"{broken[2]} that is not there. Restore a backup with `glomviewer restore`."
        )
    watch.tell(CHECKING, 1, 1)
