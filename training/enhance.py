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

# Both filters' greatest answers to an image of 0 and 255, at which they are scaled to 8 bits.
_SOBEL_TOP = 4 * 255 * np.sqrt(2.0)
_SIGMA = 2.0
# A bright disc of radius sigma * sqrt(2) is what the Laplacian of a Gaussian answers most to;
# times sigma squared, the answer is 2 / e of its contrast, whatever sigma (Lindeberg 1998).
_LAPLACE_TOP = 255 * 2 / np.e
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
    dark nuclei dark, about 128 where nothing changes. At the border, pixels are repeated.
    """
    luma = np.asarray(Image.fromarray(pixels).convert("L"))
    values = luma.astype(np.float32)
    across = ndimage.sobel(values, axis=1, mode="nearest")
    down = ndimage.sobel(values, axis=0, mode="nearest")
    slope = np.hypot(across, down) * (255 / _SOBEL_TOP)
    curve = ndimage.gaussian_laplace(values, _SIGMA, mode="nearest")
    structure = 128 - curve * (_SIGMA**2 * 127 / _LAPLACE_TOP)
    channels = (values, slope, structure)
    return np.clip(np.round(np.stack(channels, axis=2)), 0, 255).astype(np.uint8)


def flat_edge_colour(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """What `edge_image` makes of an area of one colour, such as padding."""
    luma = Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))
    assert isinstance(luma, int)
    return (luma, *_FLAT)
