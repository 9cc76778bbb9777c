"""All readers on each case by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.counted_table import CountedTable
from glomviewer.domain.agreement.measuring import formulas_of
from glomviewer.domain.agreement.patterns import summed
from glomviewer.domain.agreement.ratings import Codes, Mask
from glomviewer.domain.agreement.sums import Tally


@dataclass(frozen=True, slots=True)
class CaseAgreement:
    """All readers on one case; `disputed` patches have two calls that differ. There are no
    intervals, for they are drawn by cases and this is one, and no figures by class."""

    case: str
    disputed: int
    agreement: Agreement


def disputed_among(codes: Codes) -> Mask:
    """Which patches have two calls that differ; `codes` have the shape (patches, readers)."""
    if not codes.shape[1]:
        return np.zeros(len(codes), dtype=np.bool_)
    highest = codes.max(axis=1)
    lowest = np.where(codes < 0, np.int8(127), codes).min(axis=1)
    return (highest >= 0) & (lowest < highest)


def cases_of(counted: CountedTable) -> tuple[CaseAgreement, ...]:
    """Every known case with a call, in the order of the table's names. Patches of no known case
    are in none."""
    table, ratings = counted.table, counted.everyone()
    known = table.case >= 0
    case = table.case[known].astype(np.int64)
    number = len(table.cases)
    tally = Tally.of(ratings, counted.rule.positive)
    rows = summed(tally.terms, tally.patterns.of_subject[known], case, number)
    sums = tally.sums(rows)
    disputed = np.bincount(case[disputed_among(ratings.codes)[known]], minlength=number)
    formulas = formulas_of(len(ratings.raters))
    columns = [formula.answer(sums) for formula in formulas.values()]
    compared = sums.one("pairable")
    return tuple(
        CaseAgreement(
            case=table.cases[place],
            disputed=int(disputed[place]),
            agreement=Agreement(
                raters=ratings.raters,
                categories=ratings.categories,
                read=round(float(sums.one("rated")[place])),
                compared=round(float(compared[place])),
                cases=1 if compared[place] else 0,
                statistics={
                    name: column[place] for name, column in zip(formulas, columns, strict=True)
                },
                classes=(),
                confusion=None,
            ),
        )
        for place in np.flatnonzero(sums.active).tolist()
    )
