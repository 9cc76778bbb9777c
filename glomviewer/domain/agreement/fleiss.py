"""Fleiss' kappa, with Gwet's generalisation for patches that not all have read.

Gwet, Handbook of Inter-Rater Reliability, 4th ed., chapter 2: a category's chance is the mean of
its share among the calls of a patch, over all patches with a call; observed agreement is the
mean over those with two. Equals irrCAC's `fleiss`, and statsmodels' `fleiss_kappa` where nothing
is missing; of two raters it is Scott's pi.
"""

from __future__ import annotations

from glomviewer.domain.agreement.formula import TOO_FEW, Formula, beyond_chance, quotient
from glomviewer.domain.agreement.patterns import Floats
from glomviewer.domain.agreement.raw import observed
from glomviewer.domain.agreement.sums import Sums

_EVERY_CALL_THE_SAME = "every call is the same one class, so agreement by chance is complete"


def prevalence(sums: Sums) -> Floats:
    """The chance of each category, shape (rows, categories); NaN where nothing is rated."""
    return quotient(sums.per_class("share"), sums.one("rated")[:, None])


def _value(sums: Sums) -> Floats:
    return beyond_chance(observed(sums), (prevalence(sums) ** 2).sum(axis=1))


FLEISS = Formula(
    value=_value,
    reasons=((lambda sums: sums.one("pairable") > 0, _EVERY_CALL_THE_SAME),),
    notes=(TOO_FEW,),
)


def fleiss_of_class(place: int) -> Formula:
    """Fleiss' kappa of one category against all others."""

    def value(sums: Sums) -> Floats:
        agreed = quotient(sums.per_class("class_agreed")[:, place], sums.one("pairable"))
        it = prevalence(sums)[:, place]
        return beyond_chance(agreed, it**2 + (1 - it) ** 2)

    return Formula(
        value=value,
        reasons=(
            (lambda sums: sums.per_class("calls")[:, place] == 0, "no patch was called so"),
            (lambda sums: sums.one("pairable") > 0, _EVERY_CALL_THE_SAME),
        ),
        notes=(TOO_FEW,),
    )
