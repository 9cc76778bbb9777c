"""The library as it was first."""

from __future__ import annotations

from alembic import op

from glomviewer.store.migrate import mark_version

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE cases (
        id INTEGER NOT NULL,
        name TEXT NOT NULL,
        CONSTRAINT pk_cases PRIMARY KEY (id),
        CONSTRAINT uq_cases_name UNIQUE (name)
    )
    """,
    """
    CREATE TABLE looks (
        id INTEGER NOT NULL,
        run TEXT,
        sentence TEXT DEFAULT '' NOT NULL,
        made_at INTEGER NOT NULL,
        CONSTRAINT pk_looks PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE models (
        id TEXT NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        version INTEGER DEFAULT '0' NOT NULL,
        folder TEXT DEFAULT '' NOT NULL,
        added_at INTEGER NOT NULL,
        card TEXT DEFAULT '' NOT NULL,
        gate TEXT,
        run TEXT,
        note TEXT DEFAULT '' NOT NULL,
        slope FLOAT DEFAULT '1' NOT NULL,
        intercept FLOAT DEFAULT '0' NOT NULL,
        threshold FLOAT DEFAULT '0' NOT NULL,
        threshold_rule TEXT DEFAULT '' NOT NULL,
        removed BOOLEAN DEFAULT '0' NOT NULL,
        CONSTRAINT pk_models PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE origins (
        id INTEGER NOT NULL,
        uuid TEXT NOT NULL,
        installation TEXT DEFAULT '' NOT NULL,
        started_at INTEGER NOT NULL,
        CONSTRAINT pk_origins PRIMARY KEY (id),
        CONSTRAINT uq_origins_uuid UNIQUE (uuid)
    )
    """,
    """
    CREATE TABLE readers (
        id INTEGER NOT NULL,
        uuid TEXT NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        initials TEXT DEFAULT '' NOT NULL,
        added_at INTEGER NOT NULL,
        CONSTRAINT pk_readers PRIMARY KEY (id),
        CONSTRAINT uq_readers_uuid UNIQUE (uuid)
    )
    """,
    """
    CREATE TABLE roots (
        id INTEGER NOT NULL,
        path TEXT DEFAULT '' NOT NULL,
        inside BOOLEAN DEFAULT '0' NOT NULL,
        CONSTRAINT pk_roots PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE runs (
        id TEXT NOT NULL,
        state TEXT DEFAULT '' NOT NULL,
        recipe TEXT DEFAULT '' NOT NULL,
        folder TEXT DEFAULT '' NOT NULL,
        started_at INTEGER NOT NULL,
        finished_at INTEGER,
        pid INTEGER,
        pid_created FLOAT,
        candidate TEXT,
        gate TEXT,
        message TEXT DEFAULT '' NOT NULL,
        corrections INTEGER DEFAULT '0' NOT NULL,
        CONSTRAINT pk_runs PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE saved_filters (
        name TEXT NOT NULL,
        "query" TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_saved_filters PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE settings (
        "key" TEXT NOT NULL,
        value TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_settings PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE batches (
        id INTEGER NOT NULL,
        origin_id INTEGER NOT NULL,
        sequence INTEGER DEFAULT '0' NOT NULL,
        reader_id INTEGER NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        title TEXT DEFAULT '' NOT NULL,
        patches INTEGER DEFAULT '0' NOT NULL,
        made_at INTEGER NOT NULL,
        zone TEXT DEFAULT '' NOT NULL,
        reverts INTEGER,
        under INTEGER,
        undo_top INTEGER,
        redo_top INTEGER,
        CONSTRAINT pk_batches PRIMARY KEY (id),
        CONSTRAINT uq_batches_origin_id UNIQUE (origin_id, sequence),
        CONSTRAINT fk_batches_origin_id_origins FOREIGN KEY(origin_id) REFERENCES origins (id),
        CONSTRAINT fk_batches_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id),
        CONSTRAINT fk_batches_reverts_batches FOREIGN KEY(reverts) REFERENCES batches (id),
        CONSTRAINT fk_batches_under_batches FOREIGN KEY(under) REFERENCES batches (id),
        CONSTRAINT fk_batches_undo_top_batches FOREIGN KEY(undo_top) REFERENCES batches (id),
        CONSTRAINT fk_batches_redo_top_batches FOREIGN KEY(redo_top) REFERENCES batches (id)
    )
    """,
    """
    CREATE INDEX ix_batches_reader_id ON batches (reader_id)
    """,
    """
    CREATE TABLE model_seen (
        model_id TEXT NOT NULL,
        pixel_hash TEXT NOT NULL,
        CONSTRAINT pk_model_seen PRIMARY KEY (model_id, pixel_hash),
        CONSTRAINT fk_model_seen_model_id_models FOREIGN KEY(model_id) REFERENCES models (id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE promotions (
        id INTEGER NOT NULL,
        model_id TEXT NOT NULL,
        previous_id TEXT,
        reader_id INTEGER,
        kind TEXT DEFAULT '' NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        verdict TEXT DEFAULT '' NOT NULL,
        overruled BOOLEAN DEFAULT '0' NOT NULL,
        made_at INTEGER NOT NULL,
        zone TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_promotions PRIMARY KEY (id),
        CONSTRAINT fk_promotions_model_id_models FOREIGN KEY(model_id) REFERENCES models (id),
        CONSTRAINT fk_promotions_previous_id_models FOREIGN KEY(previous_id) REFERENCES models (id),
        CONSTRAINT fk_promotions_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id)
    )
    """,
    """
    CREATE TABLE slides (
        id INTEGER NOT NULL,
        case_id INTEGER,
        name TEXT NOT NULL,
        CONSTRAINT pk_slides PRIMARY KEY (id),
        CONSTRAINT fk_slides_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
    )
    """,
    """
    CREATE INDEX ix_slides_name ON slides (name, case_id)
    """,
    """
    CREATE TABLE patches (
        id INTEGER NOT NULL,
        case_id INTEGER,
        slide_id INTEGER,
        width INTEGER DEFAULT '0' NOT NULL,
        height INTEGER DEFAULT '0' NOT NULL,
        microns_per_pixel FLOAT,
        imported_label INTEGER DEFAULT '-1' NOT NULL,
        imported_split INTEGER DEFAULT '-1' NOT NULL,
        split INTEGER DEFAULT '-1' NOT NULL,
        file_state INTEGER DEFAULT '0' NOT NULL,
        duplicate_of INTEGER,
        CONSTRAINT pk_patches PRIMARY KEY (id),
        CONSTRAINT fk_patches_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id),
        CONSTRAINT fk_patches_slide_id_slides FOREIGN KEY(slide_id) REFERENCES slides (id),
        CONSTRAINT fk_patches_duplicate_of_patches FOREIGN KEY(duplicate_of) REFERENCES patches (id)
    )
    """,
    """
    CREATE INDEX ix_patches_case_id ON patches (case_id)
    """,
    """
    CREATE INDEX ix_patches_slide_id ON patches (slide_id)
    """,
    """
    CREATE TABLE decisions (
        id INTEGER NOT NULL,
        origin_id INTEGER NOT NULL,
        sequence INTEGER DEFAULT '0' NOT NULL,
        batch_id INTEGER NOT NULL,
        reader_id INTEGER NOT NULL,
        patch_id INTEGER NOT NULL,
        field TEXT DEFAULT '' NOT NULL,
        kind TEXT DEFAULT '' NOT NULL,
        before_id INTEGER,
        after_id INTEGER,
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
        CONSTRAINT fk_decisions_before_id_decisions
            FOREIGN KEY(before_id) REFERENCES decisions (id),
        CONSTRAINT fk_decisions_after_id_decisions FOREIGN KEY(after_id) REFERENCES decisions (id)
    )
    """,
    """
    CREATE INDEX ix_decisions_batch_id ON decisions (batch_id)
    """,
    """
    CREATE INDEX ix_decisions_patch_id ON decisions (patch_id)
    """,
    """
    CREATE TABLE files (
        patch_id INTEGER NOT NULL,
        root_id INTEGER NOT NULL,
        path TEXT NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        sha256 TEXT DEFAULT '' NOT NULL,
        pixel_hash TEXT DEFAULT '' NOT NULL,
        bytes INTEGER DEFAULT '0' NOT NULL,
        modified_ns INTEGER DEFAULT '0' NOT NULL,
        added_at INTEGER NOT NULL,
        CONSTRAINT pk_files PRIMARY KEY (patch_id),
        CONSTRAINT uq_files_root_id UNIQUE (root_id, path),
        CONSTRAINT fk_files_patch_id_patches FOREIGN KEY(patch_id) REFERENCES patches (id),
        CONSTRAINT fk_files_root_id_roots FOREIGN KEY(root_id) REFERENCES roots (id)
    )
    """,
    """
    CREATE INDEX ix_files_pixel_hash ON files (pixel_hash)
    """,
    """
    CREATE TABLE seen (
        reader_id INTEGER NOT NULL,
        patch_id INTEGER NOT NULL,
        CONSTRAINT pk_seen PRIMARY KEY (reader_id, patch_id),
        CONSTRAINT fk_seen_reader_id_readers FOREIGN KEY(reader_id) REFERENCES readers (id),
        CONSTRAINT fk_seen_patch_id_patches FOREIGN KEY(patch_id) REFERENCES patches (id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE current_labels (
        patch_id INTEGER NOT NULL,
        reader_id INTEGER NOT NULL,
        decision_id INTEGER NOT NULL,
        label INTEGER DEFAULT '-1' NOT NULL,
        call_shown BOOLEAN DEFAULT '0' NOT NULL,
        made_at INTEGER NOT NULL,
        CONSTRAINT pk_current_labels PRIMARY KEY (patch_id, reader_id),
        CONSTRAINT fk_current_labels_patch_id_patches FOREIGN KEY(patch_id) REFERENCES patches (id),
        CONSTRAINT fk_current_labels_reader_id_readers
            FOREIGN KEY(reader_id) REFERENCES readers (id),
        CONSTRAINT fk_current_labels_decision_id_decisions
            FOREIGN KEY(decision_id) REFERENCES decisions (id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_current_labels_reader_id ON current_labels (reader_id, label)
    """,
    """
    CREATE TABLE patch_states (
        patch_id INTEGER NOT NULL,
        reference INTEGER DEFAULT '-1' NOT NULL,
        source INTEGER DEFAULT '0' NOT NULL,
        blind BOOLEAN DEFAULT '0' NOT NULL,
        disputed BOOLEAN DEFAULT '0' NOT NULL,
        adjudication_id INTEGER,
        flag_id INTEGER,
        flagged BOOLEAN DEFAULT '0' NOT NULL,
        exclusion_id INTEGER,
        excluded BOOLEAN DEFAULT '0' NOT NULL,
        comments INTEGER DEFAULT '0' NOT NULL,
        decided_at INTEGER DEFAULT '0' NOT NULL,
        CONSTRAINT pk_patch_states PRIMARY KEY (patch_id),
        CONSTRAINT fk_patch_states_patch_id_patches FOREIGN KEY(patch_id) REFERENCES patches (id),
        CONSTRAINT fk_patch_states_adjudication_id_decisions
            FOREIGN KEY(adjudication_id) REFERENCES decisions (id),
        CONSTRAINT fk_patch_states_flag_id_decisions FOREIGN KEY(flag_id) REFERENCES decisions (id),
        CONSTRAINT fk_patch_states_exclusion_id_decisions
            FOREIGN KEY(exclusion_id) REFERENCES decisions (id)
    )
    """,
)

APPEND_ONLY = ("decisions", "batches", "promotions", "looks")


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{verb.lower()}_refused BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'The log {table} only ever grows.'); END"
            )
    mark_version(op.get_bind(), 1)
