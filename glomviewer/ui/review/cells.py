"""What a thumbnail has to say about its patch, read from the table for a few rows at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.patch_select import sigmoid
from glomviewer.domain.patch_table import IntArray, ModelView, PatchTable


@dataclass(frozen=True, slots=True)
class Cell:
    """One patch as the grid shows it. `call` and `probability` are None where there is none or
    where this reader may not know it yet; `marked_call` is a call that contradicts the label or
    stands alone, which alone gets a badge."""

    patch: int
    label: int
    own: bool
    call: int | None
    marked_call: int | None
    probability: float | None
    disputed: bool
    flagged: bool
    commented: bool
    excluded: bool
    missing: bool
    width: int
    height: int
    microns_per_pixel: float


def part_of(table: PatchTable, rows: IntArray) -> PatchTable:
    """A table of these rows only, so that its rules can be asked for a page in microseconds."""
    part = PatchTable(
        columns={name: column[rows] for name, column in table.columns.items()},
        cases=table.cases,
        slides=table.slides,
        targets=table.targets,
    )
    view = table.view
    part.view = ModelView(
        model=view.model,
        title=view.title,
        threshold=view.threshold,
        logit=view.logit[rows],
        ranking=view.ranking[rows],
        previous_call=view.previous_call[rows],
        trained_on=view.trained_on[rows],
    )
    return part


def cells(table: PatchTable, ids: IntArray) -> list[Cell]:
    """The cells of these patches, in their order; patches that the table lacks are left out.

    Calls are the honest ones: out of fold where the model was trained on the patch.
    """
    part = part_of(table, table.rows_of(ids))
    ranking = part.view.ranking
    visible = part.call_visible() & ~np.isnan(ranking)
    call = (ranking >= part.view.threshold).astype(np.int8)
    label = part.shown_label()
    target = part.target_of(label)
    marked = visible & ((label == NO_LABEL) | ((target >= 0) & (target != call)))
    probability = sigmoid(ranking)
    column = {name: values.tolist() for name, values in part.columns.items()}
    shown = zip(
        label.tolist(),
        call.tolist(),
        visible.tolist(),
        marked.tolist(),
        probability.tolist(),
        strict=True,
    )
    return [
        Cell(
            patch=column["id"][row],
            label=label_code,
            own=column["current"][row] != NO_LABEL,
            call=call_code if is_visible else None,
            marked_call=call_code if is_marked else None,
            probability=chance if is_visible else None,
            disputed=column["disputed"][row],
            flagged=column["flagged"][row],
            commented=column["commented"][row],
            excluded=column["excluded"][row],
            missing=column["missing"][row],
            width=column["width"][row],
            height=column["height"][row],
            microns_per_pixel=column["microns_per_pixel"][row],
        )
        for row, (label_code, call_code, is_visible, is_marked, chance) in enumerate(shown)
    ]


def shown_calls(table: PatchTable, ids: IntArray) -> dict[int, int]:
    """The calls that the grid and the panel show of these patches, where they show one."""
    return {cell.patch: cell.call for cell in cells(table, ids) if cell.call is not None}
