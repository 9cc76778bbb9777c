"""From decoded pixels to a model's input: the same for training, evaluation and prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from training.config import Preprocessing
from training.decode import RgbArray
from training.patches.enhance import edge_image, enhanced_colours, flat_edge_colour

if TYPE_CHECKING:
    import torch

_FILTERS = {
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
}
# A square of this side takes 200 MB; which of resizing and padding comes first is a matter of
# rounding.
_PADDED_FIRST = 8192


def square(pixels: RgbArray, preprocessing: Preprocessing) -> RgbArray:
    """(H, W, 3) uint8 to (size, size, 3) uint8, C-contiguous; it may be cached.

    `pad` centres the patch on a square of the longer side before resizing; an odd pixel of
    padding goes to the right or the bottom. Beside the patch lies `pad_colour`, the nearest pixel
    of its border, or its reflection, repeated as by numpy's pad. `stretch` resizes both sides
    regardless of aspect. An enhancement sees the resized patch, and is padded after, as are
    patches so long that their square would not fit into memory.
    """
    if preprocessing.enhancement == "none" and max(pixels.shape[:2]) <= _PADDED_FIRST:
        if preprocessing.fit == "pad":
            pixels = _padded(pixels, preprocessing)
        return _resized(pixels, preprocessing.size, preprocessing.size, preprocessing)
    height, width = _scaled(pixels, preprocessing)
    resized = _resized(pixels, height, width, preprocessing)
    return np.ascontiguousarray(_padded(_enhanced(resized, preprocessing), preprocessing))


def padding_colour(preprocessing: Preprocessing) -> tuple[int, int, int]:
    """What lies beside a patch in its square where `pad_mode` is colour."""
    if preprocessing.enhancement == "edges":
        return flat_edge_colour(preprocessing.pad_colour)
    return preprocessing.pad_colour


def _enhanced(pixels: RgbArray, preprocessing: Preprocessing) -> RgbArray:
    if preprocessing.enhancement == "none":
        return pixels
    if preprocessing.enhancement == "edges":
        return edge_image(pixels)
    return enhanced_colours(pixels, saturation=preprocessing.saturation, hue=preprocessing.hue)


def _scaled(pixels: RgbArray, preprocessing: Preprocessing) -> tuple[int, int]:
    """Height and width of the patch within its square."""
    size = preprocessing.size
    if preprocessing.fit == "stretch":
        return size, size
    height, width = pixels.shape[:2]
    longer = max(height, width)
    return max(1, round(height * size / longer)), max(1, round(width * size / longer))


def _resized(pixels: RgbArray, height: int, width: int, preprocessing: Preprocessing) -> RgbArray:
    if pixels.shape[:2] == (height, width):
        return np.ascontiguousarray(pixels)
    filter_ = _FILTERS[preprocessing.interpolation]
    return np.array(Image.fromarray(pixels).resize((width, height), filter_), order="C")


def _padded(pixels: RgbArray, preprocessing: Preprocessing) -> RgbArray:
    height, width = pixels.shape[:2]
    if height == width:
        return pixels
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    if preprocessing.pad_mode != "colour":
        around = ((top, side - height - top), (left, side - width - left), (0, 0))
        return np.pad(pixels, around, mode=preprocessing.pad_mode)
    padded = np.empty((side, side, 3), dtype=np.uint8)
    padded[:] = padding_colour(preprocessing)
    padded[top : top + height, left : left + width] = pixels
    return padded


def normalise(squares: torch.Tensor, preprocessing: Preprocessing) -> torch.Tensor:
    """(N, size, size, 3), uint8 or float in 0..255, to (N, 3, size, size): (x/255-mean)/std.

    On the same device, fp32, in channels_last order, which costs nothing here.
    """
    import torch

    mean = torch.tensor(preprocessing.mean, dtype=torch.float32)
    std = torch.tensor(preprocessing.std, dtype=torch.float32)
    # Non-blocking, since a GPU would otherwise be waited for at every batch.
    factor = (1.0 / (255.0 * std)).to(squares.device, non_blocking=True)
    offset = (mean / std).to(squares.device, non_blocking=True)
    scaled = torch.empty(squares.shape, dtype=torch.float32, device=squares.device)
    scaled.copy_(squares).mul_(factor).sub_(offset)
    return scaled.permute(0, 3, 1, 2)
