"""The optimizer of a recipe, with layer decay, and its learning rate step by step."""

from __future__ import annotations

import torch
from timm.optim import (
    param_groups_layer_decay,  # pyright: ignore[reportPrivateImportUsage]
    param_groups_weight_decay,  # pyright: ignore[reportPrivateImportUsage]
)
from torch import nn

from training.learning.schedule import rate_factor
from training.recipe import FullRecipe

# A fresh head has further to go than the backbone under it.
_HEAD_RATE = 10.0


def build_optimizer(module: nn.Module, recipe: FullRecipe) -> torch.optim.Optimizer:
    """Biases and norms are not decayed; each block learns slower than the one above it.

    Parameters that need no gradient now are left out for good.
    """
    if recipe.layer_decay < 1.0:
        groups = param_groups_layer_decay(
            module, weight_decay=recipe.weight_decay, layer_decay=recipe.layer_decay
        )
    else:
        groups = param_groups_weight_decay(module, weight_decay=recipe.weight_decay)
    # One kernel for all weights; on a CPU the plain loop is kept, and with it its very bits.
    fused = True if next(module.parameters()).is_cuda else None
    rate, momentum = recipe.learning_rate, recipe.momentum
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(
            groups, lr=rate, momentum=momentum, nesterov=momentum > 0, fused=fused
        )
    if recipe.optimizer == "adam":
        return torch.optim.Adam(groups, lr=rate, fused=fused)
    return torch.optim.AdamW(groups, lr=rate, fused=fused)


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
