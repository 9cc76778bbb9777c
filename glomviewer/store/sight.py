"""What a reader may see while he reads independently: a property of every query, not of widgets."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from glomviewer.store.errors import Refused
from glomviewer.store.id_list import IDS, id_list

_READ_NOW = f"""
SELECT count(DISTINCT p.patch_id), min(g.name) FROM pending p JOIN readings g
ON g.id = p.reading_id WHERE p.reader_id = ? AND p.patch_id IN {IDS}
"""


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


def hidden_calls(connection: Connection) -> NDArray[np.int64]:
    """Patches whose model's call whoever asks on this connection may not know yet."""
    return np.zeros(0, dtype=np.int64)


def refuse_while_reading(connection: Connection, reader: int, patches: Collection[int]) -> None:
    """A patch that somebody still reads independently is decided on in the reading alone, since
    any answer given elsewhere could tell what others have said.

    Raises:
        Refused: one of them is pending for this reader.
    """
    if not is_blinded(connection, reader):
        return
    number, name = connection.exec_driver_sql(_READ_NOW, (reader, id_list(patches))).one()
    if number:
        what = "This patch is" if len(patches) == 1 else f"{number:,} of these patches are"
        raise Refused(
            f"{what} still to be read independently in {name}; decide on it there, and finish "
            "that reading first for anything else. Nothing was changed."
        )
