"""Brightness and contrast of what is shown, as one lookup for all three channels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def tone_curve(brightness: int, contrast: int) -> NDArray[np.uint8]:
    """256 values for brightness and contrast from -100 to 100; 0 and 0 change nothing."""
    value = np.arange(256, dtype=np.float64)
    # Contrast turns about mid grey: from flat at -100 to three times as steep at 100.
    slope = 1.0 + contrast / 100.0 * (2.0 if contrast > 0 else 0.9)
    value = (value - 127.5) * slope + 127.5 + brightness * 1.28
    return np.clip(np.rint(value), 0, 255).astype(np.uint8)


def toned(image: QImage, curve: NDArray[np.uint8]) -> QImage:
    """A copy of an image with the curve applied to red, green and blue."""
    copy = image.convertToFormat(QImage.Format.Format_RGB888).copy()
    if copy.isNull():
        return copy
    pixels = np.frombuffer(copy.bits(), dtype=np.uint8)
    np.take(curve, pixels, out=pixels)
    return copy
