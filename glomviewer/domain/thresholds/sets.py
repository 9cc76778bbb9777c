"""Which patches may move a threshold, and which cases its consequences are told of.

Locked and final patches are in neither: the gate stands on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.labels import NO_LABEL, Split
from glomviewer.domain.patch_table import Codes, IntArray, Mask, PatchTable
from glomviewer.domain.thresholds.crossing import CaseCalls
from glomviewer.domain.thresholds.scores import RankedScores

OUT_OF_FOLD, VALIDATION = "out-of-fold", "validation"
"""Where labelled patches come from that the model has not learned from, the better one first:
far more patches have been out of a fold than are left for validation."""


@dataclass(frozen=True, slots=True)
class ModelScores:
    """Calibrated logits of one model by row of the table, NaN where there are none;
    `out_of_fold` are those of a model that had not seen the patch; `trained_on` marks what the
    model or an ancestor has seen."""

    logit: NDArray[np.float32]
    out_of_fold: NDArray[np.float32]
    trained_on: Mask


def tuning_sets(
    table: PatchTable, scores: ModelScores, *, trained_here: bool
) -> dict[str, RankedScores]:
    """The sets that hold both classes, the preferred one first.

    Out of fold, where patches of the training set were; else, and beside it, validation. A
    model that was trained elsewhere may have learned from what is validation here.
    """
    split: Codes = table["split"]  # type: ignore[assignment]
    labelled = _in_figures(table) & ((split == Split.TRAIN) | (split == Split.VALIDATION))
    validation = labelled & (split == Split.VALIDATION)
    if not trained_here:
        validation &= ~scores.trained_on
    told = ~np.isnan(scores.out_of_fold)
    best = np.where(told, scores.out_of_fold, scores.logit)
    found: dict[str, RankedScores] = {}
    out_of_fold = labelled & told
    if (out_of_fold & ~validation).any():
        found[OUT_OF_FOLD] = _ranked(table, best, out_of_fold)
    found[VALIDATION] = _ranked(table, best, validation & ~np.isnan(best))
    return {name: ranked for name, ranked in found.items() if ranked.has_both_classes}


def locked_scores(table: PatchTable, scores: ModelScores, patches: IntArray) -> RankedScores:
    """Those of the locked `patches` that neither the model nor an ancestor has seen."""
    wanted = np.zeros(len(table), dtype=np.bool_)
    wanted[table.rows_of(patches)] = True
    wanted &= _in_figures(table) & (table["split"] == Split.LOCKED)
    return _ranked(table, scores.logit, wanted & ~scores.trained_on & ~np.isnan(scores.logit))


def case_calls(table: PatchTable, scores: ModelScores) -> CaseCalls:
    """The called glomeruli of every case without locked or final patches; without excluded ones,
    duplicates and those whose label never enters a figure, as on the page of cases."""
    split = table["split"]
    guarded = (split == Split.LOCKED) | (split == Split.FINAL)
    reference: Codes = table["reference"]  # type: ignore[assignment]
    outside = (reference != NO_LABEL) & (table.target_of(reference) < 0)
    rows = _inside(table) & ~outside & ~np.isnan(scores.logit) & ~guarded
    case, slide = table["case"][rows].astype(np.int64), table["slide"][rows].astype(np.int64)
    first_slide = len(table.cases)
    return CaseCalls.of(
        table.ids[rows],
        scores.logit[rows].astype(np.float64),
        np.where(case >= 0, case, np.where(slide >= 0, first_slide + slide, -1)),
        (*table.cases, *table.slides),
        first_slide,
    )


def _inside(table: PatchTable) -> Mask:
    return ~table["excluded"].astype(np.bool_) & ~table["duplicate"].astype(np.bool_)


def _in_figures(table: PatchTable) -> Mask:
    return _inside(table) & (table.target_of(table["reference"]) >= 0)  # type: ignore[arg-type]


def _ranked(table: PatchTable, logit: NDArray[np.float32], rows: Mask) -> RankedScores:
    case = table["case"][rows].astype(np.int64)
    slide = table["slide"][rows].astype(np.int64)
    target = table.target_of(table["reference"][rows])  # type: ignore[arg-type]
    unit = "case" if (case >= 0).any() else "slide" if (slide >= 0).any() else "patch"
    # Cases are even and slides odd, so that no slide is taken for a case.
    group = np.where(case >= 0, 2 * case, np.where(slide >= 0, 2 * slide + 1, -1))
    return RankedScores.of(table.ids[rows], logit[rows], target == 1, group, unit)
