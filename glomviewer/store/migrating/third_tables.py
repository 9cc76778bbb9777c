"""What the third format adds: tables, indexes and columns, as they were at that revision."""

from __future__ import annotations

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
