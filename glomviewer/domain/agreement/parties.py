"""Any two of readers, reference label and model, side by side; and the patches behind figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from glomviewer.domain.agreement.by_case import disputed_among
from glomviewer.domain.agreement.confusion import Confusion
from glomviewer.domain.agreement.counted_table import CountedTable, blanked
from glomviewer.domain.agreement.model import fresh_patches, revealed_patches
from glomviewer.domain.agreement.ratings import Codes, Ids
from glomviewer.domain.agreement.reference import REFERENCE, reference_for


class Side(StrEnum):
    """What calls patches: a reader at first, the same after the reveal, or no reader."""

    READER = "reader"
    AFTER_REVEAL = "after the reveal"
    REFERENCE = "reference"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Party:
    """One that calls patches; `reader` is his column, -1 for no reader."""

    side: Side
    name: str
    reader: int = -1


def parties_of(counted: CountedTable) -> tuple[Party, ...]:
    """All that have a call: the readers, the same after a reveal, reference label, model."""
    table = counted.table
    readers = [
        Party(Side.READER, reader.name, place)
        for place, reader in enumerate(table.readers)
        if bool((counted.first[:, place] >= 0).any())
    ]
    after = [
        Party(Side.AFTER_REVEAL, f"{one.name} after the reveal", one.reader)
        for one in readers
        if bool(revealed_patches(counted, one.reader).any())
    ]
    others: list[Party] = []
    if bool((counted.reference >= 0).any()):
        others.append(Party(Side.REFERENCE, REFERENCE))
    if bool(fresh_patches(counted).any()):
        others.append(Party(Side.MODEL, table.model or "model"))
    return (*readers, *after, *others)


def confusion_of(counted: CountedTable, first: Party, second: Party) -> Confusion:
    """The calls of `first` by those of `second`, on the patches that both called.

    As in the figures: a reference label that is nothing but a reader's own is left out for him,
    the model is asked only about patches that it was not trained on, and beside a model labels
    that mean the same class are one.
    """
    columns = [_calls(counted, one, other) for one, other in ((first, second), (second, first))]
    if Side.MODEL in (first.side, second.side):
        columns = [counted.meaning[column] for column in columns]
    return Confusion.of(counted.two((first.name, second.name), columns[0], columns[1]))


def compared_patches(counted: CountedTable) -> Ids:
    """The ids of the patches that two readers or more called."""
    return counted.table.patches[(counted.first >= 0).sum(axis=1) >= 2]


def patches_called(counted: CountedTable, category: int) -> Ids:
    """The ids of the patches that any reader called so at first."""
    return counted.table.patches[(counted.first == category).any(axis=1)]


def patches_of_case(counted: CountedTable, case: str, *, disputed: bool = False) -> Ids:
    """The ids of the patches of a case that anyone called, or only of those where two differ."""
    inside = counted.table.case == counted.table.cases.index(case)
    if disputed:
        return counted.table.patches[inside & disputed_among(counted.first)]
    return counted.table.patches[inside & (counted.first >= 0).any(axis=1)]


def both_called(confusion: Confusion) -> Ids:
    """The ids of the patches that a confusion matrix counts."""
    return confusion.subjects[(confusion.first >= 0) & (confusion.second >= 0)]


def _calls(counted: CountedTable, party: Party, beside: Party) -> Codes:
    if party.side is Side.READER:
        return counted.first[:, party.reader]
    if party.side is Side.AFTER_REVEAL:
        return blanked(counted.final[:, party.reader], revealed_patches(counted, party.reader))
    if party.side is Side.MODEL:
        return blanked(counted.call, fresh_patches(counted))
    return counted.reference if beside.reader < 0 else reference_for(counted, beside.reader)


def number_of_readers(counted: CountedTable) -> int:
    """How many readers have a call that counts."""
    return int(np.count_nonzero((counted.first >= 0).any(axis=0)))
