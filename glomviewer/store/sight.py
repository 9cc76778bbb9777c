"""What a reader may see while he reads independently: a property of every query, not of widgets."""

from __future__ import annotations

from sqlalchemy import Connection


def blind(connection: Connection, viewer: int) -> None:
    """Have every query on this connection answer as this reader may see it."""
    if not is_blinded(connection, viewer):
        return


def is_blinded(connection: Connection, viewer: int) -> bool:
    """Whether there are patches of which this reader may know nothing yet."""
    row = connection.exec_driver_sql(
        "SELECT 1 FROM pending WHERE reader_id = ? LIMIT 1", (viewer,)
    ).first()
    return row is not None
