"""Calibration and threshold from pooled inner out-of-fold predictions, for any recipe.

A validation set of a few slides can't place a threshold. Here the recipe is also fitted on each
of some inner folds of the very patches that it may see, and what those models say of the patches
they were not fitted on is pooled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from training import atomic
from training.events import Note
from training.judging.resampling import Floats
from training.learning.fitting import Fitted, Material
from training.learning.held_out import held_out_logits
from training.patches.manifest import ManifestRow
from training.patches.splitting import group_folds, prepare_splits
from training.recipe import Recipe

Fit = Callable[[Recipe, Material], Fitted]


def fit_with_inner_folds(fit: Fit, recipe: Recipe, material: Material, *, folds: int) -> Fitted:
    """`fit` on everything, with tuning logits pooled over inner folds of whole groups.

    Takes `folds` trainings more; none where the base may have learnt from these patches, whose
    predictions would then be no out-of-fold ones. Raises Cancelled and UserError.
    """
    rows = material.splits.tuned
    if _has_learnt_from(material, rows):
        text = (
            f"no inner folds: {material.base.source} may have learnt from these patches, and what "
            "it says of them would be too good; validation alone places the threshold"
        )
        material.emit(Note(text, level="warning"))
        return fit(recipe, material)
    pairs = group_folds(rows, folds=folds, seed=material.seed)
    pooled = np.full(len(rows), np.nan)
    for number, (rest, fold) in enumerate(pairs, start=1):
        material.emit(Note(f"inner fold {number} of {len(pairs)}"))
        inner = _inner_material(recipe, material, [rows[i] for i in rest], number)
        held_out = [rows[i] for i in fold]
        pooled[list(fold)] = _predicted(fit, recipe, inner, held_out)
    fitted = fit(recipe, material)
    return replace(
        fitted,
        tuning_rows=rows,
        tuning_logits=pooled,
        tuned_on=f"out-of-fold predictions pooled over the training and validation patches, in "
        f"{len(pairs)} inner folds of whole groups",
        record={**fitted.record, "inner_folds": len(pairs)},
    )


def _has_learnt_from(material: Material, rows: Sequence[ManifestRow]) -> bool:
    """Whether what every inner fold starts from may know the labels of what it is to hold out.

    A head alone that has seen them is harmless: training begins with a fresh one.
    """
    base = material.base
    if not base.seen_known:
        return True
    return material.backbone_trained and any(row.hash in base.seen for row in rows)


def _inner_material(
    recipe: Recipe, material: Material, rows: Sequence[ManifestRow], number: int
) -> Material:
    train = [replace(row, split="train") for row in rows]
    splits = prepare_splits(train, share=recipe.validation_share, seed=material.seed)
    return replace(material, splits=splits, checkpoints=material.checkpoints / f"inner-{number}")


def _predicted(
    fit: Fit, recipe: Recipe, inner: Material, held_out: Sequence[ManifestRow]
) -> Floats:
    kept = inner.checkpoints / "held-out.json"
    if inner.resume and (found := _kept(kept, held_out)) is not None:
        return found
    logits = held_out_logits(recipe, fit(recipe, inner), inner, held_out)
    names = [row.patch for row in held_out]
    atomic.write_text(kept, json.dumps(dict(zip(names, logits.tolist(), strict=True))))
    return logits


def _kept(path: Path, rows: Sequence[ManifestRow]) -> Floats | None:
    """What an earlier attempt at this run has finished."""
    if not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    if set(found) != {row.patch for row in rows}:
        return None
    return np.array([found[row.patch] for row in rows], dtype=np.float64)
