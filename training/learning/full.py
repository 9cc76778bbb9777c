"""The full way: every weight of a pretrained model is trained on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
from torch import nn

from training.config import Architecture, UserError
from training.events import Emit, Note
from training.learning.engine import Training, train
from training.learning.fitting import Fitted, Material
from training.learning.validation import score
from training.models.base_weights import Base, with_head
from training.models.model import build_model, load_state
from training.models.own_architectures import SIZED
from training.patches.dataset import PatchSet, training_set
from training.recipe import FullRecipe


def wanted_architecture(recipe: FullRecipe) -> Architecture:
    """What the recipe builds where its base does not say."""
    kwargs = dict(recipe.architecture_kwargs)
    if recipe.architecture in SIZED and recipe.size:
        kwargs.setdefault("img_size", recipe.size)
    return Architecture(recipe.architecture, kwargs, recipe.head)


def fit_full(recipe: FullRecipe, material: Material) -> Fitted:
    """Train on the training patches and stop early on validation; there, or on predictions out of
    inner folds, calibration and threshold are placed.

    Raises Cancelled and UserError.
    """
    base = _for_training(material, recipe)
    patches = training_set(material.splits.train, material.cache, recipe, seed=material.seed)
    if patches.note:
        material.emit(Note(patches.note))
    training = Training(
        module=base.module,
        head=base.architecture.head,
        preprocessing=base.preprocessing,
        recipe=recipe,
        train=patches.patches,
        validation=PatchSet.of(material.splits.validation, material.cache),
        device=material.device,
        seed=material.seed,
        checkpoints=material.checkpoints,
        emit=material.emit,
        should_stop=material.should_stop,
        should_finish=material.should_finish,
        team=material.team,
    )
    trained = train(training, resume=material.resume)
    module = build_model(base.architecture)
    load_state(module, trained.state, "the best epoch")
    material.emit(Note(f"best epoch {trained.best_epoch + 1} of {len(trained.history)}"))
    logits = score(
        module.to(material.device),
        training.head,
        training.preprocessing,
        training.validation,
        training,
        views=recipe.views,
    )
    return Fitted(
        module=module.cpu(),
        architecture=base.architecture,
        preprocessing=base.preprocessing,
        tuning_rows=material.splits.validation,
        tuning_logits=np.asarray(logits, dtype=np.float64),
        tuned_on="validation patches, which also chose the epoch",
        looks=len(trained.history),
        views=recipe.views,
        record={
            "best_epoch": trained.best_epoch + 1,
            "history": trained.history,
            "backbone_trained": True,
            "processes": material.team.size,
        },
    )


def _for_training(material: Material, recipe: FullRecipe) -> Base:
    """The base with dropout, and a fresh head unless its own learnt with its backbone.

    A head that was fitted on frozen features has seen the validation patches too.
    """
    base = material.base
    if not material.backbone_trained:
        base = with_head(base, replace(base.architecture, head=recipe.head))
    module = _with_dropout(base.architecture, recipe, material.emit)
    load_state(module, base.module.state_dict(), base.source)
    return replace(base, module=module)


def _with_dropout(architecture: Architecture, recipe: FullRecipe, emit: Emit) -> nn.Module:
    """Rates of 0 are said too, since some architectures drop paths unless they are told not to.

    UserError where the recipe wants dropout before a head that has none.
    """
    dropout = {"drop_rate": recipe.dropout}
    for known in ({**dropout, "drop_path_rate": recipe.drop_path}, dropout):
        with suppress(UserError):
            module = build_model(architecture, **known)
            if recipe.drop_path and known is dropout:
                emit(Note(f"{architecture.name} has no paths to drop: drop_path does nothing"))
            return module
    # What is wrong with the architecture itself is told here, once.
    module = build_model(architecture)
    if recipe.dropout:
        raise UserError(f"{architecture.name} knows no dropout: set the recipe's dropout to 0.")
    return module
