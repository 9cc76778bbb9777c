"""The loss of a batch: weighted cross-entropy or focal loss, smoothed labels, mixed labels."""

from __future__ import annotations

import torch
from torch.nn import functional

from training.config import Head
from training.recipe import FullRecipe


def batch_loss(
    raw: torch.Tensor,
    labels: torch.Tensor,
    soft_targets: torch.Tensor | None,
    head: Head,
    weights: torch.Tensor,
    recipe: FullRecipe,
) -> torch.Tensor:
    """The mean over the batch, a scalar; not over its weights, which so keep their meaning.

    `raw` (B, 2) of softmax or (B, 1) of a logit head, `labels` (B,) of 0 and 1, `weights` (2,) of
    the classes. `soft_targets` (B,) are shares of class 1 where patches were mixed, and then
    count instead of `labels`: the loss of each label is weighed by its share (mixup, Zhang 2018).
    """
    if soft_targets is None and recipe.loss == "cross-entropy":
        each = _cross_entropy(raw, labels, head, recipe.label_smoothing) * weights[labels]
        return each.mean()
    if_zero, if_one = _losses_by_label(raw, head, recipe)
    share = labels.to(raw.dtype) if soft_targets is None else soft_targets
    return ((1.0 - share) * weights[0] * if_zero + share * weights[1] * if_one).mean()


def _cross_entropy(
    raw: torch.Tensor, labels: torch.Tensor, head: Head, smoothing: float
) -> torch.Tensor:
    if head == "softmax":
        return functional.cross_entropy(raw, labels, reduction="none", label_smoothing=smoothing)
    targets = labels.float() * (1.0 - smoothing) + smoothing / 2
    return functional.binary_cross_entropy_with_logits(raw[:, 0], targets, reduction="none")


def _losses_by_label(
    raw: torch.Tensor, head: Head, recipe: FullRecipe
) -> tuple[torch.Tensor, torch.Tensor]:
    """(B,) each: what every patch would cost if it were of class 0, and of class 1."""
    logit = raw[:, 1] - raw[:, 0] if head == "softmax" else raw[:, 0]
    log_one, log_zero = functional.logsigmoid(logit), functional.logsigmoid(-logit)
    if_zero, if_one = -log_zero, -log_one
    if recipe.loss == "focal":
        # Lin and others 2017, "Focal loss for dense object detection", equation 5, (1 - p)^gamma
        # times the cross-entropy, with system A's alpha: it weighs sclerotic patches and leaves
        # the others at 1, where Lin has alpha and 1 - alpha. The power is taken of the logarithm,
        # since the slope of a power is infinite at 0 where gamma is below 1.
        if_zero = (recipe.focal_gamma * log_one).exp() * if_zero
        if_one = recipe.focal_alpha * (recipe.focal_gamma * log_zero).exp() * if_one
    smoothed = recipe.label_smoothing / 2 * (if_zero + if_one)
    kept = 1.0 - recipe.label_smoothing
    return kept * if_zero + smoothed, kept * if_one + smoothed
