"""What a library knows of a reading, as a report needs it: names are still as they are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.study import Chain, Key


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """`model` and `threshold` (a calibrated logit) are those that the reading was made with."""

    id: int
    uuid: str
    name: str
    protocol: str
    created: Moment
    created_by: str
    closed: Moment | None
    model: str
    threshold: float | None
    patches: int
    cases: int
    slides: int
    repeats: int


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A reader's work on one reading. `seconds` is the median between two of his first calls."""

    id: int
    name: str
    initials: str
    items: int
    decided: int
    first: Moment | None
    last: Moment | None
    finished: Moment | None
    seconds: float | None
    flagged: int
    comments: int


@dataclass(frozen=True, slots=True)
class Act:
    """Who adjudicated, excluded or referred a patch, when and why."""

    by: str
    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """What was done about a patch: who adjudicated or excluded it, and who sent it where it
    still waits."""

    patch: int
    adjudicated: Act | None = None
    referred: Act | None = None
    excluded: Act | None = None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One row of the log of decisions. `hash` is that of its gesture in the chain; `reading`,
    `item` and `repeat` are empty where it was made outside a reading."""

    reader: str
    initials: str
    reader_id: int
    made: Moment
    patch: int
    pixels: str
    case: str
    case_id: int
    field: str
    kind: str
    before_label: int
    before_value: str
    label: int
    value: str
    detail: str
    comment: str
    call_shown: bool
    model: str
    on_screen: bool
    reading: str
    reading_id: int
    item: str
    repeat: bool
    origin: str
    sequence: int
    entry: int
    hash: str
    program: str
    clock: int


@dataclass(frozen=True, slots=True)
class LibraryRows:
    """All of it, of one reading. `comments` are by patch and reader; `sampling` says how the
    patches were chosen; `states` are those of the queue of disputes, by patch; `chains` and
    `keys` are of the whole library."""

    reading: ReadingRow
    sampling: tuple[str, ...]
    readers: tuple[ReaderRow, ...]
    settlements: Mapping[int, SettlementRow]
    states: Mapping[int, DisputeState]
    comments: Mapping[tuple[int, int], str]
    case_numbers: Mapping[str, int]
    chains: tuple[Chain, ...]
    keys: tuple[Key, ...]
