"""What training shows of a batch of squares, on whatever device they lie.

What is done to a batch is drawn on the CPU, so that a run is the same on every device.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from training.augmentation.colours import Jitter, change_colours, draw_jitter
from training.augmentation.stain import StainJitter, draw_stain_jitter
from training.augmentation.warp import WarpLimits, apply_warps, draw_warps
from training.config import Preprocessing
from training.patches.preprocess import normalise, padding_colour
from training.recipe import FullRecipe

if TYPE_CHECKING:
    from training.patches.dataset import Plan

# The eight symmetries of a square as bits: 1 left-right, 2 upside down, 4 transposed.
SYMMETRIES = 8
# System A's copies of a sclerotic patch: flipped, turned by 180 degrees, and both.
COPIES = (1, 3, 2)
# How many of the eight codes a recipe draws from: mirrored left-right only, both
# flips and so the half turn, or all.
_DRAWN_CODES = {"none": 1, "mirror": 2, "flips": 4, "eight": SYMMETRIES}


def draw_symmetries(
    codes: torch.Tensor, recipe: FullRecipe, generator: torch.Generator
) -> torch.Tensor:
    """Codes in the shape of `codes`, drawn anew as the recipe says, else as they are."""
    count = _DRAWN_CODES[recipe.symmetries]
    return torch.randint(count, codes.shape, generator=generator) if count > 1 else codes


def apply_symmetries(squares: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """Turn and flip each of (N, S, S, 3) by its code 0..7, shape (N,); any dtype."""
    if squares.device.type == "cpu":
        return _turned_one_by_one(squares, codes)
    return _turned_at_once(squares, codes)


def _turned_at_once(squares: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """In few steps, for a GPU: there, starting one costs more than what it does."""
    codes = codes.to(squares.device, non_blocking=True)[:, None, None, None]
    squares = torch.where((codes & 1).bool(), squares.flip(2), squares)
    squares = torch.where((codes & 2).bool(), squares.flip(1), squares)
    return torch.where((codes & 4).bool(), squares.transpose(1, 2), squares)


def _turned_one_by_one(squares: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """With each pixel moved once or twice, for a CPU."""
    turned = torch.empty_like(squares, memory_format=torch.contiguous_format)
    for place, code in enumerate(codes.tolist()):
        axes = [axis for bit, axis in ((1, 1), (2, 0)) if code & bit]
        one = squares[place].flip(axes) if axes else squares[place]
        turned[place] = one.transpose(0, 1) if code & 4 else one
    return turned


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is done to the patches of a batch beside symmetries; None where a recipe has none."""

    warps: torch.Tensor | None
    stain: StainJitter | None
    colour: Jitter | None

    @property
    def nothing(self) -> bool:
        return self.warps is None and self.stain is None and self.colour is None

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
    if drawn.nothing:
        return normalise(squares, preprocessing)
    # Whole channels, one after another, are what warps and colour matrices are fast on.
    images = squares.permute(0, 3, 1, 2).to(
        torch.float32, memory_format=torch.contiguous_format, copy=True
    )
    if drawn.warps is not None:
        corners, colour = preprocessing.pad_mode, padding_colour(preprocessing)
        images = apply_warps(images, drawn.warps, corners=corners, colour=colour)
    if drawn.stain is not None or drawn.colour is not None:
        change_colours(images, drawn.stain, drawn.colour)
    return normalise(images.permute(0, 2, 3, 1), preprocessing)


def prepare_images(
    squares: torch.Tensor,
    plan: Plan,
    recipe: FullRecipe,
    preprocessing: Preprocessing,
    generator: torch.Generator,
) -> torch.Tensor:
    """Draw and apply: (B, S, S, 3) uint8 of `plan` to a model's input (B, 3, S, S) fp32.

    Mixup, which needs labels, comes after: see mixup.py.
    """
    return apply(squares, plan.codes, draw(len(squares), recipe, generator), preprocessing)
