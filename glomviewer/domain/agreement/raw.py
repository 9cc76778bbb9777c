"""Raw agreement: how often two calls of a patch are the same."""

from __future__ import annotations

from glomviewer.domain.agreement.formula import Formula, quotient
from glomviewer.domain.agreement.patterns import Floats
from glomviewer.domain.agreement.sums import Sums


def observed(sums: Sums) -> Floats:
    """The mean over patches with two calls or more of the share of their pairs of calls that
    are the same: each patch weighs the same however many read it (Gwet, Handbook of Inter-Rater
    Reliability, 4th ed., chapter 2; irrCAC's pa)."""
    return quotient(sums.one("agreed"), sums.one("pairable"))


RAW = Formula(value=observed, reasons=())
