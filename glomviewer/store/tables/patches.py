"""What a library says of itself, its readers, and its patches with their files."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from glomviewer.store.tables.base import flag, metadata, moment, number, text

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    text("value"),
)

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("name", Text, primary_key=True),
    text("query"),
)

origins = Table(
    "origins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False),
    text("installation"),
    moment("started_at"),
    UniqueConstraint("uuid"),
)

readers = Table(
    "readers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False),
    text("name"),
    text("initials"),
    text("passphrase"),
    moment("added_at"),
    UniqueConstraint("uuid"),
)

roots = Table(
    "roots",
    metadata,
    Column("id", Integer, primary_key=True),
    text("path"),
    flag("inside"),
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
    number("width"),
    number("height"),
    Column("microns_per_pixel", Float, nullable=True),
    number("imported_label", -1),
    number("imported_split", -1),
    number("split", -1),
    number("file_state"),
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
    text("name"),
    text("sort_key"),
    text("sha256"),
    text("pixel_hash"),
    number("bytes"),
    number("modified_ns"),
    moment("added_at"),
    UniqueConstraint("root_id", "path"),
    Index("ix_files_sort_key", "sort_key"),
    Index("ix_files_pixel_hash", "pixel_hash"),
)
