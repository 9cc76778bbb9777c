"""A reader's first calls against the reference label."""

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


@dataclass(frozen=True, slots=True)
class ReferenceAgreement:
    """A reader's first calls against the reference label. `sources` count what it rested on;
    `own_alone` patches are left out, for there it is his own label and nothing else."""

    reader: Reader
    agreement: Agreement
    sources: dict[ReferenceSource, int]
    own_alone: int


def against_reference(
    counted: CountedTable, reader: int, plan: Bootstrap | None = None
) -> ReferenceAgreement:
    """Of the reader in this column.

    Raises:
        Stopped: the drawing was cancelled.
    """
    who = counted.table.readers[reader]
    own, reference = counted.first[:, reader], reference_for(counted, reader)
    ratings = counted.two((who.name, REFERENCE), own, reference)
    compared = (own >= 0) & (reference >= 0)
    sources = np.bincount(counted.table.reference_source[compared], minlength=1)
    return ReferenceAgreement(
        reader=who,
        agreement=agreement_of_two(ratings, counted.rule.positive, plan),
        sources={
            ReferenceSource(source): int(sources[source])
            for source in np.flatnonzero(sources).tolist()
        },
        own_alone=int(
            np.count_nonzero(_own_alone(counted, reader) & (own >= 0) & (counted.reference >= 0))
        ),
    )


def reference_for(counted: CountedTable, reader: int) -> Codes:
    """The reference label of each patch, shape (patches,), -1 where it is nothing but this
    reader's own label: he would be measured against himself."""
    return blanked(counted.reference, ~_own_alone(counted, reader))


def _own_alone(counted: CountedTable, reader: int) -> Mask:
    single = counted.table.reference_source == ReferenceSource.SINGLE_READER
    return single & (counted.table.final[:, reader] >= 0)
