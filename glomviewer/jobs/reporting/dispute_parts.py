"""From what a library knows to the disputes of a reading, and how each stands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from glomviewer.domain.agreement.by_case import disputed_among
from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.labels import ReferenceSource
from glomviewer.domain.report.rows import Act, SettlementRow
from glomviewer.domain.report.study import Call, Dispute, DisputePart
from glomviewer.jobs.reporting.agreement_part import short
from glomviewer.jobs.reporting.material import Material
from glomviewer.jobs.reporting.names import SafeNames

RULE = (
    "Listed is every patch on which two readers' calls differ, the first ones or those that they "
    "ended with. Settled is what was adjudicated, what they agree on since, or what was excluded; "
    "first calls are never touched."
)
ADJUDICATED, EXCLUDED, NO_MORE = "adjudicated", "excluded", "no more disputed"
ENDINGS = {
    ReferenceSource.READERS_AGREE: "the readers agree since",
    ReferenceSource.SINGLE_READER: "one reader's call alone is left",
}


def dispute_part(material: Material, names: SafeNames) -> DisputePart:
    table = material.table
    differing = disputed_among(table.first) | disputed_among(table.final)
    rows = np.flatnonzero(differing).tolist()
    return DisputePart(tuple(_dispute(material, names, row) for row in rows), RULE)


def _dispute(material: Material, names: SafeNames, row: int) -> Dispute:
    table, labels = material.table, material.labels
    patch, case = int(table.patches[row]), int(table.case[row])
    state, ending = _standing(material, row)
    act = _act(state, ending, material.rows.settlements.get(patch))
    reference = int(table.reference[row])
    called = labels.codes_of_target(int(table.call[row])) if table.call[row] >= 0 else ()
    return Dispute(
        patch=names.patch(patch),
        case=names.case(table.cases[case]) if case >= 0 else "",
        calls=tuple(_calls(material, names, row)),
        state=state,
        ending=ending,
        outcome="" if reference < 0 or ending == EXCLUDED else labels.name_of(reference),
        by=act.by if act else "",
        at=act.at if act else None,
        reason=names.text(act.reason) if act else "",
        model=labels.name_of(called[0]) if called else "",
    )


def _standing(material: Material, row: int) -> tuple[DisputeState, str]:
    """How a patch stands by the queue of disputes, and how it was settled, "" if it isn't."""
    rows, patch = material.rows, int(material.table.patches[row])
    settlement = rows.settlements.get(patch)
    if settlement is not None and settlement.excluded is not None:
        return DisputeState.SETTLED, EXCLUDED
    state = rows.states.get(patch)
    if state is DisputeState.SETTLED:
        return state, ADJUDICATED
    if state is not None:
        return state, ""
    source = ReferenceSource(int(material.table.reference_source[row]))
    return DisputeState.SETTLED, ENDINGS.get(source, NO_MORE)


def _act(state: DisputeState, ending: str, settlement: SettlementRow | None) -> Act | None:
    """Who settled it so, or sent it where it waits; nobody where readers agree by themselves."""
    if settlement is None:
        return None
    if ending in (ADJUDICATED, EXCLUDED):
        return settlement.adjudicated if ending == ADJUDICATED else settlement.excluded
    waits = state in (DisputeState.SENT_BACK, DisputeState.CONSENSUS)
    return settlement.referred if waits else None


def _calls(material: Material, names: SafeNames, row: int) -> Iterator[Call]:
    table, labels = material.table, material.labels
    patch = int(table.patches[row])
    for column, reader in enumerate(table.readers):
        first, final = int(table.first[row, column]), int(table.final[row, column])
        if first < 0 and final < 0:
            continue
        yield Call(
            reader=short(reader, table.readers),
            first="" if first < 0 else labels.name_of(first),
            final="" if final < 0 else labels.name_of(final),
            revealed=bool(table.revealed[row, column]),
            comment=names.text(material.rows.comments.get((patch, reader.id), "")),
        )
