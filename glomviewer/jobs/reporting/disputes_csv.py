"""Every dispute of a reading on a row of its own, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator

from glomviewer.domain.report.study import Call, Dispute, DisputePart
from glomviewer.jobs.reporting.table_text import line_of

COLUMNS = (
    "patch",
    "case",
    "state",
    "settled how",
    "counts now as",
    "by",
    "when (UTC)",
    "zone",
    "reason",
    "model's call",
)
_OF_A_READER = ("at first", "now", "had been shown the model's call", "comment")


def dispute_lines(part: DisputePart) -> Iterator[str]:
    """The table as text, line by line, with its head; the same disputes give the same text."""
    readers = tuple(dict.fromkeys(call.reader for one in part.disputes for call in one.calls))
    yield line_of((*COLUMNS, *(f"{who} {what}" for who in readers for what in _OF_A_READER)))
    for one in part.disputes:
        yield line_of(_cells(one, readers))


def _cells(one: Dispute, readers: tuple[str, ...]) -> tuple[str, ...]:
    calls = {call.reader: call for call in one.calls}
    return (
        one.patch,
        one.case,
        one.state.value,
        one.ending,
        one.outcome,
        one.by,
        "" if one.at is None else one.at.exact,
        "" if one.at is None else one.at.zone,
        one.reason,
        one.model,
        *(cell for who in readers for cell in _call(calls.get(who))),
    )


def _call(call: Call | None) -> tuple[str, ...]:
    if call is None:
        return ("",) * len(_OF_A_READER)
    return call.first, call.final, "yes" if call.revealed else "no", call.comment
