"""All that a report is made of, and how it is to be counted."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.agreement.ratings import RatingTable
from glomviewer.domain.agreement.rule import DEFAULT_RULE, UnsureRule
from glomviewer.domain.comparison.bootstrap import DRAWS
from glomviewer.domain.labels import LabelSet
from glomviewer.domain.readings.records import LaterChange, SignOff
from glomviewer.domain.records import ModelRecord
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.rows import LibraryRows
from glomviewer.domain.thresholds.crossing import CUT_OFF


@dataclass(frozen=True, slots=True)
class Material:
    """`protocol` is the reading's in sentences; `model` the one that it was made with, else the
    active one, None without any."""

    library: str
    program: str
    labels: LabelSet
    rows: LibraryRows
    protocol: tuple[str, ...]
    table: RatingTable
    sign_offs: tuple[SignOff, ...]
    late: tuple[LaterChange, ...]
    model: ModelRecord | None


@dataclass(frozen=True, slots=True)
class Choices:
    """How a report counts, and when it is made. `draws` of whole cases give the intervals, 0
    none; the same `seed` gives the same ones."""

    made: Moment
    rule: UnsureRule = DEFAULT_RULE
    cut_offs: tuple[float, ...] = (CUT_OFF,)
    draws: int = DRAWS
    seed: int = 0
