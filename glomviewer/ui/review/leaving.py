"""Which of the changed patches still belong to the list that is shown."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.patch_select import PatchSelect, cannot_tell_codes
from glomviewer.domain.patch_table import PatchTable
from glomviewer.ui.review.cells import part_of


def still_within(
    table: PatchTable, labels: LabelSet, query: PatchQuery, patches: Collection[int]
) -> set[int]:
    """Those of these patches that the query still means. Names and chosen ids do not change
    by a decision, so that they are not asked again."""
    rows = table.rows_of(np.fromiter(patches, dtype=np.int64, count=len(patches)))
    part = part_of(table, rows)
    select = PatchSelect(part, cannot_tell=cannot_tell_codes(labels))
    mask = select.mask(query.with_(text="", ids=None))
    return set(part.ids[mask].tolist())
