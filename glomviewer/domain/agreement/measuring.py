"""Every statistic of one table of ratings, with or without intervals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from glomviewer.domain.agreement.ac1 import AC1, ac1_of_class
from glomviewer.domain.agreement.alpha import ALPHA
from glomviewer.domain.agreement.bootstrap import Bootstrap, drawn
from glomviewer.domain.agreement.cohen import COHEN, cohen_of_class, of_two_only
from glomviewer.domain.agreement.compared import Agreement, ClassAgreement
from glomviewer.domain.agreement.confusion import Confusion
from glomviewer.domain.agreement.fleiss import FLEISS, fleiss_of_class
from glomviewer.domain.agreement.formula import Formula
from glomviewer.domain.agreement.patterns import Floats
from glomviewer.domain.agreement.ratings import Ratings
from glomviewer.domain.agreement.raw import RAW
from glomviewer.domain.agreement.specific import NEGATIVE, POSITIVE, specific_to
from glomviewer.domain.agreement.statistic import Measure, Statistic
from glomviewer.domain.agreement.sums import Sums, Tally

_SPECIFIC, _KAPPA, _AC1 = "specific", "kappa", "ac1"

Name = Measure | tuple[str, int]
"""A statistic of the table, or one of the category at this place."""


def formulas_of(raters: int) -> dict[Measure, Formula]:
    """The statistics that are told of so many raters, in the order in which they are shown."""
    return {
        Measure.RAW: RAW,
        Measure.POSITIVE: POSITIVE,
        Measure.NEGATIVE: NEGATIVE,
        Measure.COHEN: COHEN if raters == 2 else of_two_only(raters),
        Measure.FLEISS: FLEISS,
        Measure.AC1: AC1,
        Measure.ALPHA: ALPHA,
    }


def agreement_of(
    ratings: Ratings,
    positive: tuple[int, ...],
    plan: Bootstrap | None = None,
    *,
    only_compared: bool = False,
) -> Agreement:
    """Compute all statistics; intervals are drawn where there is a `plan`.

    `positive` are the codes of the class that positive agreement is about; negative agreement is
    about all other categories together. With `only_compared` subjects that a single rater called
    count for nothing, as is usual for pairs; without, they count in the chance terms of Fleiss'
    kappa and AC1, as in irrCAC.

    Raises:
        Stopped: the drawing was cancelled.
    """
    tally = Tally.of(ratings, positive, only_compared=only_compared)
    formulas = _every_formula(len(ratings.raters), len(ratings.categories))
    total = tally.total()
    plain = {name: formula.answer(total)[0] for name, formula in formulas.items()}
    found = plain if plan is None else _bounded(tally, formulas, plain, plan)
    return Agreement(
        raters=ratings.raters,
        categories=ratings.categories,
        read=_whole(total, "rated"),
        compared=_whole(total, "pairable"),
        cases=_cases(tally),
        statistics={measure: found[measure] for measure in Measure},
        classes=tuple(
            ClassAgreement(
                category=category,
                calls=round(float(total.per_class("calls")[0, place])),
                specific=found[_SPECIFIC, place],
                kappa=found[_KAPPA, place],
                ac1=found[_AC1, place],
            )
            for place, category in enumerate(ratings.categories)
        ),
        confusion=Confusion.of(ratings) if len(ratings.raters) == 2 else None,
    )


def _every_formula(raters: int, categories: int) -> dict[Name, Formula]:
    formulas: dict[Name, Formula] = {**formulas_of(raters)}
    kappa = cohen_of_class if raters == 2 else fleiss_of_class
    for place in range(categories):
        formulas[_SPECIFIC, place] = specific_to(place)
        formulas[_KAPPA, place] = kappa(place)
        formulas[_AC1, place] = ac1_of_class(place)
    return formulas


def _bounded(
    tally: Tally, formulas: dict[Name, Formula], plain: dict[Name, Statistic], plan: Bootstrap
) -> dict[Name, Statistic]:
    def on_rows(of_sums: Callable[[Sums], Floats]) -> Callable[[Floats], Floats]:
        return lambda rows: of_sums(tally.sums(rows))

    wanted = {name: formula for name, formula in formulas.items() if plain[name].defined}
    found = drawn(
        tally.by_group(),
        {name: on_rows(formula.value) for name, formula in wanted.items()},
        {name: on_rows(formula.size) for name, formula in wanted.items()},
        plan,
    )
    return {name: found.bound(name, one) if name in wanted else one for name, one in plain.items()}


def _cases(tally: Tally) -> int:
    pairable = tally.terms[:, 1] > 0
    patches = np.bincount(tally.group[pairable[tally.patterns.of_subject]])
    return int(np.count_nonzero(patches))


def _whole(sums: Sums, name: str) -> int:
    return round(float(sums.one(name)[0]))
