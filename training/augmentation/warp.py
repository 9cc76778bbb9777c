"""Rotation, shift, shear and zoom of a batch in one resampling, drawn on the CPU."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch.nn import functional

Corners = Literal["colour", "edge", "reflect"]
_PADDING_MODES: dict[Corners, str] = {"colour": "zeros", "edge": "border", "reflect": "reflection"}


@dataclass(frozen=True, slots=True)
class WarpLimits:
    """Largest change either way: degrees, share of the side, degrees, share of the size."""

    rotation: float = 0.0
    shift: float = 0.0
    shear: float = 0.0
    zoom: float = 0.0

    def __bool__(self) -> bool:
        return any((self.rotation, self.shift, self.shear, self.zoom))


def draw_warps(size: int, limits: WarpLimits, generator: torch.Generator) -> torch.Tensor:
    """(size, 2, 3) fp32, uniform within the limits: output to input coordinates in -1..1."""
    drawn = 2.0 * torch.rand(5, size, generator=generator, dtype=torch.float64) - 1.0
    angle, shear = (math.radians(one) for one in (limits.rotation, limits.shear))
    turn, slant = drawn[0] * angle, drawn[1] * shear
    zoom = 1.0 / (1.0 + limits.zoom * drawn[2])
    cosine, sine, slope = turn.cos(), turn.sin(), slant.tan()
    # A share of the side is twice that in coordinates from -1 to 1.
    across, down = 2.0 * limits.shift * drawn[3], 2.0 * limits.shift * drawn[4]
    rows = [
        torch.stack([cosine * zoom, (cosine * slope - sine) * zoom, across], dim=1),
        torch.stack([sine * zoom, (sine * slope + cosine) * zoom, down], dim=1),
    ]
    return torch.stack(rows, dim=1).float()


def apply_warps(
    images: torch.Tensor,
    warps: torch.Tensor,
    *,
    corners: Corners,
    colour: tuple[int, int, int],
) -> torch.Tensor:
    """(N, 3, S, S) fp32 in 0..255 to the same, bilinear; `images` may be changed too.

    What comes from outside the square is `colour`, the nearest border pixel, or mirrored.
    """
    fill = torch.tensor(colour, dtype=torch.float32)[:, None, None]
    fill = fill.to(images.device, non_blocking=True)
    # The sampler only knows zeros outside, so the colour is made zero meanwhile.
    outside = corners == "colour" and any(colour)
    images = images.sub_(fill) if outside else images
    grid = functional.affine_grid(
        warps.to(images.device, non_blocking=True), list(images.shape), align_corners=False
    )
    warped = functional.grid_sample(
        images, grid, mode="bilinear", padding_mode=_PADDING_MODES[corners], align_corners=False
    )
    return warped.add_(fill) if outside else warped
