"""Readings, packs and sign-offs."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from glomviewer.store.tables.base import flag, metadata, moment, number, text

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False),
    text("name"),
    text("protocol"),
    Column("model_id", ForeignKey("models.id"), nullable=True),
    Column("threshold", Float, nullable=True),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    moment("created_at"),
    text("zone"),
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
    number("place"),
    Column("patch_id", ForeignKey("patches.id"), nullable=False),
    Column("repeat_of", ForeignKey("reading_items.id"), nullable=True),
    number("turn"),
    # The pixels that went out in a pack, so that altered ones are found when it returns.
    text("sent_hash"),
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
    flag("call_told"),
    number("number"),
    sqlite_with_rowid=False,
)

signoffs = Table(
    "signoffs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reading_id", ForeignKey("readings.id"), nullable=False),
    Column("reader_id", ForeignKey("readers.id"), nullable=False),
    text("meaning"),
    text("note"),
    text("heads"),
    moment("made_at"),
    text("zone"),
    Index("ix_signoffs_reading_id", "reading_id"),
)

pseudonyms = Table(
    "pseudonyms",
    metadata,
    Column("id", Integer, primary_key=True),
    text("kind"),
    text("name"),
    text("pseudonym"),
    UniqueConstraint("kind", "name"),
)

known_keys = Table(
    "known_keys",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    text("public_key"),
    text("name"),
    text("note"),
    moment("trusted_at"),
)

packs = Table(
    "packs",
    metadata,
    Column("uuid", Text, primary_key=True),
    text("kind"),
    Column("reading_id", ForeignKey("readings.id"), nullable=True),
    Column("reader_id", ForeignKey("readers.id"), nullable=True),
    text("fingerprint"),
    text("note"),
    moment("made_at"),
)

sealed_calls = Table(
    "sealed_calls",
    metadata,
    Column("item_id", ForeignKey("reading_items.id"), primary_key=True),
    text("sealed"),
)
