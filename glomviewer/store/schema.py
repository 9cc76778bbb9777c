"""The tables of library.sqlite.

`journal` is the log of all acts, chained by hash; `batches` and `decisions` hold what its gestures
say. They only ever grow, and triggers see to it. `current_labels`, `patch_states`, `withdrawn`,
`made_knowing` and `pending` are derived and can be computed again; they are kept so that a million
patches load in seconds.
"""

from __future__ import annotations

from sqlalchemy import DDL, event

from glomviewer.store.tables import log, models, patches, rooms  # noqa: F401 - they register themselves
from glomviewer.store.tables.base import metadata

__all__ = ["APPEND_ONLY", "APPLICATION_ID", "SCHEMA_VERSION", "metadata", "trigger_statements"]

APPLICATION_ID = 0x474C4F4D
"""'GLOM', in the header of the database, so that no other SQLite file is mistaken for it."""

SCHEMA_VERSION = 4
"""`user_version` of the database: the number of the newest revision in migrations/versions."""

APPEND_ONLY = (
    "journal",
    "batches",
    "decisions",
    "unplaced",
    "thresholds",
    "promotions",
    "looks",
    "signoffs",
)
"""The logs: tables whose rows nobody changes or deletes, this program included."""


def trigger_statements() -> list[str]:
    """The triggers that keep the logs append-only and assigned splits frozen."""
    statements = [
        f"CREATE TRIGGER {table}_{verb.lower()}_refused BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'The log {table} only ever grows.'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    statements.append(
        "CREATE TRIGGER patches_split_frozen BEFORE UPDATE OF split ON patches "
        "WHEN OLD.split <> -1 AND NEW.split <> OLD.split "
        "BEGIN SELECT RAISE(ABORT, 'A split is frozen once it is assigned.'); END"
    )
    return statements


for _statement in trigger_statements():
    event.listen(metadata, "after_create", DDL(_statement.replace("%", "%%")))
