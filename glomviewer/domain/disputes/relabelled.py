"""What adjudicating has done to the percentage of each case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from glomviewer.domain.agreement.percentages import Relabelling, relabelling
from glomviewer.domain.labels import LabelSet
from glomviewer.domain.patch_table import PatchTable
from glomviewer.domain.thresholds.crossing import CUT_OFF

BEFORE = "reference labels without adjudications: what readers agreed on, or what was imported"
AFTER = "reference labels now"


def relabelled_by_adjudication(
    table: PatchTable,
    before: Mapping[int, int],
    labels: LabelSet,
    cut_offs: Sequence[float] = (CUT_OFF,),
) -> Relabelling:
    """Each case, and each slide whose case nobody knows, before and after. `before` has the
    reference label of every adjudicated patch as it would be without, -1 for none. Excluded
    patches and duplicates count nowhere.

    Raises:
        ValueError: a cut-off is not above 0 and at most 1.
    """
    inside = ~(table["excluded"].astype(np.bool_) | table["duplicate"].astype(np.bool_))
    after = table["reference"].astype(np.int8)
    was = after.copy()
    ids = np.fromiter(before, dtype=np.int64, count=len(before))
    known = np.isin(ids, table.ids)
    rows = table.rows_of(ids)
    was[rows] = np.fromiter(before.values(), dtype=np.int8, count=len(before))[known]
    case, slide = table["case"].astype(np.int32), table["slide"].astype(np.int32)
    alone = np.where(slide >= 0, slide + len(table.cases), -1)
    groups = np.where(case >= 0, case, alone).astype(np.int32)
    names = (*table.cases, *table.slides)
    return relabelling(names, groups[inside], was[inside], after[inside], labels, cut_offs)
