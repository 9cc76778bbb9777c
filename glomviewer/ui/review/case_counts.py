"""How many patches of a list belong to each case."""

from __future__ import annotations

import numpy as np

from glomviewer.domain.patch_table import IntArray, PatchTable

SHOWN_AT_MOST = 2000


def case_counts(table: PatchTable, ids: IntArray) -> list[tuple[str, int]]:
    """Cases with the most patches first, equal ones by name."""
    codes = table["case"][table.rows_of(ids)].astype(np.int64)
    counts = np.bincount(codes[codes >= 0], minlength=len(table.cases))
    found = [(table.cases[code], int(counts[code])) for code in np.flatnonzero(counts).tolist()]
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    return found[:SHOWN_AT_MOST]
