"""Every decision on a row of its own, for whoever wants to count again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.report.rows import DecisionRow
from glomviewer.jobs.reporting import saying
from glomviewer.jobs.reporting.names import SafeNames
from glomviewer.jobs.reporting.table_text import line_of

COLUMNS = (
    "who",
    "initials",
    "when (UTC)",
    "zone",
    "patch",
    "case",
    "what",
    "kind",
    "old",
    "new",
    "why",
    "having seen",
    "reading",
    "item",
    "repeat",
    "pixels (SHA-256)",
    "origin",
    "sequence",
    "entry",
    "entry's hash",
    "program",
)


def decision_lines(
    rows: Iterable[DecisionRow], labels: LabelSet, names: SafeNames
) -> Iterator[str]:
    """The table as UTF-8 text, line by line, with its head; the same rows give the same text.

    No cell begins as a formula of a spreadsheet would, and no name could be a patient's.
    """
    yield line_of(COLUMNS)
    for row in rows:
        yield line_of(_cells(row, labels, names))


def _cells(row: DecisionRow, labels: LabelSet, names: SafeNames) -> tuple[str, ...]:
    new = saying.new_of(row, labels)
    return (
        row.reader,
        row.initials,
        row.made.exact,
        row.made.zone,
        str(row.patch),
        names.case(row.case),
        row.field,
        row.kind,
        saying.old_of(row, labels),
        names.text(new) if row.field == "comment" else new,
        names.text(saying.why(row)),
        saying.having_seen(row),
        names.title(row.reading, f"Reading {row.reading_id}"),
        row.item,
        "yes" if row.repeat else "no",
        row.pixels,
        row.origin,
        str(row.sequence),
        str(row.entry),
        row.hash,
        row.program,
    )
