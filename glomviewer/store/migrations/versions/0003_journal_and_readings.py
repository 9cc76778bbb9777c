"""One journal of all acts, chained by hash; readings, packs and sign-offs.

What is in force no longer follows from the order of local rows but from Lamport clocks, so that
logs of several installations can be merged. Gestures, thresholds, promotions and looks of before
get their rows in the journal, in the order in which they were made.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

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

NEWEST = """
SELECT * FROM (SELECT d.*, row_number() OVER (PARTITION BY {per} ORDER BY d.clock DESC) AS place,
max(d.call_shown) OVER (PARTITION BY {per} ORDER BY d.clock) AS told
FROM decisions d WHERE d.kind = 'do' AND d.field = 'label'
AND d.batch_id NOT IN (SELECT batch_id FROM withdrawn)) WHERE {where}
"""


def upgrade() -> None:
    connection = op.get_bind()
    for statement in TABLES:
        op.execute(statement)
    _rebuild_log(connection)
    for statement in (*INDEXES, *COLUMNS, *QUEUES):
        op.execute(statement)
    _find_first_labels()
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
        roots[batch] = batch if kind == "do" else roots.get(reverts, reverts)
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


def _find_first_labels() -> None:
    newest = NEWEST.format(per="d.patch_id, d.reader_id", where="told = 0")
    op.execute(
        "UPDATE current_labels SET first_id = x.id, first_label = x.label FROM ("
        f"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY patch_id, reader_id "
        f"ORDER BY clock DESC) AS first FROM ({newest})) WHERE first = 1) AS x "
        "WHERE x.patch_id = current_labels.patch_id AND x.reader_id = current_labels.reader_id"
    )
    op.execute(
        "UPDATE patch_states SET gate_label = x.label FROM (SELECT p.id AS patch_id, "
        "CASE WHEN a.id IS NOT NULL THEN iif(a.call_shown, -1, a.label) "
        "WHEN c.n IS NULL THEN p.imported_label WHEN c.low = c.high THEN c.low ELSE -1 END "
        "AS label FROM patches p JOIN patch_states s ON s.patch_id = p.id "
        "LEFT JOIN decisions a ON a.id = s.adjudication_id "
        "LEFT JOIN (SELECT patch_id, count(*) AS n, min(iif(first_label = -1, NULL, first_label)) "
        "AS low, max(first_label) AS high FROM current_labels GROUP BY patch_id) AS c "
        "ON c.patch_id = p.id) AS x WHERE x.patch_id = patch_states.patch_id"
    )
    op.execute("UPDATE patch_states SET blind = (gate_label <> -1)")


def _write_journal(connection: Connection) -> None:
    """A row for every gesture, threshold, promotion and look, chained for each origin; what no
    origin made belongs to the first."""
    origins = dict(connection.exec_driver_sql("SELECT id, uuid FROM origins ORDER BY id").all())
    if not origins:
        return
    first = next(iter(origins))
    acts = sorted(
        [
            *(
                (made_at, 0, row, "gesture", origin, reader, zone, "", "")
                for row, origin, reader, made_at, zone in connection.exec_driver_sql(
                    "SELECT id, origin_id, reader_id, made_at, zone FROM batches"
                )
            ),
            *(
                (made_at, 1, row, "threshold", first, reader, zone, "", body)
                for row, reader, made_at, zone, body in connection.exec_driver_sql(
                    "SELECT id, reader_id, made_at, zone, json_object('model', model_id, 'logit', "
                    "logit, 'rule', rule, 'reason', reason) FROM thresholds"
                )
            ),
            *(
                (made_at, 2, row, "promotion", first, reader, zone, "", body)
                for row, reader, made_at, zone, body in connection.exec_driver_sql(
                    "SELECT id, reader_id, made_at, zone, json_object('model', model_id, "
                    "'previous', previous_id, 'kind', kind, 'reason', reason, 'verdict', verdict, "
                    "'overruled', overruled) FROM promotions"
                )
            ),
            *(
                (made_at, 3, row, "look", first, None, "", sentence, "{}")
                for row, made_at, sentence in connection.exec_driver_sql(
                    "SELECT id, made_at, sentence FROM looks"
                )
            ),
        ],
        key=lambda act: act[:3],
    )
    readers = dict(connection.exec_driver_sql("SELECT id, uuid FROM readers").all())
    chain: dict[int, tuple[int, str]] = dict.fromkeys(origins, (0, ""))
    latest = 0
    rows: list[tuple[Any, ...]] = []
    for made_at, _, row, kind, origin, reader, zone, title, body in acts:
        sequence, previous = chain[origin][0] + 1, chain[origin][1]
        # A gesture's clock is the order of its row, as the decisions' have it.
        clock = row if kind == "gesture" else latest
        latest = max(latest, clock)
        header = {
            "origin": origins[origin],
            "sequence": sequence,
            "clock": clock,
            "kind": kind,
            "reader": readers.get(reader, ""),
            "made_at": made_at,
            "zone": zone,
            "title": title,
            "program": PROGRAM,
            "body": _content(connection, row) if kind == "gesture" else body,
        }
        digest = hashlib.sha256(f"{previous}\n{_canonical(header)}\n".encode())
        if kind == "gesture":
            for decision in connection.exec_driver_sql(_ROWS, (row,)):
                digest.update(f"{_canonical(list(decision))}\n".encode())
        hashed = digest.hexdigest()
        chain[origin] = (sequence, hashed)
        batch = row if kind == "gesture" else None
        rows.append(
            (
                origin,
                sequence,
                clock,
                kind,
                reader,
                made_at,
                zone,
                title,
                body,
                PROGRAM,
                batch,
                hashed,
            )
        )
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO journal (origin_id, sequence, clock, kind, reader_id, made_at, zone, "
            "title, body, program, batch_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
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
