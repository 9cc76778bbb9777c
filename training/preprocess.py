"""From decoded pixels to a model's input: the same for training, evaluation and prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from training.config import Preprocessing
from training.decode import RgbArray

if TYPE_CHECKING:
    import torch

_FILTERS = {
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
}


def square(pixels: RgbArray, preprocessing: Preprocessing) -> RgbArray:
    """(H, W, 3) uint8 to (size, size, 3) uint8, C-contiguous; it may be cached.

    `pad` centres the patch on a square of the longer side before resizing; an odd pixel of
    padding goes to the right or the bottom. `stretch` resizes both sides regardless of aspect.
    """
    if preprocessing.fit == "pad":
        pixels = _padded(pixels, preprocessing.pad_colour)
    size = (preprocessing.size, preprocessing.size)
    if pixels.shape[:2] == size:
        return np.ascontiguousarray(pixels)
    resized = Image.fromarray(pixels).resize(size, _FILTERS[preprocessing.interpolation])
    return np.array(resized, order="C")


def _padded(pixels: RgbArray, colour: tuple[int, int, int]) -> RgbArray:
    height, width = pixels.shape[:2]
    if height == width:
        return pixels
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    padded = np.empty((side, side, 3), dtype=np.uint8)
    padded[:] = colour
    padded[top : top + height, left : left + width] = pixels
    return padded


def normalise(squares: torch.Tensor, preprocessing: Preprocessing) -> torch.Tensor:
    """(N, size, size, 3) uint8 to (N, 3, size, size) fp32 on the same device: (x/255-mean)/std.

    The result is in channels_last order, which costs nothing here.
    """
    import torch

    mean = torch.tensor(preprocessing.mean, dtype=torch.float32, device=squares.device)
    std = torch.tensor(preprocessing.std, dtype=torch.float32, device=squares.device)
    scaled = squares.to(torch.float32).mul_(1.0 / (255.0 * std)).sub_(mean / std)
    return scaled.permute(0, 3, 1, 2)
