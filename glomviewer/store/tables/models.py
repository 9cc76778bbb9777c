"""Models, what they have seen, and their logs."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text

from glomviewer.store.tables.base import flag, metadata, moment, number, text

models = Table(
    "models",
    metadata,
    Column("id", Text, primary_key=True),
    text("name"),
    number("version"),
    text("folder"),
    moment("added_at"),
    text("card"),
    Column("gate", Text, nullable=True),
    Column("run", Text, nullable=True),
    text("note"),
    Column("slope", Float, nullable=False, server_default="1"),
    Column("intercept", Float, nullable=False, server_default="0"),
    flag("removed"),
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
    text("rule"),
    text("reason"),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    moment("made_at"),
    text("zone"),
    Index("ix_thresholds_model_id", "model_id"),
)

promotions = Table(
    "promotions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model_id", ForeignKey("models.id"), nullable=False),
    Column("previous_id", ForeignKey("models.id"), nullable=True),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    text("kind"),
    text("reason"),
    text("verdict"),
    flag("overruled"),
    moment("made_at"),
    text("zone"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    text("state"),
    text("recipe"),
    text("folder"),
    moment("started_at"),
    Column("finished_at", Integer, nullable=True),
    Column("pid", Integer, nullable=True),
    Column("pid_created", Float, nullable=True),
    Column("candidate", Text, nullable=True),
    Column("gate", Text, nullable=True),
    text("message"),
    number("corrections"),
)

looks = Table(
    "looks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", Text, nullable=True),
    text("sentence"),
    moment("made_at"),
)
