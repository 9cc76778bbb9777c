"""What training shows of a batch of squares, on whatever device they lie.

What is done to a batch is drawn on the CPU, so that a run is the same on every device.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from training.config import Preprocessing
from training.preprocess import normalise, padding_colour
from training.recipe import FullRecipe
from training.stain import StainJitter, apply_stain_jitter, draw_stain_jitter
from training.warp import WarpLimits, apply_warps, draw_warps

if TYPE_CHECKING:
    from training.dataset import Plan

# The eight symmetries of a square as bits: 1 left-right, 2 upside down, 4 transposed.
SYMMETRIES = 8
# System A's copies of a sclerotic patch: flipped, turned by 180 degrees, and both.
COPIES = (1, 3, 2)
# How many of the eight codes a recipe draws from: mirrored left-right only, both
# flips and so the half turn, or all.
_DRAWN_CODES = {"none": 1, "mirror": 2, "flips": 4, "eight": SYMMETRIES}
# Rec. 601 luma, the grey that saturation is measured from.
_LUMA = (0.299, 0.587, 0.114)


def draw_symmetries(
    codes: torch.Tensor, recipe: FullRecipe, generator: torch.Generator
) -> torch.Tensor:
    """Codes in the shape of `codes`, drawn anew as the recipe says, else as they are."""
    count = _DRAWN_CODES[recipe.symmetries]
    return torch.randint(count, codes.shape, generator=generator) if count > 1 else codes


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

    def __getitem__(self, part: slice) -> Jitter:
        return Jitter(
            self.stain[part], self.brightness[part], self.contrast[part], self.saturation[part]
        )


def draw_jitter(size: int, amount: float, generator: torch.Generator) -> Jitter:
    """Uniform factors in 1-amount..1+amount for `size` patches."""

    def factors(*shape: int) -> torch.Tensor:
        return 1.0 + amount * (2.0 * torch.rand(*shape, generator=generator) - 1.0)

    return Jitter(factors(size, 3), factors(size), factors(size), factors(size))


def apply_jitter(squares: torch.Tensor, jitter: Jitter) -> torch.Tensor:
    """(N, S, S, 3) in 0..255, uint8 or float, to fp32 in 0..255 on the same device.

    The stain's factor scales optical density a channel (Beer and Lambert), which is a power of
    the transmitted light: the white of the background stays white.
    """

    def on_device(factors: torch.Tensor) -> torch.Tensor:
        return factors.to(squares.device, non_blocking=True).reshape(len(squares), 1, 1, -1)

    light = (squares.to(torch.float32) / 255.0).clamp_(min=1 / 255)
    light = light.pow(on_device(jitter.stain)) * on_device(jitter.brightness)
    middle = light.mean(dim=(1, 2, 3), keepdim=True)
    light = middle + (light - middle) * on_device(jitter.contrast)
    grey = (light * torch.tensor(_LUMA, device=light.device)).sum(dim=3, keepdim=True)
    light = grey + (light - grey) * on_device(jitter.saturation)
    return light.clamp_(0.0, 1.0) * 255.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is done to the patches of a batch beside symmetries; None where a recipe has none."""

    warps: torch.Tensor | None
    stain: StainJitter | None
    colour: Jitter | None

    def __getitem__(self, part: slice) -> Drawn:
        """The same for some patches of the batch, such as those of one of several GPUs."""
        return Drawn(
            None if self.warps is None else self.warps[part],
            None if self.stain is None else self.stain[part],
            None if self.colour is None else self.colour[part],
        )


def draw(size: int, recipe: FullRecipe, generator: torch.Generator) -> Drawn:
    """Draw for a batch of `size` patches, always in the same order."""
    limits = WarpLimits(recipe.rotation, recipe.shift, recipe.shear, recipe.zoom)
    warps = draw_warps(size, limits, generator) if limits else None
    stained = recipe.stain_jitter
    stain = draw_stain_jitter(size, stained, generator) if stained else None
    amount = recipe.colour_jitter
    colour = draw_jitter(size, amount, generator) if amount else None
    return Drawn(warps, stain, colour)


def apply(
    squares: torch.Tensor, codes: torch.Tensor, drawn: Drawn, preprocessing: Preprocessing
) -> torch.Tensor:
    """(B, S, S, 3) uint8 and symmetry codes (B,) to augmented, normalised (B, 3, S, S) fp32.

    Warps come before colours, so that corners are changed as the padding beside them is.
    """
    squares = apply_symmetries(squares, codes)
    if drawn.warps is not None:
        squares = apply_warps(
            squares,
            drawn.warps,
            corners=preprocessing.pad_mode,
            colour=padding_colour(preprocessing),
        )
    if drawn.stain is not None:
        squares = apply_stain_jitter(squares, drawn.stain)
    if drawn.colour is not None:
        squares = apply_jitter(squares, drawn.colour)
    return normalise(squares, preprocessing)


def prepare_images(
    squares: torch.Tensor,
    plan: Plan,
    recipe: FullRecipe,
    preprocessing: Preprocessing,
    generator: torch.Generator,
) -> torch.Tensor:
    """Draw and apply: (B, S, S, 3) uint8 of `plan` to a model's input (B, 3, S, S) fp32.

    Mixup, which needs labels, comes after: `mixup.mix_images`.
    """
    return apply(squares, plan.codes, draw(len(squares), recipe, generator), preprocessing)
