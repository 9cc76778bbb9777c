"""Krippendorff's alpha for categories without an order, on patches with two calls or more.

Krippendorff, Content Analysis, 4th ed., chapter 12, by his coincidences: with n comparable calls,
n_c of category c and o_cc coincidences of it,
alpha = ((n - 1) sum o_cc - sum n_c (n_c - 1)) / (n (n - 1) - sum n_c (n_c - 1)).
Equals irrCAC's `krippendorff`.
"""

from __future__ import annotations

from glomviewer.domain.agreement.formula import TOO_FEW, Formula, quotient
from glomviewer.domain.agreement.patterns import Floats
from glomviewer.domain.agreement.sums import Sums


def _value(sums: Sums) -> Floats:
    calls = sums.per_class("compared_calls")
    n = calls.sum(axis=1)
    by_class = (calls * (calls - 1)).sum(axis=1)
    return quotient((n - 1) * sums.one("coincident") - by_class, n * (n - 1) - by_class)


ALPHA = Formula(
    value=_value,
    reasons=(
        (
            lambda sums: sums.one("pairable") > 0,
            "every compared call is the same one class, so agreement by chance is complete",
        ),
    ),
    notes=(TOO_FEW,),
)
