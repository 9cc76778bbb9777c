"""The quick way: features of a frozen backbone, kept by pixel hash, and a new linear head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from training.augmentation.augment import apply_symmetries
from training.computing.pipeline import Runner
from training.embed import head_of
from training.events import Note
from training.learning.fitting import Fitted, Material
from training.learning.linear_head import Fold, LinearHead, fit_head
from training.models.base_weights import with_head
from training.models.model import classifier
from training.patches.feature_cache import FeatureCache, Features, feature_key
from training.patches.splitting import group_folds
from training.progress import Cancelled, ProgressMeter
from training.recipe import QuickRecipe

# Patches after which computed features are written; the file is rewritten whole.
_SAVE_EVERY = 1024


def fit_quick(recipe: QuickRecipe, material: Material) -> Fitted:
    """A head on frozen features, calibrated on predictions of patches it was not fitted on.

    Raises Cancelled and UserError.
    """
    rows = material.splits.tuned
    labels = np.array([row.label for row in rows], dtype=np.int8)
    plan = _plan(recipe, material)
    hashes = [row.hash for row in rows]
    features = frozen_features(
        material, hashes, symmetries=range(max(recipe.symmetries, recipe.views))
    )
    # The head is linear, so its mean logit over views is that of their mean.
    mean = np.stack(features[: recipe.views]).mean(axis=0, dtype=np.float64)
    seen_at_prediction = mean.astype(np.float32)
    shown = features[: recipe.symmetries] if recipe.symmetries > 1 else [seen_at_prediction]
    fitted = fit_head(
        shown,
        labels,
        plan.folds,
        strengths=recipe.strengths,
        balanced=recipe.class_weight == "balanced",
        fit_on=plan.fit_on,
        judged=seen_at_prediction,
        should_stop=material.should_stop,
    )
    told = np.flatnonzero(np.isfinite(fitted.out_of_fold)).tolist()
    material.emit(Note(f"head fitted on {len(plan.fit_on)} patches, strength {fitted.strength:g}"))
    base = with_head(material.base, replace(material.base.architecture, head="logit"))
    return Fitted(
        module=_with_weights(base.module, fitted.head),
        architecture=base.architecture,
        preprocessing=base.preprocessing,
        tuning_rows=[rows[i] for i in told],
        tuning_logits=fitted.out_of_fold[told],
        tuned_on=plan.tuned_on,
        looks=len(recipe.strengths),
        views=recipe.views,
        record={
            "strength": fitted.strength,
            "folds": len(plan.folds),
            "backbone_trained": material.backbone_trained,
        },
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    folds: list[Fold]
    fit_on: Sequence[int]
    tuned_on: str


def _plan(recipe: QuickRecipe, material: Material) -> _Plan:
    """Which patches the head is fitted on, and which tell how good it is."""
    splits = material.splits
    fitted, every = range(len(splits.train)), range(len(splits.tuned))
    if material.backbone_trained:
        # Features that have learnt these labels make every out-of-fold prediction too good.
        held_out = range(len(splits.train), len(splits.tuned))
        told = "validation patches, since the backbone has learnt from the training patches"
        return _Plan([(fitted, held_out)], fitted, told)
    folds = group_folds(splits.tuned, folds=recipe.folds, seed=material.seed)
    return _Plan(
        list(folds),
        every,
        "out-of-fold predictions pooled over the training and validation patches, in "
        f"{len(folds)} folds of whole groups: validation alone is too small for a threshold",
    )


def frozen_features(
    material: Material, hashes: Sequence[str], *, symmetries: Sequence[int]
) -> list[Features]:
    """(N, D) of these cached patches for each symmetry; computed where the cache lacks them."""
    base = material.base
    runner = Runner(base.module, base.preprocessing, head_of(base.module), material.device)
    caches = []
    for symmetry in symmetries:
        view = f"symmetry-{symmetry}" if symmetry else ""
        key = feature_key(base.module, base.preprocessing, view)
        caches.append(FeatureCache(material.features_dir, key))
    total = len(set(hashes)) * len(caches)
    missing = [cache.missing(hashes) for cache in caches]
    done = total - sum(len(one) for one in missing)
    meter = ProgressMeter(material.emit, total, "features", done=done)
    for symmetry, cache, absent in zip(symmetries, caches, missing, strict=True):
        for start in range(0, len(absent), _SAVE_EVERY):
            part = absent[start : start + _SAVE_EVERY]
            cache.add(part, _embed(material, runner, part, symmetry, meter))
    return [cache.get(hashes) for cache in caches]


def _embed(
    material: Material,
    runner: Runner,
    hashes: Sequence[str],
    symmetry: int,
    meter: ProgressMeter,
) -> Features:
    embeddings = []
    start = 0
    while start < len(hashes):
        if material.should_stop():
            raise Cancelled
        part = hashes[start : start + runner.batch_size]
        squares = torch.from_numpy(np.stack([material.cache.array(digest) for digest in part]))
        turned = apply_symmetries(squares, torch.full((len(part),), symmetry))
        embeddings.append(runner.start(turned).arrays()[1])
        meter.advance(len(part))
        start += len(part)
    return np.concatenate(embeddings)


def _with_weights(module: nn.Module, head: LinearHead) -> nn.Module:
    """The module (one logit) with the head's numbers in its classifier."""
    layer = classifier(module)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(head.weight)[None])
        layer.bias.fill_(head.bias)
    return module.eval()
