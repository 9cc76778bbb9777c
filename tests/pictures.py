"""Small image files for tests that read them."""

from pathlib import Path

import numpy as np
from PIL import Image


def pixels(seed: int) -> np.ndarray:
    """Coarse coloured noise (48, 40, 3) that no other seed has."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 5, 3), dtype=np.uint8)
    return np.kron(small, np.ones((8, 8, 1), dtype=np.uint8))


def write_picture(path: Path, seed: int = 0) -> Path:
    """Write one in the format of its suffix, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels(seed)).save(path)
    return path
