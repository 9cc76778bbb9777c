"""A reading as it is reported. Every name in here is one that may leave the house: whoever
builds these values has put pseudonyms in the place of what could be a patient's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from glomviewer.domain.agreement.model import Reveals
from glomviewer.domain.agreement.percentages import Relabelling
from glomviewer.domain.agreement.statistic import Statistic
from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.report.agreement import AgreementPart, Matrix
from glomviewer.domain.report.moments import Moment


@dataclass(frozen=True, slots=True)
class Heading:
    """What the report is about. `made` is all that differs between two makings of it."""

    reading: str
    library: str
    program: str
    made: Moment
    created: Moment | None = None
    created_by: str = ""
    closed: Moment | None = None
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class SamplePart:
    """The patches that were read, and how they were chosen."""

    sentences: tuple[str, ...]
    patches: int
    cases: int
    slides: int
    repeats: int


@dataclass(frozen=True, slots=True)
class ReaderPart:
    """One reader's work. `counts` are of first calls, in the order of the report's labels;
    `seconds` is the median time from one first call to the next."""

    name: str
    initials: str
    items: int
    decided: int
    first: Moment | None
    last: Moment | None
    finished: Moment | None
    seconds: float | None
    counts: tuple[int, ...]
    flagged: int = 0
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """What one reader called a patch; `final` differs from `first` where he changed his mind,
    `revealed` where the model's call was shown in between."""

    reader: str
    first: str
    final: str
    revealed: bool = False
    comment: str = ""


STATES = {
    DisputeState.OPEN: "open",
    DisputeState.SENT_BACK: "sent back for another reading",
    DisputeState.CONSENSUS: "on the consensus list",
    DisputeState.SETTLED: "settled",
}


@dataclass(frozen=True, slots=True)
class Dispute:
    """A patch on which calls differ or did so at first, and how that stands: `ending` says how
    it was settled, "" while it isn't; `outcome` is the label that counts now, "" for none. `by`,
    `at` and `reason` are of whoever adjudicated it or sent it where it waits."""

    patch: str
    case: str
    calls: tuple[Call, ...]
    state: DisputeState
    outcome: str
    by: str
    at: Moment | None
    reason: str
    ending: str = ""
    model: str = ""

    @property
    def standing(self) -> str:
        """`open`, `on the consensus list`, `settled: adjudicated`."""
        return STATES[self.state] + (f": {self.ending}" if self.ending else "")


@dataclass(frozen=True, slots=True)
class DisputePart:
    """All disputes of a reading, and the `rule` by which a patch is one."""

    disputes: tuple[Dispute, ...]
    rule: str

    def number(self, state: DisputeState) -> int:
        return sum(one.state is state for one in self.disputes)

    @property
    def states(self) -> tuple[tuple[str, int], ...]:
        """How many stand how; all four ways, for none is an answer too."""
        return tuple((text, self.number(state)) for state, text in STATES.items())

    @property
    def endings(self) -> tuple[tuple[str, int], ...]:
        """How many of the settled ones ended how."""
        return tuple(Counter(one.ending for one in self.disputes if one.ending).items())


@dataclass(frozen=True, slots=True)
class RevealPart:
    """What one reader did after the model's call was shown: on `shown` patches of his, of which
    he `changed` so many. `judged` counts where a reference label says what is right, on patches
    that the model was not trained on; of the changes that are `judged_changes`."""

    reader: str
    shown: int
    changed: int
    judged_changes: int
    judged: Reveals


@dataclass(frozen=True, slots=True)
class ModelPart:
    """A model on the reference labels of patches that it was not trained on. Without a model,
    or without a patch to judge it on, `reason` says so."""

    name: str = ""
    version: str = ""
    threshold: str = ""
    patches: int = 0
    trained_on: int = 0
    without_reference: int = 0
    without_call: int = 0
    figures: tuple[tuple[str, Statistic], ...] = ()
    matrix: Matrix | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CasePart:
    """Each case's share of globally sclerotic glomeruli before anything was settled and after;
    `before` and `after` say which labels were counted."""

    relabelling: Relabelling
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SignOff:
    reader: str
    meaning: str
    at: Moment
    note: str = ""
    heads: str = ""


@dataclass(frozen=True, slots=True)
class LateChange:
    """Something decided after a sign-off."""

    patch: str
    reader: str
    what: str
    old: str
    new: str
    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The newest row of one origin's chain that this report has counted, and the initials of
    those who decided there."""

    origin: str
    readers: str
    rows: int
    head: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key whose signatures this library takes. `place` says whose, in its owner's words."""

    place: str
    fingerprint: str
    trusted: Moment | None = None


STATEMENT = (
    "For review, not for diagnosis.",
    "What this is: an audit trail as 21 CFR 11 describes one. Every decision is a row with who, "
    "when, what, what it was before, why and what had been seen; rows are only ever appended and "
    "are chained by hash, so that an edited, inserted or deleted row is found, and the heads of "
    "the chains printed here show a cut tail as well.",
    "What it is not: it is a file on a disk whose owner holds the key, and it is not a validated "
    "system. Who can write to that disk can replace all of it; a copy of this report kept "
    "elsewhere is what such a change would be held against.",
)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Why reference labels count as true: of how many patches `now`, and of how many where
    readers and model are judged, which no reveal can have touched."""

    source: str
    now: int
    judging: int


@dataclass(frozen=True, slots=True)
class StudyReport:
    """A whole reading. `labels` name the columns of every reader's counts; `sources` say why
    the reference labels count as true."""

    heading: Heading
    protocol: tuple[str, ...]
    sample: SamplePart
    labels: tuple[str, ...]
    readers: tuple[ReaderPart, ...]
    agreement: AgreementPart
    disputes: DisputePart
    reveals: tuple[RevealPart, ...]
    model: ModelPart
    cases: CasePart
    sources: tuple[SourceLine, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    late_changes: tuple[LateChange, ...] = ()
    chains: tuple[Chain, ...] = ()
    keys: tuple[Key, ...] = ()
    statement: tuple[str, ...] = field(default=STATEMENT)
