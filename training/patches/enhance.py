"""Enhanced colours and edge images of system D; pure functions on (H, W, 3) uint8 RGB.

They see tissue alone, at the size that the model sees: a square is padded after them, so that
its padding neither takes part in the histogram nor shows an edge where it begins.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from training.decode import RgbArray

_SIGMA = 2.0
# Times sigma squared, the Laplacian of a Gaussian answers alike to spots of all sizes (Lindeberg
# 1998); doubled, the nuclei of a usual patch take up a good part of eight bits.
_STRUCTURE_GAIN = 2.0
# Where nothing changes, the signed third channel is in the middle of its range.
_FLAT = (0, 128)


def enhanced_colours(pixels: RgbArray, *, saturation: float, hue: float) -> RgbArray:
    """Histogram-equalised luma (Rec. 601), HSV saturation times `saturation`, hue turned.

    `hue` is in turns, -0.5 to 0.5, as in TensorFlow's and torchvision's adjust_hue.
    """
    luma, blue, red = Image.fromarray(pixels).convert("YCbCr").split()
    luma = luma.point(_equalising(luma).tolist())
    equal = Image.merge("YCbCr", (luma, blue, red)).convert("RGB")
    turn, strength, value = equal.convert("HSV").split()
    levels = np.arange(256)
    turned = np.round(levels + 256 * hue).astype(np.int64) % 256
    stronger = np.clip(np.round(levels * saturation), 0, 255).astype(np.int64)
    turn, strength = turn.point(turned.tolist()), strength.point(stronger.tolist())
    return np.array(Image.merge("HSV", (turn, strength, value)).convert("RGB"), order="C")


def _equalising(image: Image.Image) -> npt.NDArray[np.int64]:
    """What each of 256 levels becomes: the share of pixels below it, as OpenCV's equalizeHist.

    Pillow's own steps are of whole pixels, which is coarse in small images.
    """
    below = np.cumsum(image.histogram())
    darkest = below[below > 0][0]
    if darkest == below[-1]:
        return np.arange(256)
    shares = np.maximum(below - darkest, 0) / (below[-1] - darkest)
    return np.round(255 * shares).astype(np.int64)


def edge_image(pixels: RgbArray) -> RgbArray:
    """Luma, the magnitude of its Sobel gradient, and its structure, as three channels.

    Structure is the Laplacian of a Gaussian (2 px), negated so that bright spots are bright and
    dark nuclei dark, about 128 where nothing changes. What exceeds eight bits, as edges of full
    contrast do, is clipped. At the border, pixels are repeated.
    """
    luma = np.asarray(Image.fromarray(pixels).convert("L"))
    values = luma.astype(np.float32)
    across = ndimage.sobel(values, axis=1, mode="nearest")
    down = ndimage.sobel(values, axis=0, mode="nearest")
    slope = np.hypot(across, down)
    curve = ndimage.gaussian_laplace(values, _SIGMA, mode="nearest")
    structure = 128 - curve * (_SIGMA**2 * _STRUCTURE_GAIN)
    channels = (values, slope, structure)
    return np.clip(np.round(np.stack(channels, axis=2)), 0, 255).astype(np.uint8)


def flat_edge_colour(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """What `edge_image` makes of an area of one colour, such as padding."""
    luma = Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))
    assert isinstance(luma, int)
    return (luma, *_FLAT)
