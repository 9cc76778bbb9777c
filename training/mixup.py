"""Mixup (Zhang and others 2018): each patch of a batch is blended with another, labels likewise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch


@dataclass(frozen=True, slots=True)
class Mix:
    """Of each patch of a batch: `share` (B,) of itself that stays, and its `partner` (B,)."""

    share: torch.Tensor
    partner: torch.Tensor


def draw_mix(size: int, alpha: float, generator: torch.Generator) -> Mix:
    """Shares of 0.5 to 1 by Beta(alpha, alpha), folded so that a patch remains mostly itself."""
    seed = int(torch.randint(2**62, (), generator=generator))
    shares = np.random.default_rng(seed).beta(alpha, alpha, size)
    partner = torch.randperm(size, generator=generator)
    return Mix(torch.from_numpy(np.maximum(shares, 1.0 - shares)).float(), partner)


def mix_images(
    images: torch.Tensor, labels: torch.Tensor, alpha: float, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """(B, 3, S, S) blended and soft targets (B,) for `batch_loss`; as given, None where alpha is 0.

    What `prepare_images` has made goes in; a batch of one is blended with itself.
    """
    if not alpha:
        return images, None
    mix = draw_mix(len(images), alpha, generator)
    share = mix.share.to(images.device, non_blocking=True)
    partner = mix.partner.to(images.device, non_blocking=True)
    blended = torch.lerp(images[partner], images, share[:, None, None, None])
    ones = labels.to(images.dtype)
    return blended, torch.lerp(ones[partner], ones, share)
