"""Bringing an older library up to date: a copy first, then the revisions in one transaction."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection

from glomviewer.store import recomputation
from glomviewer.store.backups import back_up
from glomviewer.store.checks import schema_version
from glomviewer.store.engine import make_engine, writing
from glomviewer.store.errors import DamagedLibrary, ReadOnly
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


def bring_up_to_date(paths: LibraryPaths, *, may_write: bool) -> None:
    """Migrate an older library after it was copied into its backups.

    Raises:
        ReadOnly: it is older, and may not be written to now.
    """
    version = schema_version(paths.database)
    if version == SCHEMA_VERSION:
        return
    if not may_write:
        raise ReadOnly(
            f"The library {paths.folder.name} is of an older format and must be opened for "
            "writing once, by this version, before it can be read."
        )
    back_up(paths, f"before migration from {version}")
    upgrade(paths.database, SCHEMA_VERSION)
    log.info("The library was brought from format %d to %d.", version, SCHEMA_VERSION)


def upgrade(database: Path, version: int) -> None:
    """Run the revisions up to `version` in one transaction, and derive again what follows from
    the log: all of it, or none."""
    from alembic import command
    from alembic.config import Config

    engine = make_engine(database, read_only=False, references=False)
    try:
        with writing(engine).begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, revision_of(version))
            if version == SCHEMA_VERSION:
                recomputation.rebuild(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise DamagedLibrary(
                    f"The library was left as it was: a row of {broken[0]} refers to one of "
                    f"{broken[2]} that is not there. Restore a backup with `glomviewer restore`."
                )
    finally:
        engine.dispose()
