"""What a fitted model says of patches that it has not seen, without computing features twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from training.computing.scoring import score_rows
from training.config import UserError
from training.judging.resampling import Floats
from training.learning.fitting import Fitted, Material
from training.learning.quick import frozen_features
from training.models.model import classifier, positive_logit
from training.patches.feature_cache import feature_key
from training.patches.manifest import ManifestRow
from training.progress import ProgressMeter, no_events
from training.recipe import QuickRecipe, Recipe

# Features are saved after so many patches, so that a stop loses the work of seconds.
_FEATURES_AT_ONCE = 128


def held_out_logits(
    recipe: Recipe, fitted: Fitted, material: Material, rows: Sequence[ManifestRow]
) -> Floats:
    """(N,) raw logits of rows whose squares are cached. Raises Cancelled and UserError."""
    if _is_head_on_frozen_features(recipe, fitted, material):
        logits = _from_features(fitted, material, rows)
    else:
        scored = score_rows(
            fitted.module,
            fitted.preprocessing,
            fitted.architecture.head,
            material.device,
            rows,
            emit=material.emit,
            cache=material.cache if fitted.preprocessing == material.cache.preprocessing else None,
            views=fitted.views,
            should_stop=material.should_stop,
        )
        logits = scored.of(rows)
    if not np.isfinite(logits).all():
        raise UserError(
            f"{recipe.name} gives no finite number for {int(np.sum(~np.isfinite(logits)))} of "
            f"{len(rows)} held-out patches: lower its learning rate, or look at those patches."
        )
    return logits


def cache_features(recipe: Recipe, material: Material, hashes: Sequence[str]) -> None:
    """Compute now, and once, the frozen features of all patches that folds will ask for."""
    if not isinstance(recipe, QuickRecipe):
        return
    quiet = _quietly(material)
    distinct = list(dict.fromkeys(hashes))
    symmetries = range(max(recipe.symmetries, recipe.views))
    meter = ProgressMeter(material.emit, len(distinct) * len(symmetries), "features")
    # Each save rewrites the whole file.
    step = max(_FEATURES_AT_ONCE, len(distinct) // 16)
    for symmetry in symmetries:
        for start in range(0, len(distinct), step):
            part = distinct[start : start + step]
            frozen_features(quiet, part, symmetries=[symmetry])
            meter.advance(len(part))


def _quietly(material: Material) -> Material:
    return replace(material, emit=no_events)


def _is_head_on_frozen_features(recipe: Recipe, fitted: Fitted, material: Material) -> bool:
    if not isinstance(recipe, QuickRecipe):
        return False
    base = material.base
    own = feature_key(fitted.module, fitted.preprocessing)
    return own == feature_key(base.module, base.preprocessing)


def _from_features(fitted: Fitted, material: Material, rows: Sequence[ManifestRow]) -> Floats:
    hashes = [row.hash for row in rows]
    features = frozen_features(material, hashes, symmetries=range(fitted.views))
    head = classifier(fitted.module.cpu())
    with torch.inference_mode():
        logits = [
            positive_logit(head(torch.from_numpy(one)), fitted.architecture.head).numpy()
            for one in features
        ]
    return np.stack(logits).astype(np.float64).mean(axis=0)
