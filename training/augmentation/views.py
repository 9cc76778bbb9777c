"""A prediction as the mean over the eight ways to turn and flip a square."""

from __future__ import annotations

from collections.abc import Callable

import torch

from training.augmentation.augment import SYMMETRIES
from training.config import UserError

VIEWS = (1, SYMMETRIES)


def check_views(views: int) -> int:
    if views not in VIEWS:
        raise UserError(f"views is {views}; it should be 1 or {SYMMETRIES}.")
    return views


def turned(squares: torch.Tensor, code: int) -> torch.Tensor:
    """All of (N, S, S, 3) by one code 0..7, as `augment.apply_symmetries` does by one each."""
    if code & 1:
        squares = squares.flip(2)
    if code & 2:
        squares = squares.flip(1)
    return squares.transpose(1, 2) if code & 4 else squares


def mean_over_views(
    squares: torch.Tensor, views: int, compute: Callable[[torch.Tensor], torch.Tensor]
) -> torch.Tensor:
    """The mean of `compute` over the first `views` symmetries of the squares, in its own type.

    One view after another, so that it takes no more memory than one.
    """
    total = compute(squares)
    for code in range(1, views):
        total = total + compute(turned(squares, code))
    return total / views if views > 1 else total
