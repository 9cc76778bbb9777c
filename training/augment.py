"""Turns, flips and colour jitter on whole batches, on whatever device they lie.

What is done to a batch is drawn on the CPU, so that a run is the same on every device.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

# The eight symmetries of a square as bits: 1 left-right, 2 upside down, 4 transposed.
SYMMETRIES = 8
# System A's copies of a sclerotic patch: flipped, turned by 180 degrees, and both.
COPIES = (1, 3, 2)
# Rec. 601 luma, the grey that saturation is measured from.
_LUMA = (0.299, 0.587, 0.114)


def apply_symmetries(squares: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """Turn and flip each of (N, S, S, 3) by its code 0..7, shape (N,); any dtype."""
    codes = codes.to(squares.device)[:, None, None, None]
    squares = torch.where((codes & 1).bool(), squares.flip(2), squares)
    squares = torch.where((codes & 2).bool(), squares.flip(1), squares)
    return torch.where((codes & 4).bool(), squares.transpose(1, 2), squares)


@dataclass(frozen=True, slots=True)
class Jitter:
    """Factors for a batch, all near 1: stain (N, 3), brightness, contrast, saturation (N,)."""

    stain: torch.Tensor
    brightness: torch.Tensor
    contrast: torch.Tensor
    saturation: torch.Tensor


def draw_jitter(size: int, amount: float, generator: torch.Generator) -> Jitter:
    """Uniform factors in 1-amount..1+amount for `size` patches."""

    def factors(*shape: int) -> torch.Tensor:
        return 1.0 + amount * (2.0 * torch.rand(*shape, generator=generator) - 1.0)

    return Jitter(factors(size, 3), factors(size), factors(size), factors(size))


def apply_jitter(squares: torch.Tensor, jitter: Jitter) -> torch.Tensor:
    """(N, S, S, 3) uint8 to fp32 in 0..255 on the same device.

    The stain's factor scales optical density a channel (Beer and Lambert), which is a power of
    the transmitted light: the white of the background stays white.
    """

    def on_device(factors: torch.Tensor) -> torch.Tensor:
        return factors.to(squares.device).reshape(len(squares), 1, 1, -1)

    light = (squares.to(torch.float32) / 255.0).clamp_(min=1 / 255)
    light = light.pow(on_device(jitter.stain)) * on_device(jitter.brightness)
    middle = light.mean(dim=(1, 2, 3), keepdim=True)
    light = middle + (light - middle) * on_device(jitter.contrast)
    grey = (light * torch.tensor(_LUMA, device=light.device)).sum(dim=3, keepdim=True)
    light = grey + (light - grey) * on_device(jitter.saturation)
    return light.clamp_(0.0, 1.0) * 255.0
