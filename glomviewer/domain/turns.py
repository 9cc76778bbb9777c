"""The eight ways to lay a patch on the table: quarter turns and a mirror (the group D4)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

TURNS = 8
"""A turn is 0..7: `turn % 4` quarter turns clockwise, from 4 on mirrored left-right first;
0 leaves the patch as it is. The screen numbers them alike (ui/readings/turning.py)."""

_MIRRORED = 4


def turned(pixels: npt.NDArray[np.generic], turn: int) -> npt.NDArray[np.generic]:
    """Pixels (H, W, …) turned; (W, H, …) after an odd number of quarter turns. Contiguous.

    Raises:
        ValueError: there is no such turn.
    """
    _check(turn)
    laid = np.fliplr(pixels) if turn >= _MIRRORED else pixels
    return np.ascontiguousarray(np.rot90(laid, -(turn % _MIRRORED)))


def inverse_turn(turn: int) -> int:
    """The turn that undoes this one; each mirrored one undoes itself."""
    _check(turn)
    return turn if turn >= _MIRRORED else (_MIRRORED - turn) % _MIRRORED


def _check(turn: int) -> None:
    if not 0 <= turn < TURNS:
        raise ValueError(f"there is no turn {turn}; turns are 0 to {TURNS - 1}")
