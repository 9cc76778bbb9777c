"""One journal of all acts, chained by hash; readings, packs and sign-offs.

What is in force no longer follows from the order of local rows but from Lamport clocks, so that
logs of several installations can be merged. Gestures, thresholds, promotions and looks of before
get their rows in the journal, in the order in which they were made.
"""

from __future__ import annotations

from alembic import op

from glomviewer.store.migrate import mark_version
from glomviewer.store.migrating.third_journal import write_journal
from glomviewer.store.migrating.third_log import rebuild_log
from glomviewer.store.migrating.third_tables import COLUMNS, INDEXES, QUEUES, TABLES
from glomviewer.store.migrating.watch import watch_of_migration

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    connection, watch = op.get_bind(), watch_of_migration()
    for statement in TABLES:
        op.execute(statement)
    rebuild_log(connection, watch)
    for statement in (*INDEXES, *COLUMNS, *QUEUES):
        op.execute(statement)
    write_journal(connection, watch)
    for table in ("journal", "batches", "decisions", "unplaced", "signoffs"):
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{verb.lower()}_refused BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'The log {table} only ever grows.'); END"
            )
    mark_version(connection, 3)
