"""From what a library knows to changes of mind, cases, sources and what came after sign-off."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from glomviewer.domain.agreement.by_case import disputed_among
from glomviewer.domain.agreement.percentages import relabelling
from glomviewer.domain.agreement.ratings import NOT_READ, Codes, Mask, RatingTable
from glomviewer.domain.agreement.summary import AgreementSummary
from glomviewer.domain.labels import NO_LABEL, ReferenceSource
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.study import (
    CasePart,
    LateChange,
    RevealPart,
    SignOff,
    SourceLine,
)
from glomviewer.jobs.reporting.agreement_part import named
from glomviewer.jobs.reporting.material import Choices, Material
from glomviewer.jobs.reporting.names import SafeNames

BLIND, IN_VIEW = "adjudicated", "adjudicated with the model's call in view"
SOURCES = {
    ReferenceSource.READERS_AGREE: "all readers agree",
    ReferenceSource.SINGLE_READER: "a single reader",
    ReferenceSource.IMPORTED: "imported",
    ReferenceSource.DISPUTED: "disputed, so there is none",
    ReferenceSource.NONE: "nobody has said anything",
}


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
            parts.append(
                RevealPart(named(one.reader), total, changed, one.judged_changes, one.reveals)
            )
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
        after="what counts as true now of the same patches, with what was settled and what readers "
        "changed after a reveal",
    )


def agreed_first_calls(first: Codes) -> Codes:
    """Of each patch the label on which all who read it agree, -1 where they differ or nobody
    did; `first` has the shape (patches, readers)."""
    if not first.shape[1]:
        return np.full(len(first), NOT_READ, dtype=np.int8)
    return np.where(disputed_among(first), np.int8(NOT_READ), first.max(axis=1))


def source_lines(table: RatingTable) -> tuple[SourceLine, ...]:
    """Why the reference labels count as true, now and where they judge; what is nowhere is left
    out."""
    judging = table.untouched >= 0
    adjudicated = table.reference_source == ReferenceSource.ADJUDICATED
    lines = [
        _source(BLIND, adjudicated & judging, adjudicated & judging),
        _source(IN_VIEW, adjudicated & ~judging, np.zeros_like(judging)),
        *(
            _source(
                text,
                table.reference_source == source,
                judging & (table.untouched_source == source),
            )
            for source, text in SOURCES.items()
        ),
    ]
    return tuple(line for line in lines if line.now or line.judging)


def _source(name: str, now: Mask, judging: Mask) -> SourceLine:
    return SourceLine(name, int(np.count_nonzero(now)), int(np.count_nonzero(judging)))


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
