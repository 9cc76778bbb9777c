"""Perceptual hashes of patches, read once: an .npy of rows, with pixel hashes beside in order.

    FOLDER/perceptual.npy    (N, 8, 4) uint64
    FOLDER/perceptual.txt    one pixel hash a line
Both may be deleted at any time.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from training import atomic
from training.leakage.near_duplicates import Hashes

_NAME = "perceptual"


def read_kept(folder: Path) -> dict[str, Hashes]:
    """By pixel hash; empty where there is none, or it is damaged: then it is made anew."""
    array, index = folder / f"{_NAME}.npy", folder / f"{_NAME}.txt"
    try:
        rows = np.load(array, allow_pickle=False)
        names = index.read_text(encoding="ascii").split()
    except (OSError, ValueError, EOFError):
        return {}
    if rows.dtype != np.uint64 or rows.shape[1:] != (8, 4):
        return {}
    return dict(zip(names, rows, strict=False))


def keep(folder: Path, hashes: Mapping[str, Hashes]) -> None:
    """Write all of `hashes`, by pixel hash."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.save(buffer, np.stack(list(hashes.values())), allow_pickle=False)
    # The names last: rows without one are not counted.
    atomic.write_bytes(folder / f"{_NAME}.npy", buffer.getvalue())
    atomic.write_text(folder / f"{_NAME}.txt", "".join(f"{digest}\n" for digest in hashes))
