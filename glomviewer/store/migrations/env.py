"""How Alembic runs the revisions: within the transaction that it is given, never from a file."""

from __future__ import annotations

from alembic import context

from glomviewer.store.schema import metadata

# SQLite can roll back a CREATE and an ALTER; Alembic takes it that it can't unless told so.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
