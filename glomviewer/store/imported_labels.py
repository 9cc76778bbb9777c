"""Labels that a later import gives to patches already in the library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from sqlalchemy import Connection

from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.store import state
from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.import_values import Finding, FindingKind


def settle_claims(
    connection: Connection, claims: Mapping[int, Set[int]], label_set: LabelSet
) -> tuple[int, list[Finding]]:
    """Fill in imported labels where there was none; how many, and what contradicts.

    Nothing that is there is overwritten: neither an imported label nor any decision.
    """
    wanted = {patch: labels - {NO_LABEL} for patch, labels in claims.items()}
    wanted = {patch: labels for patch, labels in wanted.items() if labels}
    fresh: list[tuple[int, int]] = []
    findings: list[Finding] = []
    rows = connection.exec_driver_sql(
        "SELECT p.id, p.imported_label, f.name FROM patches p "
        f"JOIN files f ON f.patch_id = p.id WHERE p.id IN {IDS}",
        (id_list(wanted),),
    ).all()
    for patch, present, name in rows:
        labels = wanted[patch]
        if len(labels) > 1:
            reason = "the source names it under two classes; no label is taken"
            findings.append(Finding(name, reason, FindingKind.CONFLICT, imported=True))
        elif present == NO_LABEL:
            fresh.append((next(iter(labels)), patch))
        elif present not in labels:
            theirs = label_set.name_of(next(iter(labels)))
            reason = (
                f"the library says {label_set.name_of(present)}, this import says {theirs}; "
                "the library's label stays"
            )
            findings.append(Finding(name, reason, FindingKind.CONFLICT, imported=True))
    if fresh:
        _fill_in(connection, fresh)
    return len(fresh), findings


def unlabelled(connection: Connection, patches: Iterable[int]) -> int:
    """How many of these patches have no imported label."""
    count = connection.exec_driver_sql(
        f"SELECT count(*) FROM patches WHERE imported_label = {NO_LABEL} AND id IN {IDS}",
        (id_list(patches),),
    )
    return int(count.scalar_one())


def _fill_in(connection: Connection, fresh: list[tuple[int, int]]) -> None:
    connection.exec_driver_sql("UPDATE patches SET imported_label = ? WHERE id = ?", fresh)
    state.recompute_references(connection, [patch for _, patch in fresh])
