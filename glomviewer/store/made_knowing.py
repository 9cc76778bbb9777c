"""Labels that were given in a pack by one who knew the model's call, as only home could know.

A pack does not say what its reader has been shown elsewhere, since that would tell him which
patches those are. The act of writing it, in the journal at home, names the items whose call he
knew, or could have known, by then; what he says of these in the pack was said after seeing. So it
follows from the log alone, whatever the order in which its parts come in.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.journal import Act

KNOWN = "known"
"""What the act of writing a pack calls the items whose call its reader knows."""

SHOWN = "(d.call_shown OR d.id IN (SELECT decision_id FROM made_knowing))"
"""Whether the decision `d` was made by one who could know the model's call."""

QUERY = f"""
SELECT DISTINCT d.id AS decision_id FROM journal j
CROSS JOIN json_each(iif(json_valid(j.body), j.body, '{{}}'), '$.{KNOWN}') x
CROSS JOIN reading_items i ON i.uuid = x.value CROSS JOIN decisions d ON d.item_id = i.id
WHERE j.kind = '{Act.PACK.value}' AND d.kind = 'do' AND d.field = 'label' AND d.call_shown = 0
AND d.origin_id <> j.origin_id AND d.clock > j.clock
"""


def find(connection: Connection) -> set[int]:
    """Add those that a merge has brought; the patches that they are about."""
    new = [
        int(row[0])
        for row in connection.exec_driver_sql(
            f"{QUERY} AND d.id NOT IN (SELECT decision_id FROM made_knowing)"
        )
    ]
    return _add(connection, new) if new else set()


def _add(connection: Connection, decisions: Iterable[int]) -> set[int]:
    ids = id_list(decisions)
    connection.exec_driver_sql(
        "INSERT INTO made_knowing (decision_id) SELECT value FROM json_each(?)", (ids,)
    )
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT patch_id FROM decisions WHERE id IN {IDS}", (ids,)
    )
    return set(rows.scalars())
