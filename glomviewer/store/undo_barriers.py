"""What can't be taken back: a label is changed instead, so that both stay told."""

from __future__ import annotations

from sqlalchemy import Connection

from glomviewer.domain.readings.records import Meaning
from glomviewer.store import sight, signoffs
from glomviewer.store.errors import Refused
from glomviewer.store.pending import CAN_REVEAL

_OF_READINGS = f"""
SELECT g.name, {CAN_REVEAL}, r.finished_at IS NOT NULL OR g.closed_at IS NOT NULL
FROM decisions d JOIN reading_items i ON i.id = d.item_id JOIN readings g ON g.id = i.reading_id
JOIN reading_readers r ON r.reading_id = i.reading_id AND r.reader_id = i.reader_id
WHERE d.batch_id = ? AND d.field = 'label' LIMIT 1
"""


def refuse(connection: Connection, batch: int, reader: int) -> None:
    """Let a gesture of this reader be taken back or made again only where nothing hangs on it.

    Raises:
        Refused: the model's call was shown since, the reading has ended or was signed for, or
            the reader looks at a patch of it anew by now.
    """
    row = connection.exec_driver_sql(_OF_READINGS, (batch,)).first()
    if row is not None:
        name, revealed, ended = row
        if revealed:
            raise Refused(
                "The model's call has been shown since; change the label instead. Both are kept."
            )
        if ended:
            raise Refused(f"The reading {name} has ended since; change the label instead.")
    outside = connection.exec_driver_sql(
        "SELECT DISTINCT patch_id FROM decisions WHERE batch_id = ? AND item_id IS NULL", (batch,)
    ).scalars()
    sight.refuse_while_reading(connection, reader, list(outside))
    for field, meaning in (("label", Meaning.READ), ("adjudication", Meaning.ADJUDICATED)):
        patches = connection.exec_driver_sql(
            "SELECT DISTINCT patch_id FROM decisions WHERE batch_id = ? AND field = ?",
            (batch, field),
        ).scalars()
        signed = signoffs.signed_for(connection, reader, list(patches), meaning)
        if signed:
            raise Refused(
                f"The reading {signed} has been signed off since; change the label instead, and "
                "say why."
            )
