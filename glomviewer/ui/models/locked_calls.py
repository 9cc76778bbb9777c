"""Which locked patches stand in a cell of a model's confusion matrix. No Qt here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glomviewer.domain.labels import Split
from glomviewer.domain.patch_table import PatchTable

if TYPE_CHECKING:
    from glomviewer.store.library import Library


def patches_of_cell(
    library: Library, table: PatchTable, model: str, target: int, call: int
) -> tuple[int, ...]:
    """The locked patches with this reference label that the model calls so, by id.

    Labels may have changed since the gate, so this can differ a little from what it counted.
    """
    view = library.load_model_view(table, model)
    rows = (
        (table["split"] == int(Split.LOCKED))
        & ~table["excluded"].astype(np.bool_)
        & (table.target_of(table["reference"]) == target)  # type: ignore[arg-type]
        & (view.calls() == call)
    )
    return tuple(int(patch) for patch in table.ids[rows])
