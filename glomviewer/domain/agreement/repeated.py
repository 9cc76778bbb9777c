"""A reader against himself: patches that he was shown twice without being told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.counted_table import CountedTable, blanked
from glomviewer.domain.agreement.pairs import agreement_of_two
from glomviewer.domain.agreement.ratings import Ids, Mask, Places, Ratings
from glomviewer.domain.records import Reader


@dataclass(frozen=True, slots=True)
class SelfAgreement:
    """A reader against himself, by the hidden repeats. `blind` has those that he called again
    before he had seen the model's call of the patch; `after_reveal` the others, told apart."""

    reader: Reader
    blind: Agreement
    after_reveal: Agreement


def against_himself(
    counted: CountedTable,
    reader: int,
    blind_plan: Bootstrap | None = None,
    after_plan: Bootstrap | None = None,
) -> SelfAgreement:
    """Of the reader in this column.

    Raises:
        Stopped: the drawing was cancelled.
    """
    who, repeats = counted.table.readers[reader], counted.table.repeats[reader]
    groups, left_out = _of_patches(counted, repeats.patches)
    first = blanked(counted.rule.apply(repeats.first), ~left_out)
    again = blanked(counted.rule.apply(repeats.again), ~left_out)

    def among(kept: Mask, plan: Bootstrap | None) -> Agreement:
        ratings = Ratings(
            codes=np.stack([first[kept], again[kept]], axis=1),
            raters=(f"{who.name} at first", f"{who.name} again"),
            groups=groups[kept],
            categories=counted.rule.categories,
            subjects=repeats.patches[kept],
        )
        return agreement_of_two(ratings, counted.rule.positive, plan)

    return SelfAgreement(
        reader=who,
        blind=among(~repeats.after_reveal, blind_plan),
        after_reveal=among(repeats.after_reveal, after_plan),
    )


def _of_patches(counted: CountedTable, patches: Ids) -> tuple[Places, Mask]:
    """The group of each patch and whether the rule leaves it out; one that is not in the table
    is a group of its own."""
    known = counted.table.patches
    groups = (len(counted.table.cases) + len(known) + np.arange(len(patches))).astype(np.int32)
    left_out = np.zeros(len(patches), dtype=np.bool_)
    if len(known):
        order = np.argsort(known, kind="stable")
        row = order[np.minimum(np.searchsorted(known[order], patches), len(known) - 1)]
        here = known[row] == patches
        groups[here] = counted.groups[row[here]]
        left_out[here] = counted.left_out[row[here]]
    return groups, left_out
