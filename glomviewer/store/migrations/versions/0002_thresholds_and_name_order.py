"""Thresholds get a history, names an order of their own, and splits a guard.

A model had one threshold, which was overwritten when it moved; it becomes the first row of the
model's log of thresholds.
"""

from __future__ import annotations

import re

from alembic import op

from glomviewer.store.migrate import mark_version

revision = "0002"
down_revision = "0001"

_DIGITS = re.compile(r"\d+")


def upgrade() -> None:
    _keep_thresholds()
    _order_names()
    op.execute(
        "CREATE TRIGGER patches_split_frozen BEFORE UPDATE OF split ON patches "
        "WHEN OLD.split <> -1 AND NEW.split <> OLD.split "
        "BEGIN SELECT RAISE(ABORT, 'A split is frozen once it is assigned.'); END"
    )
    mark_version(op.get_bind(), 2)


def _keep_thresholds() -> None:
    op.execute(
        """
        CREATE TABLE thresholds (
            id INTEGER NOT NULL,
            model_id TEXT NOT NULL,
            logit FLOAT NOT NULL,
            rule TEXT DEFAULT '' NOT NULL,
            reason TEXT DEFAULT '' NOT NULL,
            reader_id INTEGER,
            made_at INTEGER NOT NULL,
            zone TEXT DEFAULT '' NOT NULL,
            CONSTRAINT pk_thresholds PRIMARY KEY (id),
            CONSTRAINT fk_thresholds_model_id_models FOREIGN KEY(model_id) REFERENCES models (id),
            CONSTRAINT fk_thresholds_reader_id_readers
                FOREIGN KEY(reader_id) REFERENCES readers (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_thresholds_model_id ON thresholds (model_id)")
    op.execute(
        "INSERT INTO thresholds (model_id, logit, rule, reason, made_at, zone) "
        "SELECT id, threshold, threshold_rule, 'as it stood before thresholds had a history', "
        "added_at, '' FROM models ORDER BY added_at, id"
    )
    op.execute("ALTER TABLE models DROP COLUMN threshold")
    op.execute("ALTER TABLE models DROP COLUMN threshold_rule")
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER thresholds_{verb.lower()}_refused BEFORE {verb} ON thresholds "
            "BEGIN SELECT RAISE(ABORT, 'The log thresholds only ever grows.'); END"
        )


def _order_names() -> None:
    op.execute("ALTER TABLE files ADD COLUMN sort_key TEXT DEFAULT '' NOT NULL")
    connection = op.get_bind()
    rows = connection.exec_driver_sql("SELECT name, patch_id FROM files").all()
    if rows:
        connection.exec_driver_sql(
            "UPDATE files SET sort_key = ? WHERE patch_id = ?",
            [(_sort_key(name), patch) for name, patch in rows],
        )
    op.execute("CREATE INDEX ix_files_sort_key ON files (sort_key)")


def _sort_key(name: str) -> str:
    """As `adding.sort_key` was at this revision; a revision never changes with the program."""

    def numbered(match: re.Match[str]) -> str:
        digits = match.group().lstrip("0") or "0"
        return f"{chr(ord('0') + min(len(digits), 74))}{digits}"

    return _DIGITS.sub(numbered, name.casefold())
