"""The tables of library.sqlite.

`journal` is the log of all acts, chained by hash; `batches` and `decisions` hold what its gestures
say. They only ever grow, and triggers see to it. `current_labels`, `patch_states`, `withdrawn` and
`pending` are derived and can be computed again; they are kept so that a million patches load in
seconds.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
)

APPLICATION_ID = 0x474C4F4D
"""'GLOM', in the header of the database, so that no other SQLite file is mistaken for it."""

SCHEMA_VERSION = 3
"""`user_version` of the database: the number of the newest revision in migrations/versions."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _number(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=str(default))


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default="0")


def _moment(name: str) -> Column[int]:
    """UTC, in microseconds since 1970."""
    return Column(name, Integer, nullable=False)


settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    _text("value"),
)

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("name", Text, primary_key=True),
    _text("query"),
)

origins = Table(
    "origins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False),
    _text("installation"),
    _moment("started_at"),
    UniqueConstraint("uuid"),
)

readers = Table(
    "readers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False),
    _text("name"),
    _text("initials"),
    _text("passphrase"),
    _moment("added_at"),
    UniqueConstraint("uuid"),
)

roots = Table(
    "roots",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("path"),
    _flag("inside"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    UniqueConstraint("name"),
)

slides = Table(
    "slides",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=True),
    Column("name", Text, nullable=False),
)
Index("ix_slides_name", slides.c.name, slides.c.case_id)

# Narrow on purpose: the whole of it is read whenever a library is opened.
patches = Table(
    "patches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=True),
    Column("slide_id", ForeignKey("slides.id"), nullable=True),
    _number("width"),
    _number("height"),
    Column("microns_per_pixel", Float, nullable=True),
    _number("imported_label", -1),
    _number("imported_split", -1),
    _number("split", -1),
    _number("file_state"),
    Column("duplicate_of", ForeignKey("patches.id"), nullable=True),
    Index("ix_patches_case_id", "case_id"),
    Index("ix_patches_slide_id", "slide_id"),
)

files = Table(
    "files",
    metadata,
    Column("patch_id", ForeignKey("patches.id"), primary_key=True),
    Column("root_id", ForeignKey("roots.id"), nullable=False),
    Column("path", Text, nullable=False),
    _text("name"),
    _text("sort_key"),
    _text("sha256"),
    _text("pixel_hash"),
    _number("bytes"),
    _number("modified_ns"),
    _moment("added_at"),
    UniqueConstraint("root_id", "path"),
    Index("ix_files_sort_key", "sort_key"),
    Index("ix_files_pixel_hash", "pixel_hash"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin_id", ForeignKey("origins.id"), nullable=False),
    _number("sequence"),
    # A Lamport clock: greater than that of everything which the origin knew of by then.
    _number("clock"),
    Column("reader_id", ForeignKey("readers.id"), nullable=False),
    _text("kind"),
    _text("title"),
    _number("patches"),
    _moment("made_at"),
    _text("zone"),
    # The gesture that an undo takes back, or a redo makes again; itself for one of its own.
    Column("root", ForeignKey("batches.id"), nullable=False),
    UniqueConstraint("origin_id", "sequence"),
    Index("ix_batches_reader_id", "reader_id"),
    Index("ix_batches_root", "root"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin_id", ForeignKey("origins.id"), nullable=False),
    _number("sequence"),
    _number("clock"),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("reader_id", ForeignKey("readers.id"), nullable=False),
    Column("patch_id", ForeignKey("patches.id"), nullable=False),
    Column("item_id", ForeignKey("reading_items.id"), nullable=True),
    _text("field"),
    _text("kind"),
    # What was in force before this row; a row of an undo says what is in force again.
    _number("before_label", -1),
    _text("before_value"),
    _number("label", -1),
    _text("value"),
    _text("detail"),
    _text("comment"),
    _flag("call_shown"),
    _text("model"),
    _flag("on_screen"),
    _moment("made_at"),
    _text("zone"),
    UniqueConstraint("origin_id", "sequence"),
    Index("ix_decisions_batch_id", "batch_id"),
    Index("ix_decisions_patch_id", "patch_id"),
    Index("ix_decisions_item_id", "item_id"),
)

# Rows about patches that this library does not have; they belong to the log all the same.
unplaced = Table(
    "unplaced",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    _text("row"),
    sqlite_with_rowid=False,
)

withdrawn = Table(
    "withdrawn",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin_id", ForeignKey("origins.id"), nullable=False),
    _number("sequence"),
    _number("clock"),
    _text("kind"),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    _moment("made_at"),
    _text("zone"),
    _text("title"),
    _text("body"),
    _text("program"),
    Column("batch_id", ForeignKey("batches.id"), nullable=True),
    _text("hash"),
    UniqueConstraint("origin_id", "sequence"),
    Index("ix_journal_clock", "clock"),
    Index("ix_journal_batch_id", "batch_id"),
    Index("ix_journal_kind", "kind"),
)

current_labels = Table(
    "current_labels",
    metadata,
    Column("patch_id", ForeignKey("patches.id"), primary_key=True),
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False),
    _number("label", -1),
    _flag("call_shown"),
    # The reader's last label before he could have known the call: what counts in the gate.
    Column("first_id", ForeignKey("decisions.id"), nullable=True),
    _number("first_label", -1),
    _moment("made_at"),
    sqlite_with_rowid=False,
)
Index("ix_current_labels_reader_id", current_labels.c.reader_id, current_labels.c.label)

patch_states = Table(
    "patch_states",
    metadata,
    Column("patch_id", ForeignKey("patches.id"), primary_key=True),
    _number("reference", -1),
    _number("source"),
    _flag("blind"),
    _number("gate_label", -1),
    _flag("disputed"),
    _text("referral"),
    Column("referral_id", ForeignKey("decisions.id"), nullable=True),
    Column("adjudication_id", ForeignKey("decisions.id"), nullable=True),
    Column("flag_id", ForeignKey("decisions.id"), nullable=True),
    _flag("flagged"),
    Column("exclusion_id", ForeignKey("decisions.id"), nullable=True),
    _flag("excluded"),
    _number("comments"),
    _number("decided_at"),
)
# The queue of disputes holds few of a million patches, and is counted at every look.
Index(
    "ix_patch_states_disputed",
    patch_states.c.referral,
    patch_states.c.excluded,
    sqlite_where=patch_states.c.disputed == 1,
)
Index(
    "ix_patch_states_settled",
    patch_states.c.excluded,
    sqlite_where=patch_states.c.adjudication_id.is_not(None),
)

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False),
    _text("name"),
    _text("protocol"),
    Column("model_id", ForeignKey("models.id"), nullable=True),
    Column("threshold", Float, nullable=True),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    _moment("created_at"),
    _text("zone"),
    Column("closed_at", Integer, nullable=True),
    UniqueConstraint("uuid"),
)

