"""The third format's log: clocks instead of the order of rows, and each undo with its root."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection

from glomviewer.store.migrating.watch import LOG, MigrationWatch

_ROWS_AT_ONCE = 50_000

_BATCHES = """
CREATE TABLE {name} (
    id INTEGER NOT NULL,
    origin_id INTEGER NOT NULL,
    sequence INTEGER DEFAULT '0' NOT NULL,
    clock INTEGER DEFAULT '0' NOT NULL,
    reader_id INTEGER NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    patches INTEGER DEFAULT '0' NOT NULL,
    made_at INTEGER NOT NULL,
    zone TEXT DEFAULT '' NOT NULL,
    root INTEGER NOT NULL,
    CONSTRAINT pk_batches PRIMARY KEY (id),
    CONSTRAINT uq_batches_origin_id UNIQUE (origin_id, sequence),
    CONSTRAINT fk_batches_origin_id_origins FOREIGN KEY(origin_id) REFERENCES origins (id),
    CONSTRAINT fk_batches_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id),
    CONSTRAINT fk_batches_root_batches FOREIGN KEY(root) REFERENCES batches (id)
)
"""

_DECISIONS = """
CREATE TABLE {name} (
    id INTEGER NOT NULL,
    origin_id INTEGER NOT NULL,
    sequence INTEGER DEFAULT '0' NOT NULL,
    clock INTEGER DEFAULT '0' NOT NULL,
    batch_id INTEGER NOT NULL,
    reader_id INTEGER NOT NULL,
    patch_id INTEGER NOT NULL,
    item_id INTEGER,
    field TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    before_label INTEGER DEFAULT '-1' NOT NULL,
    before_value TEXT DEFAULT '' NOT NULL,
    label INTEGER DEFAULT '-1' NOT NULL,
    value TEXT DEFAULT '' NOT NULL,
    detail TEXT DEFAULT '' NOT NULL,
    comment TEXT DEFAULT '' NOT NULL,
    call_shown BOOLEAN DEFAULT '0' NOT NULL,
    model TEXT DEFAULT '' NOT NULL,
    on_screen BOOLEAN DEFAULT '0' NOT NULL,
    made_at INTEGER NOT NULL,
    zone TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_decisions PRIMARY KEY (id),
    CONSTRAINT uq_decisions_origin_id UNIQUE (origin_id, sequence),
    CONSTRAINT fk_decisions_origin_id_origins FOREIGN KEY(origin_id) REFERENCES origins (id),
    CONSTRAINT fk_decisions_batch_id_batches FOREIGN KEY(batch_id) REFERENCES batches (id),
    CONSTRAINT fk_decisions_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id),
    CONSTRAINT fk_decisions_patch_id_patches FOREIGN KEY(patch_id) REFERENCES patches (id),
    CONSTRAINT fk_decisions_item_id_reading_items
        FOREIGN KEY(item_id) REFERENCES reading_items (id)
)
"""

_COPIED_BATCHES = """
SELECT b.id, b.origin_id, b.sequence, b.id, b.reader_id, b.kind, b.title, b.patches, b.made_at,
b.zone, r.root FROM batches b JOIN roots r ON r.batch_id = b.id
"""
_COPIED_DECISIONS = """
SELECT d.id, d.origin_id, d.sequence, d.batch_id, d.batch_id, d.reader_id, d.patch_id, NULL,
d.field, d.kind, coalesce(b.label, -1),
iif(d.field = 'comment', coalesce(b.comment, ''), coalesce(b.value, '')),
d.label, d.value, d.detail, d.comment, d.call_shown, d.model, d.on_screen, d.made_at, d.zone
FROM decisions d LEFT JOIN decisions b ON b.id = d.before_id WHERE d.id > ? AND d.id <= ?
"""


def rebuild_log(connection: Connection, watch: MigrationWatch) -> None:
    """The order of the rows so far is their clock; an undo names the gesture at its root."""
    # Renaming a table would have every reference to it follow, to the table that is to go.
    op.execute("PRAGMA legacy_alter_table = ON")
    _find_roots(connection)
    op.execute(_BATCHES.format(name="new_batches"))
    op.execute(f"INSERT INTO new_batches {_COPIED_BATCHES}")
    op.execute(_DECISIONS.format(name="new_decisions"))
    _copy_decisions(connection, watch)
    for table in ("batches", "decisions"):
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_{verb}_refused")
        op.execute(f"DROP TABLE {table}")
        op.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    op.execute("DROP TABLE temp.roots")
    op.execute(
        "INSERT INTO withdrawn SELECT root FROM (SELECT root, kind, row_number() OVER "
        "(PARTITION BY root ORDER BY id DESC) AS place FROM batches WHERE kind <> 'do') "
        "WHERE place = 1 AND kind = 'undo'"
    )


def _find_roots(connection: Connection) -> None:
    rows = connection.exec_driver_sql("SELECT id, kind, reverts FROM batches ORDER BY id").all()
    roots: dict[int, int] = {}
    for batch, kind, reverts in rows:
        root = batch if kind == "do" else roots[reverts]
        roots[batch] = root
    op.execute("CREATE TEMP TABLE roots (batch_id INTEGER PRIMARY KEY, root INTEGER)")
    if roots:
        connection.exec_driver_sql("INSERT INTO roots VALUES (?, ?)", list(roots.items()))


def _copy_decisions(connection: Connection, watch: MigrationWatch) -> None:
    first, last = connection.exec_driver_sql(
        "SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM decisions"
    ).one()
    for start in range(first - 1, last, _ROWS_AT_ONCE):
        watch.tell(LOG, start - first + 1, last - first + 1)
        connection.exec_driver_sql(
            f"INSERT INTO new_decisions {_COPIED_DECISIONS}", (start, start + _ROWS_AT_ONCE)
        )
