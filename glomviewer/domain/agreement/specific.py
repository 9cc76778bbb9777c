"""Positive and negative agreement, and agreement specific to a category.

Of two readers' pairs of calls with at least one of the class, twice those where both are, over
the calls of the class: Cicchetti & Feinstein, J Clin Epidemiol 1990; 43: 551. For many readers
all pairs of calls of one patch are pooled: sum n (n - 1) / sum n (r - 1).
"""

from __future__ import annotations

from glomviewer.domain.agreement.formula import Formula, quotient
from glomviewer.domain.agreement.patterns import Floats
from glomviewer.domain.agreement.sums import Sums

_NOT_CALLED_SO = "no compared patch was called so"


def _positive(sums: Sums) -> Floats:
    return quotient(sums.one("agreed_on_it"), sums.one("pairs_with_it"))


def _negative(sums: Sums) -> Floats:
    return quotient(sums.one("agreed_on_rest"), sums.one("pairs_with_rest"))


POSITIVE = Formula(
    value=_positive,
    reasons=((lambda sums: sums.one("pairs_with_it") == 0, _NOT_CALLED_SO),),
    size=lambda sums: sums.one("with_it"),
)
NEGATIVE = Formula(
    value=_negative,
    reasons=(
        (lambda sums: sums.one("pairs_with_rest") == 0, "no compared patch was called otherwise"),
    ),
    size=lambda sums: sums.one("with_rest"),
)


def specific_to(place: int) -> Formula:
    """Agreement specific to the category at this place in the list."""
    return Formula(
        value=lambda sums: quotient(
            sums.per_class("both")[:, place], sums.per_class("pairs")[:, place]
        ),
        reasons=(
            (
                lambda sums: sums.per_class("pairs")[:, place] == 0,
                "no compared patch was called so",
            ),
        ),
        size=lambda sums: sums.per_class("with_class")[:, place],
    )
