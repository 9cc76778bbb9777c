"""Gwet's AC1, which skewed classes do not pull down as they do kappa.

Gwet, Br J Math Stat Psychol 2008; 61: 29. Its chance term is sum_k pi_k (1 - pi_k) / (q - 1) with
q the number of categories that could be given, used or not: say which list was taken. Patches
that not all have read as in Fleiss' kappa. Equals irrCAC's `gwet`.
"""

from __future__ import annotations

from glomviewer.domain.agreement.fleiss import prevalence
from glomviewer.domain.agreement.formula import Formula, Note, Reason, beyond_chance, quotient
from glomviewer.domain.agreement.patterns import Floats
from glomviewer.domain.agreement.raw import observed
from glomviewer.domain.agreement.statistic import Caution
from glomviewer.domain.agreement.sums import Sums

ONE_CATEGORY: Reason = (
    lambda sums: (sums.one("rated") >= 0) & (sums.categories < 2),
    "only one category is listed, and chance needs two",
)


def _value(sums: Sums) -> Floats:
    pi = prevalence(sums)
    spread = (pi * (1 - pi)).sum(axis=1)
    chance = quotient(spread, spread * 0 + (sums.categories - 1))
    return beyond_chance(observed(sums), chance)


AC1 = Formula(value=_value, reasons=(ONE_CATEGORY,))


def ac1_of_class(place: int) -> Formula:
    """AC1 of one category against all others, so with q = 2."""

    def value(sums: Sums) -> Floats:
        agreed = quotient(sums.per_class("class_agreed")[:, place], sums.one("pairable"))
        it = prevalence(sums)[:, place]
        return beyond_chance(agreed, 2 * it * (1 - it))

    return Formula(
        value=value,
        reasons=(),
        notes=(
            Note(
                lambda sums: sums.per_class("calls")[:, place] == 0,
                "nobody called a patch so",
                Caution.FIXED,
            ),
        ),
    )
