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

    def blended(self, values: torch.Tensor) -> torch.Tensor:
        """Images (B, 3, S, S), or labels (B,) as floats, which so become `batch_loss`'s targets."""
        share = self.share.to(values.device, non_blocking=True)
        partner = self.partner.to(values.device, non_blocking=True)
        weights = share.reshape(-1, *[1] * (values.dim() - 1))
        return torch.lerp(values[partner], values, weights)


def draw_mix(size: int, alpha: float, generator: torch.Generator) -> Mix:
    """Shares of 0.5 to 1 by Beta(alpha, alpha), folded so that a patch remains mostly itself."""
    seed = int(torch.randint(2**62, (), generator=generator))
    shares = np.random.default_rng(seed).beta(alpha, alpha, size)
    partner = torch.randperm(size, generator=generator)
    return Mix(torch.from_numpy(np.maximum(shares, 1.0 - shares)).float(), partner)
