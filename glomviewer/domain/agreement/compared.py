"""What is told of raters who called the same patches."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.agreement.confusion import Confusion
from glomviewer.domain.agreement.statistic import Measure, Statistic
from glomviewer.domain.comparison.bootstrap import RELIABLE_FROM_GROUPS


@dataclass(frozen=True, slots=True)
class ClassAgreement:
    """On one category against all others together.

    `calls` are all calls of it; `specific` is the agreement specific to it; `kappa` is Cohen's
    for two raters, else Fleiss'.
    """

    category: int
    calls: int
    specific: Statistic
    kappa: Statistic
    ac1: Statistic


@dataclass(frozen=True, slots=True)
class Agreement:
    """All figures of these raters on each other.

    `read` patches have a call of at least one of them, `compared` of at least two, from `cases`
    cases (a patch without a case is one of its own). `categories` is the list that AC1 took.
    `confusion` is there for two raters alone.
    """

    raters: tuple[str, ...]
    categories: tuple[int, ...]
    read: int
    compared: int
    cases: int
    statistics: dict[Measure, Statistic]
    classes: tuple[ClassAgreement, ...]
    confusion: Confusion | None

    @property
    def reliable(self) -> bool:
        """Whether there are cases enough for an interval to mean what it says."""
        return self.cases >= RELIABLE_FROM_GROUPS

    def __getitem__(self, measure: Measure) -> Statistic:
        return self.statistics[measure]
