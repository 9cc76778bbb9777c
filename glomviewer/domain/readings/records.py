"""What the store says about readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.readings.protocol import Protocol
from glomviewer.domain.records import Reader


class Meaning(StrEnum):
    """What somebody signs for."""

    READ = "read"
    ADJUDICATED = "adjudicated"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class ReaderProgress:
    """How far one reader is. `items` counts repeats too; `signed` says that he has signed for
    having read."""

    reader: Reader
    items: int
    done: int
    finished: datetime | None
    signed: bool

    @property
    def left(self) -> int:
        return self.items - self.done


@dataclass(frozen=True, slots=True)
class ReadingSummary:
    """A reading and its readers. `patches` counts each patch once; `model` is a model's id, ""
    without one, and `threshold` the calibrated logit by which its calls are told; `made_by` is
    None where nobody in particular made it. `closed` is when it was closed, None while open."""

    id: int
    uuid: str
    name: str
    protocol: Protocol
    made_at: datetime
    readers: tuple[ReaderProgress, ...]
    patches: int
    closed: datetime | None = None
    made_by: Reader | None = None
    model: str = ""
    threshold: float | None = None

    @property
    def is_closed(self) -> bool:
        return self.closed is not None

    @property
    def is_finished(self) -> bool:
        """Whether all of its readers have finished."""
        return all(one.finished is not None for one in self.readers)

    def progress_of(self, reader: int) -> ReaderProgress | None:
        """How far this reader is, None where he does not read in it."""
        return next((one for one in self.readers if one.reader.id == reader), None)


@dataclass(frozen=True, slots=True)
class ItemState:
    """One entry of a reader's list, as its reader may see it.

    `place` counts from 0; `turn` is one of `domain.turns`, and to be shown whatever it is;
    `label` is his latest, `first_label` his last before any reveal of this item, -1 for none;
    `revealed` says that the model's call was shown after his commit; `case_place` numbers the
    cases of a list that goes by case from 0, -1 in any other. `is_repeat` is False until the
    reader has finished, whatever the item is.
    """

    id: int
    uuid: str
    place: int
    patch: int
    turn: int
    label: int = NO_LABEL
    detail: str = ""
    first_label: int = NO_LABEL
    revealed: bool = False
    flagged: bool = False
    comment: str = ""
    case_place: int = -1
    decided_at: datetime | None = None
    is_repeat: bool = False

    @property
    def is_done(self) -> bool:
        return self.label != NO_LABEL

    def unsaid(self) -> ItemState:
        """The same entry with nothing of what was decided on it."""
        return ItemState(
            self.id, self.uuid, self.place, self.patch, self.turn, case_place=self.case_place
        )


@dataclass(frozen=True, slots=True)
class RevealedCall:
    """The model's call of a patch: 1 or 0. `probability` and `threshold` are calibrated
    probabilities, `model` is its title."""

    call: int
    probability: float
    model: str
    threshold: float


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed a reading, when, and what for. `heads` are the journal's newest rows at that
    time as (origin, sequence, hash)."""

    id: int
    reading: int
    reader: Reader
    meaning: Meaning
    note: str
    made_at: datetime
    zone: str
    heads: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class LaterChange:
    """A label that was changed after a reading was signed off. `label` is what is in force since,
    -1 where it was taken back."""

    decision: int
    patch: int
    reader: Reader
    field: str
    before: int
    label: int
    reason: str
    made_at: datetime
    signoff: int
