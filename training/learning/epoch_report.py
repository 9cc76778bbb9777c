"""What an epoch is told as, and the hints that its curves give."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from training.curve_hints import hints
from training.events import Epoch, Note
from training.learning.epoch_figures import RunProgress, SplitFigures
from training.recipe import FullRecipe

_NOT_REMEMBERED = frozenset({"id", "time", "epochs"})
_REMEMBERED = frozenset(item.name for item in fields(Epoch)) - _NOT_REMEMBERED


def epoch_event(
    number: int,
    epochs: int,
    train: SplitFigures,
    validation: SplitFigures,
    *,
    rate: float,
    images_per_second: float,
    head_only: bool,
    best: bool,
) -> Epoch:
    """`number` counts from 1."""
    return Epoch(
        epoch=number,
        epochs=epochs,
        train_loss=train.loss,
        validation_loss=validation.loss,
        train_auc=train.auc,
        validation_auc=validation.auc,
        learning_rate=rate,
        images_per_second=images_per_second,
        stage="head" if head_only else "all",
        best=best,
        train_accuracy=train.accuracy,
        validation_accuracy=validation.accuracy,
        validation_called=validation.called,
    )


def remembered(event: Epoch) -> dict[str, Any]:
    """An epoch as a run's history keeps it, in checkpoints and in model.json."""
    return {key: value for key, value in asdict(event).items() if key in _REMEMBERED}


def fresh_hints(progress: RunProgress, recipe: FullRecipe) -> list[Note]:
    """What the curves show, each kind once a run; those given now count as told."""
    history = [
        Epoch(epochs=recipe.epochs, **{key: one[key] for key in _REMEMBERED if key in one})
        for one in progress.history
    ]
    found = [
        hint
        for hint in hints(history, causes=harder_training(recipe))
        if hint.kind not in progress.told
    ]
    progress.told.extend(hint.kind for hint in found)
    return [Note(hint.sentence, kind=hint.kind) for hint in found]


def harder_training(recipe: FullRecipe) -> list[str]:
    """What of a recipe makes training patches harder than validation patches, in words."""
    augmented = (
        *(recipe.colour_jitter, recipe.stain_jitter, recipe.rotation, recipe.shift),
        *(recipe.shear, recipe.zoom),
    )
    made = (
        ("augmentation", any(augmented)),
        ("mixup", recipe.mixup),
        ("dropout", recipe.dropout or recipe.drop_path),
        ("the balancing of the classes", recipe.balance != "none" or recipe.class_weight),
        ("smoothed labels", recipe.label_smoothing),
    )
    return [name for name, there in made if there]
