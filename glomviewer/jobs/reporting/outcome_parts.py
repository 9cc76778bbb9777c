"""From what a library knows to disputes, changes of mind, cases and what came after sign-off."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from glomviewer.domain.agreement.by_case import disputed_among
from glomviewer.domain.agreement.percentages import relabelling
from glomviewer.domain.agreement.ratings import NOT_READ, Codes, RatingTable
from glomviewer.domain.agreement.summary import AgreementSummary
from glomviewer.domain.labels import NO_LABEL, ReferenceSource
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.rows import SettlementRow
from glomviewer.domain.report.study import (
    Call,
    CasePart,
    Dispute,
    DisputePart,
    LateChange,
    RevealPart,
    SignOff,
)
from glomviewer.jobs.reporting import saying
from glomviewer.jobs.reporting.agreement_part import named, short
from glomviewer.jobs.reporting.material import Choices, Material
from glomviewer.jobs.reporting.names import SafeNames

RULE = (
    "Listed is every patch on which two readers' calls differ, the first ones or those that they "
    "ended with. Settled is what was adjudicated, or what they agree on since; first calls are "
    "never touched."
)
SOURCES = {
    ReferenceSource.ADJUDICATED: "adjudicated",
    ReferenceSource.READERS_AGREE: "all readers agree",
    ReferenceSource.SINGLE_READER: "a single reader",
    ReferenceSource.IMPORTED: "imported",
    ReferenceSource.DISPUTED: "disputed, so there is none",
    ReferenceSource.NONE: "nobody has said anything",
}


def dispute_part(material: Material, names: SafeNames) -> DisputePart:
    table = material.table
    differing = disputed_among(table.first) | disputed_among(table.final)
    rows = np.flatnonzero(differing).tolist()
    return DisputePart(tuple(_dispute(material, names, row) for row in rows), RULE)


def reveal_parts(material: Material, summary: AgreementSummary) -> tuple[RevealPart, ...]:
    """One for each reader to whom the model's call was shown after a call of his own."""
    table = material.table
    parts: list[RevealPart] = []
    for column, one in enumerate(summary.model):
        first, final = table.first[:, column], table.final[:, column]
        shown = table.revealed[:, column] & (first >= 0)
        if shown.any():
            changed = int(np.count_nonzero(shown & (first != final)))
            total = int(np.count_nonzero(shown))
            parts.append(RevealPart(named(one.reader), total, changed, one.reveals))
    return tuple(parts)


def case_part(material: Material, choices: Choices, names: SafeNames) -> CasePart:
    table = material.table
    read = (table.first >= 0).any(axis=1)
    return CasePart(
        relabelling(
            [names.case(case) for case in table.cases],
            table.case,
            agreed_first_calls(table.first),
            np.where(read, table.reference, np.int8(NO_LABEL)),
            material.labels,
            choices.cut_offs,
        ),
        before="the label on which all first calls of a patch agree; disputed patches are left out",
        after="the reference label of the same patches, with what was settled",
    )


def agreed_first_calls(first: Codes) -> Codes:
    """Of each patch the label on which all who read it agree, -1 where they differ or nobody
    did; `first` has the shape (patches, readers)."""
    if not first.shape[1]:
        return np.full(len(first), NOT_READ, dtype=np.int8)
    return np.where(disputed_among(first), np.int8(NOT_READ), first.max(axis=1))


def source_counts(table: RatingTable) -> tuple[tuple[str, int], ...]:
    """Why the reference labels count as true, and on how many patches."""
    counts = np.bincount(table.reference_source.astype(np.int64), minlength=len(SOURCES))
    return tuple((SOURCES[source], int(counts[source])) for source in SOURCES if counts[source])


def sign_off_parts(material: Material, names: SafeNames) -> tuple[SignOff, ...]:
    return tuple(
        SignOff(
            named(one.reader),
            one.meaning.value,
            Moment(one.made_at, one.zone),
            names.text(one.note),
            "\n".join(_head(*head) for head in one.heads),
        )
        for one in material.sign_offs
    )


def late_parts(material: Material, names: SafeNames) -> Iterator[LateChange]:
    labels = material.labels
    for one in material.late:
        yield LateChange(
            patch=names.patch(one.patch),
            reader=one.reader.initials or one.reader.name,
            what=one.field,
            old="" if one.before == NO_LABEL else labels.name_of(one.before),
            new="taken back" if one.label == NO_LABEL else labels.name_of(one.label),
            at=Moment(one.made_at),
            reason=names.text(one.reason),
        )


def _head(origin: str, sequence: int, head: str) -> str:
    """One chain as it stood: the beginning of its name, its length and the beginning of its
    newest hash, which is enough to find it in the log."""
    return f"{origin[:8]} · {sequence:,} · {head[:16]}"


def _dispute(material: Material, names: SafeNames, row: int) -> Dispute:
    table, labels = material.table, material.labels
    patch, case = int(table.patches[row]), int(table.case[row])
    outcome = _outcome(material, row, material.rows.settlements.get(patch))
    called = labels.codes_of_target(int(table.call[row])) if table.call[row] >= 0 else ()
    return Dispute(
        patch=names.patch(patch),
        case=names.case(table.cases[case]) if case >= 0 else "",
        calls=tuple(_calls(material, names, row)),
        outcome=outcome[0],
        settled=outcome[1],
        by=outcome[2].by if outcome[2] else "",
        at=outcome[2].at if outcome[2] else None,
        reason=names.text(outcome[2].reason) if outcome[2] else "",
        model=labels.name_of(called[0]) if called else "",
    )


def _outcome(
    material: Material, row: int, settlement: SettlementRow | None
) -> tuple[str, bool, SettlementRow | None]:
    """What a disputed patch counts as or waits for, whether that settles it, and by whom."""
    labels = material.labels
    if settlement is not None and settlement.label != NO_LABEL:
        return labels.name_of(settlement.label), True, settlement
    if material.table.reference_source[row] == ReferenceSource.READERS_AGREE:
        agreed = labels.name_of(int(material.table.reference[row]))
        return f"{agreed}: the readers agree since", True, None
    if settlement is not None and settlement.referral:
        return saying.REFERRALS.get(settlement.referral, settlement.referral), False, None
    return "open", False, None


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
