"""The frozen records that the store hands out. No ORM row and no SQL leaves the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from glomviewer.domain.labels import ReferenceSource, Split


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who decides. `locked` says that a passphrase keeps others from being him."""

    id: int
    name: str
    initials: str
    locked: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch with everything about it that does not depend on a model.

    `path` is absolute and may not exist; `file_state` says so. Sizes are in pixels,
    `microns_per_pixel` is None where nobody knows it.
    """

    id: int
    name: str
    path: str
    sha256: str
    pixel_hash: str
    width: int
    height: int
    microns_per_pixel: float | None
    slide: str
    case: str
    imported_label: int
    split: Split
    reference_label: int
    reference_source: ReferenceSource
    disputed: bool
    flagged: bool
    excluded: bool
    exclusion_reason: str
    file_state: str
    duplicate_of: int | None
    comments: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the log, as history shows it. `field` says what it was about:
    label, flag, comment, exclusion or adjudication."""

    id: int
    origin: str
    sequence: int
    batch: int
    patch: int
    reader: Reader
    field: str
    before: str
    after: str
    label: int
    detail: str
    comment: str
    made_at: datetime
    zone: str
    call_shown: bool
    model: str
    on_screen: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One gesture: what it was called and how many patches it touched."""

    id: int
    title: str
    patches: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A model of the library. `card` is its model.json as read when it was added."""

    id: str
    name: str
    version: int
    folder: str
    created: datetime
    active: bool
    card: dict[str, Any]
    gate: dict[str, Any] | None
    run: str | None
    note: str
    slope: float
    intercept: float
    threshold: float

    @property
    def title(self) -> str:
        """Name and version, as every screen that shows a call says them."""
        return f"{self.name} · {self.version}"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A training run as the library knows it. `state` is one of
    starting, running, finished, failed, stopped."""

    id: str
    state: str
    recipe: str
    folder: str
    started: datetime
    finished: datetime | None
    pid: int | None
    pid_created: float | None
    candidate: str | None
    gate: dict[str, Any] | None
    message: str
    corrections: int


@dataclass(frozen=True, slots=True)
class TrainingCounts:
    """What a retraining would use, and what it would leave out and why. Pairs are of not and
    globally sclerotic; a case with patches of both classes counts in both."""

    corrections: int
    per_split: dict[str, tuple[int, int]]
    cases_per_split: dict[str, int]
    disputed: int
    cannot_tell: int
    not_a_glomerulus: int
    unlabelled: int
    excluded: int
    duplicates: int
    missing: int
    locked_with_call_shown: int
    warnings: tuple[str, ...] = field(default=())
    cases_per_class: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who has the library open for writing."""

    user: str
    host: str
    pid: int
    since: str

    @property
    def sentence(self) -> str:
        return f"{self.user} on {self.host} (process {self.pid}, since {self.since})"
