"""Where every thumbnail of the grid lies: arithmetic only, so that a million cost nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

GAP = 8
MARGIN = 16
STRIP = 8
"""Height under a thumbnail for its probability bar."""


class Move(Enum):
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    PAGE_UP = "page up"
    PAGE_DOWN = "page down"
    HOME = "home"
    END = "end"


@dataclass(frozen=True, slots=True)
class CellRect:
    """A cell's place in the whole grid, in device-independent pixels from its top left corner."""

    x: int
    y: int
    side: int


@dataclass(frozen=True, slots=True)
class GridLayout:
    """`count` square cells of at least `wished` pixels, grown so that a row fills `width`."""

    count: int
    width: int
    wished: int
    columns: int = field(init=False)
    side: int = field(init=False)
    pitch: int = field(init=False)
    """From the top of one row to the top of the next."""

    def __post_init__(self) -> None:
        columns = max(1, (self.width - 2 * MARGIN + GAP) // (self.wished + GAP))
        room = self.width - 2 * MARGIN - (columns - 1) * GAP
        side = max(24, room // columns)
        # Asked for thousands of times a frame, so computed once.
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "side", side)
        object.__setattr__(self, "pitch", side + STRIP + GAP)

    @property
    def rows(self) -> int:
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        return 2 * MARGIN + self.rows * self.pitch - GAP if self.count else 0

    def cell(self, index: int) -> CellRect:
        row, column = divmod(index, self.columns)
        return CellRect(MARGIN + column * (self.side + GAP), MARGIN + row * self.pitch, self.side)

    def visible(self, top: int, height: int) -> range:
        """The cells of which a viewport from `top` shows any part."""
        if not self.count:
            return range(0)
        first = max(0, (top - MARGIN) // self.pitch)
        last = max(0, (top + height - MARGIN) // self.pitch)
        return range(
            min(self.count, first * self.columns), min(self.count, (last + 1) * self.columns)
        )

    def at(self, x: int, y: int) -> int | None:
        """The cell under a point, or None between cells."""
        column, in_column = divmod(x - MARGIN, self.side + GAP)
        row, in_row = divmod(y - MARGIN, self.pitch)
        inside = in_column < self.side and in_row < self.side + STRIP
        if not inside or not 0 <= column < self.columns or row < 0:
            return None
        index = row * self.columns + column
        return index if index < self.count else None

    def within(self, left: int, top: int, right: int, bottom: int) -> list[range]:
        """The cells that a rectangle touches, one run for each row."""
        first_column = max(0, -(-(left - MARGIN - self.side) // (self.side + GAP)))
        last_column = min(self.columns - 1, (right - MARGIN) // (self.side + GAP))
        first_row = max(0, -(-(top - MARGIN - self.side - STRIP) // self.pitch))
        last_row = min(self.rows - 1, (bottom - MARGIN) // self.pitch)
        if last_column < first_column:
            return []
        runs = []
        for row in range(first_row, last_row + 1):
            start = row * self.columns
            runs.append(
                range(
                    min(self.count, start + first_column),
                    min(self.count, start + last_column + 1),
                )
            )
        return runs

    def moved(self, index: int, move: Move, viewport_height: int) -> int:
        """Where the keyboard goes from `index`; it stays within the grid."""
        last = self.count - 1
        page = max(1, viewport_height // self.pitch) * self.columns
        step = {
            Move.LEFT: -1,
            Move.RIGHT: 1,
            Move.UP: -self.columns,
            Move.DOWN: self.columns,
            Move.PAGE_UP: -page,
            Move.PAGE_DOWN: page,
            Move.HOME: -index,
            Move.END: last - index,
        }[move]
        target = index + step
        if target < 0:
            return index % self.columns if move is Move.PAGE_UP else (index if step else 0)
        if target > last:
            below = index // self.columns < last // self.columns
            return last if below or move is Move.PAGE_DOWN else index
        return target

    def scroll_to(self, index: int, top: int, viewport_height: int) -> int:
        """The least scrolling that shows the whole cell, with what room there is for a margin
        around it; the top of one that is taller than the viewport."""
        y = self.cell(index).y
        highest = y - min(MARGIN, max(0, viewport_height - self.side - STRIP))
        lowest = y + self.pitch + GAP - viewport_height
        return min(highest, max(top, lowest))
