"""The log of all acts, and what is derived from it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from glomviewer.store.tables.base import flag, metadata, moment, number, text

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin_id", ForeignKey("origins.id"), nullable=False),
    number("sequence"),
    # A Lamport clock: greater than that of everything which the origin knew of by then.
    number("clock"),
    Column("reader_id", ForeignKey("readers.id"), nullable=False),
    text("kind"),
    text("title"),
    number("patches"),
    moment("made_at"),
    text("zone"),
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
    number("sequence"),
    number("clock"),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("reader_id", ForeignKey("readers.id"), nullable=False),
    Column("patch_id", ForeignKey("patches.id"), nullable=False),
    Column("item_id", ForeignKey("reading_items.id"), nullable=True),
    text("field"),
    text("kind"),
    # What was in force before this row; a row of an undo says what is in force again.
    number("before_label", -1),
    text("before_value"),
    number("label", -1),
    text("value"),
    text("detail"),
    text("comment"),
    flag("call_shown"),
    text("model"),
    flag("on_screen"),
    moment("made_at"),
    text("zone"),
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
    text("row"),
    sqlite_with_rowid=False,
)

withdrawn = Table(
    "withdrawn",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
)

# Labels that a pack could not know to have been given after seeing; see `made_knowing`.
made_knowing = Table(
    "made_knowing",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin_id", ForeignKey("origins.id"), nullable=False),
    number("sequence"),
    number("clock"),
    text("kind"),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    moment("made_at"),
    text("zone"),
    text("title"),
    text("body"),
    text("program"),
    Column("batch_id", ForeignKey("batches.id"), nullable=True),
    text("hash"),
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
    number("label", -1),
    flag("call_shown"),
    # The reader's last label before he could have known the call: what counts in the gate.
    Column("first_id", ForeignKey("decisions.id"), nullable=True),
    number("first_label", -1),
    moment("made_at"),
    sqlite_with_rowid=False,
)
Index("ix_current_labels_reader_id", current_labels.c.reader_id, current_labels.c.label)

patch_states = Table(
    "patch_states",
    metadata,
    Column("patch_id", ForeignKey("patches.id"), primary_key=True),
    number("reference", -1),
    number("source"),
    flag("blind"),
    number("gate_label", -1),
    flag("disputed"),
    text("referral"),
    Column("referral_id", ForeignKey("decisions.id"), nullable=True),
    Column("adjudication_id", ForeignKey("decisions.id"), nullable=True),
    Column("flag_id", ForeignKey("decisions.id"), nullable=True),
    flag("flagged"),
    Column("exclusion_id", ForeignKey("decisions.id"), nullable=True),
    flag("excluded"),
    number("comments"),
    number("decided_at"),
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

seen = Table(
    "seen",
    metadata,
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("patch_id", ForeignKey("patches.id"), primary_key=True),
    sqlite_with_rowid=False,
)
