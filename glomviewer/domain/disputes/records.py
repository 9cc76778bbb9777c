"""A disputed patch with everything that was said about it, as the store hands it out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from glomviewer.domain.labels import ReferenceSource, Split
from glomviewer.domain.records import Reader


class DisputeState(StrEnum):
    """Where a dispute stands; the value is what a shell and the screen call it."""

    OPEN = "open"
    SENT_BACK = "sent back"
    CONSENSUS = "consensus"
    SETTLED = "settled"


class Referral(StrEnum):
    """What a disputed patch waits for; the value is what the log says."""

    NONE = ""
    READING = "reading"
    CONSENSUS = "consensus"


@dataclass(frozen=True, slots=True)
class Call:
    """One label that a reader has given. `after_reveal`: the model's call had been shown to him
    by then; `model` is its title, "" where none was shown. `reading` is the name of the reading
    that it was made in, "" outside one."""

    label: int
    detail: str
    comment: str
    made_at: datetime
    zone: str
    after_reveal: bool
    model: str
    reading: str


@dataclass(frozen=True, slots=True)
class ReaderCalls:
    """What one reader says. `first` is his last label before any reveal, None where he has
    known the model's call from the start; `final` is his latest; `again` what he called hidden
    repeats of the same patch, once he has finished that reading."""

    reader: Reader
    first: Call | None
    final: Call
    again: tuple[Call, ...] = ()

    @property
    def changed_his_mind(self) -> bool:
        """Whether he called it otherwise once he had seen the model's call."""
        return self.first is not None and self.first.label != self.final.label


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment that was made apart from a label."""

    reader: Reader
    text: str
    made_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Referred:
    """Who put the patch where. `called_since`: somebody has labelled it after that."""

    to: Referral
    reader: Reader
    reason: str
    made_at: datetime
    zone: str
    called_since: bool


@dataclass(frozen=True, slots=True)
class Adjudication:
    """Who settled it and why. `call_shown`: the model's call had been shown to him by then."""

    label: int
    reader: Reader
    reason: str
    made_at: datetime
    zone: str
    call_shown: bool
    model: str


@dataclass(frozen=True, slots=True)
class ModelCall:
    """The call of a model, told on demand only. `label` is a code of the call's class;
    `probability` and `threshold` are calibrated; `trained_on` says that the model or an ancestor
    has learned from the patch, `out_of_fold` that this probability is one of a model that hasn't.
    """

    title: str
    label: int
    probability: float
    threshold: float
    trained_on: bool
    out_of_fold: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """A patch with all calls side by side, in the order in which they were first made.
    `state` is None for a patch that is neither disputed nor adjudicated."""

    patch: int
    name: str
    case: str
    slide: str
    state: DisputeState | None
    calls: tuple[ReaderCalls, ...]
    remarks: tuple[Remark, ...]
    referral: Referred | None
    adjudication: Adjudication | None
    imported_label: int
    reference_label: int
    reference_source: ReferenceSource
    gate_label: int
    split: Split
    excluded: bool

    @property
    def counts(self) -> Counter[int]:
        """How many readers call it what, by their latest labels."""
        return Counter(calls.final.label for calls in self.calls)


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A line of the queue. `differing` of `calls` readers' labels are not the most frequent
    one; `label` is what it was settled as, -1 while it isn't."""

    patch: int
    case: str
    slide: str
    state: DisputeState | None
    calls: int
    differing: int
    label: int
