"""A reader against the model, and what showing him its call did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.counted_table import CountedTable, blanked
from glomviewer.domain.agreement.pairs import agreement_of_two
from glomviewer.domain.agreement.ratings import Codes, Mask
from glomviewer.domain.agreement.reference import reference_for
from glomviewer.domain.agreement.shares import Counted, shares_of
from glomviewer.domain.agreement.statistic import Share
from glomviewer.domain.records import Reader

TABLES = 4
"""How many tables intervals are drawn from for one reader."""


@dataclass(frozen=True, slots=True)
class Reveals:
    """What reveals did, on patches that the model was not trained on, where a first call, the
    model's call and then a final call are there. Right and wrong are by a reference label that
    is a class and not the reader's own alone.

    `changed`: final differs from first, of all; `overturned`: right at first and not at last, of
    those right at first; `overturned_by_wrong`: the same, of those right at first where the
    model was wrong; `repaired`: not right at first and right at last, of those not right at
    first; `repaired_by_right`: the same, of those where the model was right.
    """

    changed: Share
    overturned: Share
    overturned_by_wrong: Share
    repaired: Share
    repaired_by_right: Share


@dataclass(frozen=True, slots=True)
class ModelAgreement:
    """A reader against the model, on patches that it has not been trained on.

    `before`: his first calls, of every patch; `revealed_before` and `revealed_after`: his first
    and his final calls of the same patches, those with a first call and then a reveal.
    `judged_changes` of the calls changed after the reveal are on patches with a reference label
    that says which was right; the others, such as those that ended a dispute that nobody had
    adjudicated, are in no rate. `trained_on` called patches are left out; `shown_at_once` have no
    call before the reveal.
    """

    reader: Reader
    before: Agreement
    revealed_before: Agreement
    revealed_after: Agreement
    reveals: Reveals
    judged_changes: int
    trained_on: int
    shown_at_once: int


def against_model(
    counted: CountedTable, reader: int, plans: Iterator[Bootstrap | None]
) -> ModelAgreement:
    """Of the reader in this column; takes `TABLES` plans.

    Raises:
        Stopped: the drawing was cancelled.
    """
    table = counted.table
    first, final = (counted.meaning[codes[:, reader]] for codes in (counted.first, counted.final))
    names = (table.readers[reader].name, table.model or "model")
    fresh = fresh_patches(counted)
    call = blanked(counted.call, fresh)
    revealed = revealed_patches(counted, reader)

    def with_model(own: Codes) -> Agreement:
        ratings = counted.two(names, own, call)
        return agreement_of_two(ratings, counted.rule.positive, next(plans))

    return ModelAgreement(
        reader=table.readers[reader],
        before=with_model(first),
        revealed_before=with_model(blanked(first, revealed)),
        revealed_after=with_model(blanked(final, revealed)),
        reveals=Reveals(*shares_of(reveal_counts(counted, reader), counted.groups, next(plans))),
        judged_changes=int(np.count_nonzero(judged_patches(counted, reader) & (first != final))),
        trained_on=int(np.count_nonzero((counted.call >= 0) & table.trained_on & (first >= 0))),
        shown_at_once=int(np.count_nonzero(fresh & (table.first[:, reader] < 0) & (final >= 0))),
    )


def fresh_patches(counted: CountedTable) -> Mask:
    """Those that the model calls and was not trained on, shape (patches,)."""
    return (counted.call >= 0) & ~counted.table.trained_on


def revealed_patches(counted: CountedTable, reader: int) -> Mask:
    """Those of `fresh_patches` whose call was revealed to this reader after his own."""
    first, final = counted.first[:, reader], counted.final[:, reader]
    revealed = counted.table.revealed[:, reader] & fresh_patches(counted)
    return revealed & (counted.meaning[first] >= 0) & (counted.meaning[final] >= 0)


def judged_patches(counted: CountedTable, reader: int) -> Mask:
    """Those of `revealed_patches` whose reference label says what is right for this reader."""
    reference = counted.meaning[reference_for(counted, reader)]
    is_class = (reference >= 0) & ~np.isin(reference, counted.rule.unsure)
    return revealed_patches(counted, reader) & is_class


def reveal_counts(counted: CountedTable, reader: int) -> list[Counted]:
    """What the shares of `Reveals` are made of, in the order of its fields."""
    first, final = (counted.meaning[codes[:, reader]] for codes in (counted.first, counted.final))
    revealed, judged = revealed_patches(counted, reader), judged_patches(counted, reader)
    reference = counted.meaning[reference_for(counted, reader)]
    right, right_after = judged & (first == reference), judged & (final == reference)
    wrong, wrong_after = judged & ~right, judged & ~right_after
    model_right = judged & (counted.call == reference)
    model_wrong = judged & ~model_right
    return [
        Counted(revealed & (first != final), revealed, "the call of no patch was revealed"),
        Counted(right & wrong_after, right, "no revealed patch was called rightly at first"),
        Counted(
            right & wrong_after & model_wrong,
            right & model_wrong,
            "the model was wrong on no patch that was called rightly at first",
        ),
        Counted(wrong & right_after, wrong, "no revealed patch was called wrongly at first"),
        Counted(
            wrong & right_after & model_right,
            wrong & model_right,
            "the model was right on no patch that was called wrongly at first",
        ),
    ]
