"""A reader's first calls against the reference label, as no reveal can have touched it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.counted_table import CountedTable, blanked
from glomviewer.domain.agreement.pairs import agreement_of_two
from glomviewer.domain.agreement.ratings import Codes, Mask
from glomviewer.domain.labels import ReferenceSource
from glomviewer.domain.records import Reader

REFERENCE = "reference label"
RULE = (
    "The reference label is taken as no reveal can have touched it: what was adjudicated without "
    "the model's call in view, else what all first calls of a patch agree on, else what was "
    "imported. No reader is judged by his own call where it is the only one."
)
OWN_INSIDE = (
    "Where all first calls agree, a reader's own is one of them, so that he can't be wrong there "
    "at first: where few patches are adjudicated, these figures say little of him."
)


@dataclass(frozen=True, slots=True)
class ReferenceAgreement:
    """A reader's first calls against the reference label. `sources` count what it rested on.

    Of his first calls are left out `own_alone`, for there it is his own call and nothing else;
    `in_view`, adjudicated with the model's call in view; and `unsettled`, where first calls differ
    and nobody has adjudicated.
    """

    reader: Reader
    agreement: Agreement
    sources: dict[ReferenceSource, int]
    own_alone: int
    in_view: int
    unsettled: int


def against_reference(
    counted: CountedTable, reader: int, plan: Bootstrap | None = None
) -> ReferenceAgreement:
    """Of the reader in this column.

    Raises:
        Stopped: the drawing was cancelled.
    """
    who, table = counted.table.readers[reader], counted.table
    own, reference = counted.first[:, reader], reference_for(counted, reader)
    ratings = counted.two((who.name, REFERENCE), own, reference)
    called = own >= 0
    sources = np.bincount(table.untouched_source[called & (reference >= 0)], minlength=1)

    def without(source: ReferenceSource) -> int:
        here = (table.untouched_source == source) & (table.untouched < 0)
        return int(np.count_nonzero(called & here))

    return ReferenceAgreement(
        reader=who,
        agreement=agreement_of_two(ratings, counted.rule.positive, plan),
        sources={
            ReferenceSource(source): int(sources[source])
            for source in np.flatnonzero(sources).tolist()
        },
        own_alone=int(
            np.count_nonzero(_own_alone(counted, reader) & called & (counted.reference >= 0))
        ),
        in_view=without(ReferenceSource.ADJUDICATED),
        unsettled=without(ReferenceSource.DISPUTED),
    )


def reference_for(counted: CountedTable, reader: int) -> Codes:
    """The reference label of each patch, shape (patches,), -1 where it is nothing but this
    reader's own first call: he would be measured against himself."""
    return blanked(counted.reference, ~_own_alone(counted, reader))


def _own_alone(counted: CountedTable, reader: int) -> Mask:
    single = counted.table.untouched_source == ReferenceSource.SINGLE_READER
    return single & (counted.table.first[:, reader] >= 0)
