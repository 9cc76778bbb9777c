"""Logistic regression on the pixels of small squares: the baseline that a model has to beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from training.config import Architecture, Preprocessing
from training.events import Note
from training.learning.fitting import Fitted, Material
from training.learning.linear_head import LinearHead, fit_head
from training.learning.recipe_preprocessing import recipe_preprocessing
from training.models.base_weights import Base
from training.models.model import build_model, classifier, embed
from training.models.own_architectures import LOGISTIC
from training.patches.feature_cache import Features
from training.patches.preprocess import normalise
from training.patches.splitting import group_folds
from training.progress import Cancelled
from training.recipe import PixelRecipe

_AT_ONCE = 64


def pixel_base(recipe: PixelRecipe) -> Base:
    """An untrained logistic regression on squares as the recipe wants them, in 0..1."""
    plain = Preprocessing(mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    preprocessing = recipe_preprocessing(recipe, plain)
    architecture = Architecture(
        LOGISTIC, {"img_size": preprocessing.size, "side": recipe.side}, "logit"
    )
    return Base(
        module=build_model(architecture),
        architecture=architecture,
        preprocessing=preprocessing,
        source=f"{recipe.side} x {recipe.side} mean colours of {preprocessing.size} px",
    )


def fit_pixels(recipe: PixelRecipe, material: Material) -> Fitted:
    """Fit by scikit-learn, calibrated on predictions of patches that the fit had not seen.

    `material.base` is from `pixel_base`. Raises Cancelled and UserError.
    """
    base, rows = material.base, material.splits.tuned
    labels = np.array([row.label for row in rows], dtype=np.int8)
    folds = group_folds(rows, folds=recipe.folds, seed=material.seed)
    pixels = pixel_means(base.module, material, [row.hash for row in rows])
    fitted = fit_head(
        [pixels],
        labels,
        list(folds),
        strengths=recipe.strengths,
        balanced=recipe.class_weight == "balanced",
        should_stop=material.should_stop,
    )
    material.emit(Note(f"fitted on {len(rows)} patches, strength {fitted.strength:g}"))
    return Fitted(
        module=put_head(build_model(base.architecture), fitted.head),
        architecture=base.architecture,
        preprocessing=base.preprocessing,
        tuning_rows=rows,
        tuning_logits=fitted.out_of_fold,
        tuned_on="out-of-fold predictions pooled over the training and validation patches, in "
        f"{len(folds)} folds of whole groups",
        looks=len(recipe.strengths),
        record={
            "strength": fitted.strength,
            "folds": len(folds),
            "backbone_trained": False,
        },
    )


def pixel_means(module: nn.Module, material: Material, hashes: Sequence[str]) -> Features:
    """(N, 3 * side * side) of these cached patches, as the module itself sees them."""
    parts = []
    for start in range(0, len(hashes), _AT_ONCE):
        if material.should_stop():
            raise Cancelled
        part = hashes[start : start + _AT_ONCE]
        squares = torch.from_numpy(np.stack([material.cache.array(digest) for digest in part]))
        with torch.inference_mode():
            parts.append(embed(module, normalise(squares, material.base.preprocessing)).numpy())
    return np.concatenate(parts)


def put_head(module: nn.Module, head: LinearHead) -> nn.Module:
    """The module, of one logit, with the head's numbers in its classifier; in eval mode."""
    layer = classifier(module)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(head.weight)[None])
        layer.bias.fill_(head.bias)
    return module.eval()
