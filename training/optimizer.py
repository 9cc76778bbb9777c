"""The optimizer of a recipe, with layer decay, and its learning rate step by step."""

from __future__ import annotations

import torch
from timm.optim import (
    param_groups_layer_decay,  # pyright: ignore[reportPrivateImportUsage]
    param_groups_weight_decay,  # pyright: ignore[reportPrivateImportUsage]
)
from torch import nn

from training.recipe import FullRecipe
from training.schedule import rate_factor

# A fresh head has further to go than the backbone under it.
_HEAD_RATE = 10.0


def build_optimizer(module: nn.Module, recipe: FullRecipe) -> torch.optim.Optimizer:
    """Biases and norms are not decayed; each block learns slower than the one above it."""
    if recipe.layer_decay < 1.0:
        groups = param_groups_layer_decay(
            module, weight_decay=recipe.weight_decay, layer_decay=recipe.layer_decay
        )
    else:
        groups = param_groups_weight_decay(module, weight_decay=recipe.weight_decay)
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=recipe.learning_rate, momentum=0.9, nesterov=True)
    if recipe.optimizer == "adam":
        return torch.optim.Adam(groups, lr=recipe.learning_rate)
    return torch.optim.AdamW(groups, lr=recipe.learning_rate)


def set_rate(
    optimizer: torch.optim.Optimizer, recipe: FullRecipe, *, step: int, steps_per_epoch: int
) -> float:
    """Set the rate of `step`, counted over the whole run; returns the top group's rate."""
    head_steps = recipe.head_epochs * steps_per_epoch
    if step < head_steps:
        rate = recipe.learning_rate * _HEAD_RATE
    else:
        steps = recipe.epochs * steps_per_epoch - head_steps
        rate = recipe.learning_rate * rate_factor(
            step - head_steps,
            steps=steps,
            warmup=round(recipe.warmup_share * steps),
            cosine=recipe.cosine,
        )
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("lr_scale", 1.0)
    return rate
