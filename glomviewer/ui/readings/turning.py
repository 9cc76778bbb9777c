"""The eight ways to lay a picture: four quarter turns, and those of its mirror image.

The symmetries of the square (the dihedral group of order 8). `turn` 0 to 3 is so many quarter
turns clockwise; 4 to 7 the same after the picture was mirrored left to right.
"""

from __future__ import annotations

from PySide6.QtGui import QImage, QTransform

TURNS = 8
MIRROR = QTransform().scale(-1, 1)
QUARTERS = tuple(QTransform().rotate(90 * quarter) for quarter in range(4))


def turned(image: QImage, turn: int) -> QImage:
    """The image laid so, pixel for pixel; 0 shares its memory.

    Raises:
        ValueError: there is no such turn.
    """
    check_turn(turn)
    # One after the other: Qt has exact and fast ways for each, and none for both at once.
    laid = image.transformed(MIRROR) if turn >= 4 else image
    return laid.transformed(QUARTERS[turn % 4]) if turn % 4 else laid


def turned_size(size: tuple[int, int], turn: int) -> tuple[int, int]:
    """Width and height of a picture of this width and height after the turn."""
    check_turn(turn)
    return (size[1], size[0]) if turn % 2 else size


def check_turn(turn: int) -> None:
    if not 0 <= turn < TURNS:
        raise ValueError(f"A turn is a number from 0 to 7, not {turn}.")
