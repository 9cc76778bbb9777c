"""Whether a reader changes on the way: his calls in four parts, in his own order.

Quarters of the reader's own order rather than months: clocks of laptops are not to be trusted,
and in a shuffled reading each quarter is a fair sample of the same patches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.counted_table import CountedTable
from glomviewer.domain.agreement.ratings import Ids
from glomviewer.domain.agreement.reference import reference_for
from glomviewer.domain.agreement.shares import Counted, shares_of
from glomviewer.domain.agreement.statistic import Share
from glomviewer.domain.records import Reader

QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Quarter:
    """A fourth of one reader's first calls, in his own order; `number` runs from 1 to 4.

    `others`: of the pairs of his call and another reader's of the same patch, whenever that was
    made, those that are the same; `reference`: of his calls of patches with a reference label,
    those that are the same (without those where it is his own alone); `positive`: of his calls
    that are a class, those of the positive one.
    """

    number: int
    calls: int
    others: Share
    reference: Share
    positive: Share


@dataclass(frozen=True, slots=True)
class TimeAgreement:
    reader: Reader
    quarters: tuple[Quarter, ...]


def over_time(counted: CountedTable, reader: int, plan: Bootstrap | None = None) -> TimeAgreement:
    """Of the reader in this column.

    Raises:
        Stopped: the drawing was cancelled.
    """
    own = counted.first[:, reader]
    called = own >= 0
    quarter = quarters_of(counted, reader)
    others = np.delete(counted.first, reader, axis=1)
    with_others = (others >= 0).sum(axis=1)
    same = (others == own[:, np.newaxis]).sum(axis=1)
    reference = reference_for(counted, reader)
    is_class = called & ~np.isin(own, counted.rule.unsure)
    positive = np.isin(own, counted.rule.positive)
    parts: list[Counted] = []
    for number in range(1, QUARTERS + 1):
        here = quarter == number
        compared = here & (reference >= 0)
        parts += [
            Counted(here * same, here * with_others, "no other reader called any of its patches"),
            Counted(compared & (own == reference), compared, "none of its patches has one"),
            Counted(here & positive, here & is_class, "no call of it is a class"),
        ]
    shares = shares_of(parts, counted.groups, plan)
    return TimeAgreement(
        reader=counted.table.readers[reader],
        quarters=tuple(
            Quarter(number, int(np.count_nonzero(quarter == number)), *shares[place : place + 3])
            for number, place in zip(range(1, QUARTERS + 1), range(0, 3 * QUARTERS, 3), strict=True)
        ),
    )


def quarters_of(counted: CountedTable, reader: int) -> Ids:
    """The quarter of each patch, shape (patches,), 0 where he has not called it: by the place
    in his list, and where a patch has none by the time of the call."""
    called = counted.first[:, reader] >= 0
    rows = np.flatnonzero(called)
    order, made_at = counted.table.order[rows, reader], counted.table.made_at[rows, reader]
    key = order if bool((order >= 0).all()) else made_at
    quarter = np.zeros(len(called), dtype=np.int64)
    ranked = rows[np.argsort(key, kind="stable")]
    quarter[ranked] = np.arange(len(rows)) * QUARTERS // max(1, len(rows)) + 1
    return quarter
