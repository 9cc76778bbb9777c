"""Keeps what is derived from the log: each reader's current labels and the state of each patch.

`recomputation` computes the same of the whole log, and `verify` and a property test hold the two
against each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from glomviewer.store import derived
from glomviewer.store.id_list import IDS, id_list

_SEE = """
INSERT OR IGNORE INTO seen (reader_id, patch_id)
SELECT reader_id, patch_id FROM decisions WHERE batch_id = ? AND kind = 'do' AND on_screen = 1
"""

_SEE_ALL = f"""
INSERT OR IGNORE INTO seen (reader_id, patch_id)
SELECT reader_id, patch_id FROM decisions
WHERE batch_id IN {IDS} AND kind = 'do' AND on_screen = 1
"""

_PATCHES = f"SELECT DISTINCT patch_id FROM decisions WHERE batch_id IN {IDS}"
_READERS = f"SELECT DISTINCT reader_id FROM decisions WHERE batch_id IN {IDS}"
_SHARES = f"""
SELECT 1 FROM decisions WHERE batch_id IN {IDS} AND (field <> 'label' OR comment <> '') LIMIT 1
"""
"""Whether one of these gestures is about more than a label: comments are counted as well."""

_LABELLED = f"SELECT 1 FROM current_labels WHERE patch_id IN {IDS} AND reader_id IN {IDS} LIMIT 1"
_TAKEN_BACK = f"SELECT 1 FROM batches WHERE id IN {IDS} AND kind <> 'do' LIMIT 1"

_SET_SHARED = f"""
UPDATE patch_states SET adjudication_id = x.adjudication_id, flag_id = x.flag_id,
flagged = x.flagged, exclusion_id = x.exclusion_id, excluded = x.excluded,
referral_id = x.referral_id, referral = x.referral, comments = x.comments
FROM ({derived.shared(IDS)}) AS x WHERE x.patch_id = patch_states.patch_id
"""

_SET_REFERENCES = f"""
UPDATE patch_states SET reference = x.reference, source = x.source,
blind = (x.gate_label <> -1), gate_label = x.gate_label, disputed = x.disputed,
decided_at = x.decided_at FROM (
{derived.references("current_labels", "patch_states", IDS)}
) AS x WHERE x.patch_id = patch_states.patch_id
"""


def apply_batch(connection: Connection, batch: int) -> None:
    """Bring the derived state up to date with a gesture that was just appended."""
    patches = connection.exec_driver_sql(
        "SELECT DISTINCT patch_id FROM decisions WHERE batch_id = ?", (batch,)
    ).scalars()
    recompute(connection, patches)
    see(connection, batch)


def see(connection: Connection, batch: int) -> None:
    """What was decided on screen has been seen."""
    connection.exec_driver_sql(_SEE, (batch,))


def see_all(connection: Connection, batches: Iterable[int]) -> None:
    """The same for many gestures."""
    connection.exec_driver_sql(_SEE_ALL, (id_list(batches),))


def recompute(connection: Connection, patches: Iterable[int]) -> None:
    """Derive the labels and states of these patches again from the log."""
    ids = id_list(patches)
    connection.exec_driver_sql(f"DELETE FROM current_labels WHERE patch_id IN {IDS}", (ids,))
    connection.exec_driver_sql(
        f"INSERT INTO current_labels ({derived.LABEL_COLUMNS}) "
        f"SELECT {derived.LABEL_COLUMNS} FROM ({derived.labels(IDS)})",
        (ids,),
    )
    connection.exec_driver_sql(_SET_SHARED, (ids, ids))
    recompute_references(connection, ids=ids)


def recompute_after(connection: Connection, batches: Iterable[int]) -> list[int]:
    """Derive again what these gestures can have changed, of many patches that many others have
    labelled: their own readers' labels, and what is shared only where they are about it. The
    patches that they are about."""
    gestures = id_list(batches)
    patches = connection.exec_driver_sql(_PATCHES, (gestures,)).scalars().all()
    readers = connection.exec_driver_sql(_READERS, (gestures,)).scalars().all()
    ids, said_by = id_list(patches), id_list(readers)
    if _first_said(connection, ids, said_by, gestures):
        labels, values = derived.labels(in_batches=IDS), (gestures,)
    else:
        labels, values = derived.labels(IDS, IDS), (ids, said_by)
        connection.exec_driver_sql(
            f"DELETE FROM current_labels WHERE patch_id IN {IDS} AND reader_id IN {IDS}", values
        )
    connection.exec_driver_sql(
        f"INSERT INTO current_labels ({derived.LABEL_COLUMNS}) "
        f"SELECT {derived.LABEL_COLUMNS} FROM ({labels})",
        values,
    )
    if connection.exec_driver_sql(_SHARES, (gestures,)).first() is not None:
        connection.exec_driver_sql(_SET_SHARED, (ids, ids))
    recompute_references(connection, ids=ids)
    return list(patches)


def _first_said(connection: Connection, ids: str, said_by: str, gestures: str) -> bool:
    """Whether these readers had no label of these patches before these gestures, and none of them
    takes anything back, so that nothing else need be looked at."""
    return (
        connection.exec_driver_sql(_LABELLED, (ids, said_by)).first() is None
        and connection.exec_driver_sql(_TAKEN_BACK, (gestures,)).first() is None
    )


def recompute_references(
    connection: Connection, patches: Iterable[int] = (), *, ids: str = ""
) -> None:
    """After something other than a gesture changed what they rest on: an imported label."""
    wanted = ids or id_list(patches)
    connection.exec_driver_sql(_SET_REFERENCES, (wanted, wanted))


def recompute_withdrawn(connection: Connection, roots: Iterable[int]) -> None:
    """Find again which of these gestures are taken back."""
    ids = id_list(roots)
    connection.exec_driver_sql(f"DELETE FROM withdrawn WHERE batch_id IN {IDS}", (ids,))
    connection.exec_driver_sql(
        f"INSERT INTO withdrawn (batch_id) {derived.withdrawn_batches(IDS)}", (ids,)
    )