reading_readers = Table(
    "reading_readers",
    metadata,
    Column("reading_id", ForeignKey("readings.id"), primary_key=True),
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("finished_at", Integer, nullable=True),
)

reading_items = Table(
    "reading_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False),
    Column("reading_id", ForeignKey("readings.id"), nullable=False),
    Column("reader_id", ForeignKey("readers.id"), nullable=False),
    _number("place"),
    Column("patch_id", ForeignKey("patches.id"), nullable=False),
    Column("repeat_of", ForeignKey("reading_items.id"), nullable=True),
    _number("turn"),
    # The pixels that went out in a pack, so that altered ones are found when it returns.
    _text("sent_hash"),
    UniqueConstraint("uuid"),
    Index("ix_reading_items_reading_id", "reading_id", "reader_id", "place"),
    Index("ix_reading_items_patch_id", "patch_id"),
)

# Patches of which this reader may know nothing yet; `call_told`: but the model's call he may;
# `number`: what such a patch is called in front of him.
pending = Table(
    "pending",
    metadata,
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("patch_id", ForeignKey("patches.id"), primary_key=True),
    Column("reading_id", ForeignKey("readings.id"), primary_key=True),
    _flag("call_told"),
    _number("number"),
    sqlite_with_rowid=False,
)

signoffs = Table(
    "signoffs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reading_id", ForeignKey("readings.id"), nullable=False),
    Column("reader_id", ForeignKey("readers.id"), nullable=False),
    _text("meaning"),
    _text("note"),
    _text("heads"),
    _moment("made_at"),
    _text("zone"),
    Index("ix_signoffs_reading_id", "reading_id"),
)

pseudonyms = Table(
    "pseudonyms",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("kind"),
    _text("name"),
    _text("pseudonym"),
    UniqueConstraint("kind", "name"),
)

known_keys = Table(
    "known_keys",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    _text("public_key"),
    _text("name"),
    _text("note"),
    _moment("trusted_at"),
)

packs = Table(
    "packs",
    metadata,
    Column("uuid", Text, primary_key=True),
    _text("kind"),
    Column("reading_id", ForeignKey("readings.id"), nullable=True),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    _text("fingerprint"),
    _text("note"),
    _moment("made_at"),
)

sealed_calls = Table(
    "sealed_calls",
    metadata,
    Column("item_id", ForeignKey("reading_items.id"), primary_key=True),
    _text("sealed"),
)

seen = Table(
    "seen",
    metadata,
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("patch_id", ForeignKey("patches.id"), primary_key=True),
    sqlite_with_rowid=False,
)

models = Table(
    "models",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _number("version"),
    _text("folder"),
    _moment("added_at"),
    _text("card"),
    Column("gate", Text, nullable=True),
    Column("run", Text, nullable=True),
    _text("note"),
    Column("slope", Float, nullable=False, server_default="1"),
    Column("intercept", Float, nullable=False, server_default="0"),
    _flag("removed"),
)

model_seen = Table(
    "model_seen",
    metadata,
    Column("model_id", ForeignKey("models.id"), primary_key=True),
    Column("pixel_hash", Text, primary_key=True),
    sqlite_with_rowid=False,
)

thresholds = Table(
    "thresholds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model_id", ForeignKey("models.id"), nullable=False),
    Column("logit", Float, nullable=False),
    _text("rule"),
    _text("reason"),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    _moment("made_at"),
    _text("zone"),
    Index("ix_thresholds_model_id", "model_id"),
)

promotions = Table(
    "promotions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model_id", ForeignKey("models.id"), nullable=False),
    Column("previous_id", ForeignKey("models.id"), nullable=True),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    _text("kind"),
    _text("reason"),
    _text("verdict"),
    _flag("overruled"),
    _moment("made_at"),
    _text("zone"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    _text("state"),
    _text("recipe"),
    _text("folder"),
    _moment("started_at"),
    Column("finished_at", Integer, nullable=True),
    Column("pid", Integer, nullable=True),
    Column("pid_created", Float, nullable=True),
    Column("candidate", Text, nullable=True),
    Column("gate", Text, nullable=True),
    _text("message"),
    _number("corrections"),
)

looks = Table(
    "looks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", Text, nullable=True),
    _text("sentence"),
    _moment("made_at"),
)

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
