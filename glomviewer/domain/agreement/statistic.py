"""A figure of agreement: a number where it exists, else the reason why it does not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """The statistics, in the order in which they are shown; the value is their JSON name."""

    RAW = "raw_agreement"
    POSITIVE = "positive_agreement"
    NEGATIVE = "negative_agreement"
    COHEN = "cohen_kappa"
    FLEISS = "fleiss_kappa"
    AC1 = "gwet_ac1"
    ALPHA = "krippendorff_alpha"

    @property
    def words(self) -> str:
        return _TITLES[self]


_TITLES = {
    Measure.RAW: "Raw agreement",
    Measure.POSITIVE: "Positive agreement",
    Measure.NEGATIVE: "Negative agreement",
    Measure.COHEN: "Cohen's kappa",
    Measure.FLEISS: "Fleiss' kappa",
    Measure.AC1: "Gwet's AC1",
    Measure.ALPHA: "Krippendorff's alpha",
}


class Caution(StrEnum):
    """Why a value must not stand by itself; the words are those that stand beside it."""

    NONE = ""
    FEW = "few"
    """It rests on fewer patches than `FEWEST_FOR_KAPPA`."""
    FIXED = "by construction"
    """Whatever the readers had agreed on, the table would give it."""


FEWEST_FOR_KAPPA = 10
"""On fewer patches one call more or less moves kappa and alpha by tenths."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure, from `n` patches.

    `value` is None where the figure is not defined, and `reason` then says why, as the end of a
    sentence. `low` and `high` are its 95 % interval; where `value` stands without one, `reason`
    is empty before intervals are drawn and afterwards says why there is none. `note` says what a
    value owes to the table rather than to the readers, and `caution` that in a word or two: who
    shows the value shows that beside it. `undefined_draws` took no part in the interval, for the
    figure had no value in them.
    """

    value: float | None
    reason: str
    n: int
    low: float | None = None
    high: float | None = None
    note: str = ""
    undefined_draws: int = 0
    caution: Caution = Caution.NONE

    @property
    def defined(self) -> bool:
        return self.value is not None

    def text(self, digits: int = 3) -> str:
        """As a table shows it: "0.642 (0.281 to 0.874)", or "not defined: <reason>"."""
        if self.value is None:
            return f"not defined: {self.reason}"
        if self.low is None or self.high is None:
            return f"{self.value:.{digits}f}"
        return f"{self.value:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"

    def cautioned(self, shown: str) -> str:
        """The value as it is shown, with what keeps it from standing by itself."""
        if self.caution is Caution.FEW:
            return f"{shown}, few" if self.low is not None else f"too few ({shown})"
        return f"{shown} {self.caution}".strip()


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, and their quotient with its interval by cases."""

    count: int
    of: int
    share: Statistic
