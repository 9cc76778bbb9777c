"""One journal of all acts, chained by hash; readings, packs and sign-offs.

What is in force no longer follows from the order of local rows but from Lamport clocks, so that
logs of several installations can be merged. Gestures, thresholds, promotions and looks of before
get their rows in the journal, in the order in which they were made.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any, NamedTuple

from alembic import op
from sqlalchemy import Connection

from glomviewer.store.migrate import mark_version

revision = "0003"
down_revision = "0002"

PROGRAM = "before the journal"

BATCHES = """
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

DECISIONS = """
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

TABLES = (
    """
    CREATE TABLE readings (
        id INTEGER NOT NULL,
        uuid TEXT NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        protocol TEXT DEFAULT '' NOT NULL,
        model_id TEXT,
        threshold FLOAT,
        reader_id INTEGER,
        created_at INTEGER NOT NULL,
        zone TEXT DEFAULT '' NOT NULL,
        closed_at INTEGER,
        CONSTRAINT pk_readings PRIMARY KEY (id),
        CONSTRAINT uq_readings_uuid UNIQUE (uuid),
        CONSTRAINT fk_readings_model_id_models FOREIGN KEY(model_id) REFERENCES models (id),
        CONSTRAINT fk_readings_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id)
    )
    """,
    """
    CREATE TABLE reading_readers (
        reading_id INTEGER NOT NULL,
        reader_id INTEGER NOT NULL,
        finished_at INTEGER,
        CONSTRAINT pk_reading_readers PRIMARY KEY (reading_id, reader_id),
        CONSTRAINT fk_reading_readers_reading_id_readings
            FOREIGN KEY(reading_id) REFERENCES readings (id),
        CONSTRAINT fk_reading_readers_reader_id_readers
            FOREIGN KEY(reader_id) REFERENCES readers (id)
    )
    """,
    """
    CREATE TABLE reading_items (
        id INTEGER NOT NULL,
        uuid TEXT NOT NULL,
        reading_id INTEGER NOT NULL,
        reader_id INTEGER NOT NULL,
        place INTEGER DEFAULT '0' NOT NULL,
        patch_id INTEGER NOT NULL,
        repeat_of INTEGER,
        turn INTEGER DEFAULT '0' NOT NULL,
        sent_hash TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_reading_items PRIMARY KEY (id),
        CONSTRAINT uq_reading_items_uuid UNIQUE (uuid),
        CONSTRAINT fk_reading_items_reading_id_readings
            FOREIGN KEY(reading_id) REFERENCES readings (id),
        CONSTRAINT fk_reading_items_reader_id_readers
            FOREIGN KEY(reader_id) REFERENCES readers (id),
        CONSTRAINT fk_reading_items_patch_id_patches
            FOREIGN KEY(patch_id) REFERENCES patches (id),
        CONSTRAINT fk_reading_items_repeat_of_reading_items
            FOREIGN KEY(repeat_of) REFERENCES reading_items (id)
    )
    """,
    """
    CREATE TABLE pending (
        reader_id INTEGER NOT NULL,
        patch_id INTEGER NOT NULL,
        reading_id INTEGER NOT NULL,
        call_told BOOLEAN DEFAULT '0' NOT NULL,
        number INTEGER DEFAULT '0' NOT NULL,
        CONSTRAINT pk_pending PRIMARY KEY (reader_id, patch_id, reading_id),
        CONSTRAINT fk_pending_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id),
        CONSTRAINT fk_pending_patch_id_patches FOREIGN KEY(patch_id) REFERENCES patches (id),
        CONSTRAINT fk_pending_reading_id_readings FOREIGN KEY(reading_id) REFERENCES readings (id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE signoffs (
        id INTEGER NOT NULL,
        reading_id INTEGER NOT NULL,
        reader_id INTEGER NOT NULL,
        meaning TEXT DEFAULT '' NOT NULL,
        note TEXT DEFAULT '' NOT NULL,
        heads TEXT DEFAULT '' NOT NULL,
        made_at INTEGER NOT NULL,
        zone TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_signoffs PRIMARY KEY (id),
        CONSTRAINT fk_signoffs_reading_id_readings FOREIGN KEY(reading_id) REFERENCES readings (id),
        CONSTRAINT fk_signoffs_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id)
    )
    """,
    """
    CREATE TABLE pseudonyms (
        id INTEGER NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        pseudonym TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_pseudonyms PRIMARY KEY (id),
        CONSTRAINT uq_pseudonyms_kind UNIQUE (kind, name)
    )
    """,
    """
    CREATE TABLE known_keys (
        fingerprint TEXT NOT NULL,
        public_key TEXT DEFAULT '' NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        note TEXT DEFAULT '' NOT NULL,
        trusted_at INTEGER NOT NULL,
        CONSTRAINT pk_known_keys PRIMARY KEY (fingerprint)
    )
    """,
    """
    CREATE TABLE packs (
        uuid TEXT NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        reading_id INTEGER,
        reader_id INTEGER,
        fingerprint TEXT DEFAULT '' NOT NULL,
        note TEXT DEFAULT '' NOT NULL,
        made_at INTEGER NOT NULL,
        CONSTRAINT pk_packs PRIMARY KEY (uuid),
        CONSTRAINT fk_packs_reading_id_readings FOREIGN KEY(reading_id) REFERENCES readings (id),
        CONSTRAINT fk_packs_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id)
    )
    """,
    """
    CREATE TABLE sealed_calls (
        item_id INTEGER NOT NULL,
        sealed TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_sealed_calls PRIMARY KEY (item_id),
        CONSTRAINT fk_sealed_calls_item_id_reading_items
            FOREIGN KEY(item_id) REFERENCES reading_items (id)
    )
    """,
    """
    CREATE TABLE unplaced (
        batch_id INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        row TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_unplaced PRIMARY KEY (batch_id, sequence),
        CONSTRAINT fk_unplaced_batch_id_batches FOREIGN KEY(batch_id) REFERENCES batches (id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE withdrawn (
        batch_id INTEGER NOT NULL,
        CONSTRAINT pk_withdrawn PRIMARY KEY (batch_id),
        CONSTRAINT fk_withdrawn_batch_id_batches FOREIGN KEY(batch_id) REFERENCES batches (id)
    )
    """,
    """
    CREATE TABLE journal (
        id INTEGER NOT NULL,
        origin_id INTEGER NOT NULL,
        sequence INTEGER DEFAULT '0' NOT NULL,
        clock INTEGER DEFAULT '0' NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        reader_id INTEGER,
        made_at INTEGER NOT NULL,
        zone TEXT DEFAULT '' NOT NULL,
        title TEXT DEFAULT '' NOT NULL,
        body TEXT DEFAULT '' NOT NULL,
        program TEXT DEFAULT '' NOT NULL,
        batch_id INTEGER,
        hash TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_journal PRIMARY KEY (id),
        CONSTRAINT uq_journal_origin_id UNIQUE (origin_id, sequence),
        CONSTRAINT fk_journal_origin_id_origins FOREIGN KEY(origin_id) REFERENCES origins (id),
        CONSTRAINT fk_journal_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id),
        CONSTRAINT fk_journal_batch_id_batches FOREIGN KEY(batch_id) REFERENCES batches (id)
    )
    """,
)

INDEXES = (
    "CREATE INDEX ix_batches_reader_id ON batches (reader_id)",
    "CREATE INDEX ix_batches_root ON batches (root)",
    "CREATE INDEX ix_decisions_batch_id ON decisions (batch_id)",
    "CREATE INDEX ix_decisions_patch_id ON decisions (patch_id)",
    "CREATE INDEX ix_decisions_item_id ON decisions (item_id)",
    "CREATE INDEX ix_reading_items_reading_id ON reading_items (reading_id, reader_id, place)",
    "CREATE INDEX ix_reading_items_patch_id ON reading_items (patch_id)",
    "CREATE INDEX ix_signoffs_reading_id ON signoffs (reading_id)",
    "CREATE INDEX ix_journal_clock ON journal (clock)",
    "CREATE INDEX ix_journal_batch_id ON journal (batch_id)",
    "CREATE INDEX ix_journal_kind ON journal (kind)",
)

QUEUES = (
    "CREATE INDEX ix_patch_states_disputed ON patch_states (referral, excluded) WHERE disputed = 1",
    "CREATE INDEX ix_patch_states_settled ON patch_states (excluded) "
    "WHERE adjudication_id IS NOT NULL",
)

COLUMNS = (
    "ALTER TABLE readers ADD COLUMN passphrase TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE current_labels ADD COLUMN first_id INTEGER "
    "CONSTRAINT fk_current_labels_first_id_decisions REFERENCES decisions (id)",
    "ALTER TABLE current_labels ADD COLUMN first_label INTEGER DEFAULT '-1' NOT NULL",
    "ALTER TABLE patch_states ADD COLUMN gate_label INTEGER DEFAULT '-1' NOT NULL",
    "ALTER TABLE patch_states ADD COLUMN referral TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE patch_states ADD COLUMN referral_id INTEGER "
    "CONSTRAINT fk_patch_states_referral_id_decisions REFERENCES decisions (id)",
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in TABLES:
        op.execute(statement)
    _rebuild_log(connection)
    for statement in (*INDEXES, *COLUMNS, *QUEUES):
        op.execute(statement)
    _write_journal(connection)
    for table in ("journal", "batches", "decisions", "unplaced", "signoffs"):
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{verb.lower()}_refused BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'The log {table} only ever grows.'); END"
            )
    mark_version(connection, 3)


def _rebuild_log(connection: Connection) -> None:
    """The order of the rows so far is their clock; an undo names the gesture at its root."""
    # Renaming a table would have every reference to it follow, to the table that is to go.
    op.execute("PRAGMA legacy_alter_table = ON")
    rows = connection.exec_driver_sql("SELECT id, kind, reverts FROM batches ORDER BY id").all()
    roots: dict[int, int] = {}
    for batch, kind, reverts in rows:
        root = batch if kind == "do" else roots[reverts]
        roots[batch] = root
    op.execute("CREATE TEMP TABLE roots (batch_id INTEGER PRIMARY KEY, root INTEGER)")
    if roots:
        connection.exec_driver_sql("INSERT INTO roots VALUES (?, ?)", list(roots.items()))
    for table, definition, copy in (
        (
            "batches",
            BATCHES,
            "SELECT b.id, b.origin_id, b.sequence, b.id, b.reader_id, b.kind, b.title, b.patches, "
            "b.made_at, b.zone, r.root FROM batches b JOIN roots r ON r.batch_id = b.id",
        ),
        (
            "decisions",
            DECISIONS,
            "SELECT d.id, d.origin_id, d.sequence, d.batch_id, d.batch_id, d.reader_id, "
            "d.patch_id, NULL, d.field, d.kind, coalesce(b.label, -1), "
            "iif(d.field = 'comment', coalesce(b.comment, ''), coalesce(b.value, '')), "
            "d.label, d.value, d.detail, d.comment, d.call_shown, d.model, d.on_screen, "
            "d.made_at, d.zone FROM decisions d LEFT JOIN decisions b ON b.id = d.before_id",
        ),
    ):
        op.execute(definition.format(name=f"new_{table}"))
        op.execute(f"INSERT INTO new_{table} {copy}")
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


def _write_journal(connection: Connection) -> None:
    """A row for every gesture, threshold, promotion and look, chained for each origin; what no
    origin made belongs to the first."""
    acts = _acts(connection)
    if not acts:
        return
    origins = dict(connection.exec_driver_sql("SELECT id, uuid FROM origins ORDER BY id").all())
    if not origins:
        origins = {1: uuid.uuid4().hex}
        connection.exec_driver_sql(
            "INSERT INTO origins (id, uuid, installation, started_at) VALUES (1, ?, '', 0)",
            (origins[1],),
        )
    first = next(iter(origins))
    readers = dict(connection.exec_driver_sql("SELECT id, uuid FROM readers").all())
    chain: dict[int, tuple[int, str]] = dict.fromkeys(origins, (0, ""))
    latest = 1
    rows: list[tuple[Any, ...]] = []
    for act in acts:
        origin = first if act.origin is None else act.origin
        sequence, previous = chain[origin][0] + 1, chain[origin][1]
        # A gesture's clock is the order of its row, as the decisions' have it.
        latest = max(latest, act.row) if act.kind == "gesture" else latest
        header = {
            "origin": origins[origin],
            "sequence": sequence,
            "clock": latest,
            "kind": act.kind,
            "reader": readers.get(act.reader, ""),
            "made_at": act.made_at,
            "zone": act.zone,
            "title": act.title,
            "program": PROGRAM,
            "body": _content(connection, act.row) if act.kind == "gesture" else act.body,
        }
        digest = hashlib.sha256(f"{previous}\n{_canonical(header)}\n".encode())
        if act.kind == "gesture":
            for decision in connection.exec_driver_sql(_ROWS, (act.row,)):
                digest.update(f"{_canonical(list(decision))}\n".encode())
        chain[origin] = (sequence, digest.hexdigest())
        rows.append(
            (
                origin,
                sequence,
                latest,
                act.kind,
                act.reader,
                act.made_at,
                act.zone,
                act.title,
                act.body,
                PROGRAM,
                act.row if act.kind == "gesture" else None,
                digest.hexdigest(),
            )
        )
    connection.exec_driver_sql(
        "INSERT INTO journal (origin_id, sequence, clock, kind, reader_id, made_at, zone, "
        "title, body, program, batch_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    connection.exec_driver_sql(
        "INSERT INTO settings (key, value) VALUES (?, ?)",
        [
            (f"head:{origins[origin]}", f"{sequence} {hashed}")
            for origin, (sequence, hashed) in chain.items()
            if sequence
        ],
    )


class _Act(NamedTuple):
    """`row` is the id in the act's own table; `origin` None where no origin is known."""

    kind: str
    row: int
    origin: int | None
    reader: int | None
    made_at: int
    zone: str
    title: str
    body: str


def _acts(connection: Connection) -> list[_Act]:
    """Everything that was logged, gestures in their own order and the rest between them by time:
    a wall clock may have been set back, and the order of gestures is what counts."""
    placed: list[tuple[int, int, int, _Act]] = []
    latest = 0
    for row, origin, reader, made_at, zone in connection.exec_driver_sql(
        "SELECT id, origin_id, reader_id, made_at, zone FROM batches ORDER BY id"
    ):
        latest = max(latest, made_at)
        act = _Act("gesture", row, origin, reader, made_at, zone, "", "")
        placed.append((latest, 0, row, act))
    for number, (kind, columns, query) in enumerate(_OTHERS, start=1):
        for row, reader, made_at, zone, title, *values in connection.exec_driver_sql(query):
            body = _canonical(dict(zip(columns, values, strict=True)))
            act = _Act(kind, row, None, reader, made_at, zone, title, body)
            placed.append((made_at, number, row, act))
    return [act for *_, act in sorted(placed, key=lambda one: one[:3])]


_OTHERS = (
    (
        "threshold",
        ("model", "logit", "rule", "reason"),
        "SELECT id, reader_id, made_at, zone, '', model_id, logit, rule, reason FROM thresholds",
    ),
    (
        "promotion",
        ("model", "previous", "kind", "reason", "verdict", "overruled"),
        "SELECT id, reader_id, made_at, zone, '', model_id, previous_id, kind, reason, verdict, "
        "overruled FROM promotions",
    ),
    (
        "look",
        ("run", "sentence"),
        "SELECT id, NULL, made_at, '', sentence, run, sentence FROM looks",
    ),
)


_ROWS = """
SELECT d.sequence, CASE WHEN f.pixel_hash = '' THEN 'file:' || f.sha256 || ':' || f.path
ELSE f.pixel_hash || (SELECT CASE count(*) WHEN 0 THEN '' ELSE ':' || count(*) END
FROM files o WHERE o.pixel_hash = f.pixel_hash AND o.patch_id < f.patch_id) END,
0, d.field, d.before_label, d.before_value, d.label, d.value, d.detail, d.comment, d.call_shown,
d.model, d.on_screen FROM decisions d JOIN files f ON f.patch_id = d.patch_id
WHERE d.batch_id = ? ORDER BY d.sequence
"""


def _content(connection: Connection, batch: int) -> dict[str, Any]:
    """As `journal.content_of_batch` was at this revision."""
    sequence, kind, title, patches, reader, origin, root = connection.exec_driver_sql(
        "SELECT b.sequence, b.kind, b.title, b.patches, r.uuid, ro.uuid, rb.sequence "
        "FROM batches b JOIN readers r ON r.id = b.reader_id JOIN batches rb ON rb.id = b.root "
        "JOIN origins ro ON ro.id = rb.origin_id WHERE b.id = ?",
        (batch,),
    ).one()
    return {
        "sequence": sequence,
        "kind": kind,
        "title": title,
        "patches": patches,
        "reader": reader,
        "root": [origin, root],
    }


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
