"""Cohen's kappa of two readers, on the patches that both called (Cohen, Educ Psychol Meas 1960;
20: 37; unweighted). Equals scikit-learn's `cohen_kappa_score`."""

from __future__ import annotations

import numpy as np

from glomviewer.domain.agreement.formula import TOO_FEW, Formula, Note, quotient
from glomviewer.domain.agreement.patterns import Floats
from glomviewer.domain.agreement.ratings import Mask
from glomviewer.domain.agreement.statistic import Caution
from glomviewer.domain.agreement.sums import Sums

CHANCE_IS_COMPLETE = (
    "both called every compared patch the same one class, so agreement by chance is complete"
)


def _same(sums: Sums) -> Floats:
    return sums.per_class("both").sum(axis=1) / 2


def _by_margins(sums: Sums) -> Floats:
    return (sums.per_class("first") * sums.per_class("second")).sum(axis=1)


def _value(sums: Sums) -> Floats:
    # In counts rather than shares, so that whole numbers stay exact.
    n = sums.one("pairable")
    chance = _by_margins(sums)
    return quotient(n * _same(sums) - chance, n * n - chance)


def _one_used_a_single_class(sums: Sums) -> Mask:
    n = sums.one("pairable")[:, np.newaxis]
    single = (sums.per_class("first") == n) | (sums.per_class("second") == n)
    return single.any(axis=1)


SINGLE_CLASS = Note(
    _one_used_a_single_class,
    "one of the two used a single class, so that it is 0 whatever they agree on",
    Caution.FIXED,
)

COHEN = Formula(
    value=_value,
    reasons=((lambda sums: sums.one("pairable") > 0, CHANCE_IS_COMPLETE),),
    notes=(SINGLE_CLASS, TOO_FEW),
)


def cohen_of_class(place: int) -> Formula:
    """Cohen's kappa of one category against all others."""

    def counts(sums: Sums) -> tuple[Floats, Floats, Floats, Floats]:
        first, second = sums.per_class("first")[:, place], sums.per_class("second")[:, place]
        both = sums.per_class("both")[:, place] / 2
        return sums.one("pairable"), first, second, both

    def value(sums: Sums) -> Floats:
        n, first, second, both = counts(sums)
        same = n - first - second + 2 * both
        chance = first * second + (n - first) * (n - second)
        return quotient(n * same - chance, n * n - chance)

    def unused(sums: Sums) -> Mask:
        _, first, second, _ = counts(sums)
        return first + second == 0

    def single(sums: Sums) -> Mask:
        n, first, second, _ = counts(sums)
        return (first == 0) | (first == n) | (second == 0) | (second == n)

    return Formula(
        value=value,
        reasons=(
            (unused, "neither called a compared patch so"),
            (lambda sums: sums.one("pairable") > 0, CHANCE_IS_COMPLETE),
        ),
        notes=(
            Note(single, "one of the two used it always or never, so that it is 0", Caution.FIXED),
            TOO_FEW,
        ),
    )


def of_two_only(raters: int) -> Formula:
    """What stands in Cohen's place where there are not two raters."""
    return Formula(
        value=lambda sums: np.full(len(sums.values), np.nan),
        reasons=((lambda sums: sums.active > 0, f"it compares two, and here are {raters}"),),
    )
