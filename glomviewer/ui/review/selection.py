"""Which places of a list are selected: a mask, so that selecting a million is one gesture."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from glomviewer.domain.patch_table import IntArray, Mask


class Selection:
    """Places 0 to count - 1, with the place of the keyboard and the end that stays put."""

    def __init__(self, count: int = 0) -> None:
        self.reset(count)

    def reset(self, count: int) -> None:
        self._mask: Mask = np.zeros(count, dtype=np.bool_)
        self._count: int | None = 0
        self.current: int | None = None
        self.anchor: int | None = None

    def __len__(self) -> int:
        # Counting a million takes milliseconds, and every frame asks.
        if self._count is None:
            self._count = int(np.count_nonzero(self._mask))
        return self._count

    def __contains__(self, place: int) -> bool:
        return bool(self._mask[place])

    @property
    def places(self) -> IntArray:
        return np.flatnonzero(self._mask)

    def select_only(self, place: int) -> None:
        self._count = 1
        self._mask[:] = False
        self._mask[place] = True
        self.current = self.anchor = place

    def toggle(self, place: int) -> None:
        self._count = None
        self._mask[place] = not self._mask[place]
        self.current = self.anchor = place

    def extend_to(self, place: int, *, add: bool = False) -> None:
        """From the anchor to `place`, instead of or in addition to what is selected."""
        self._count = None
        anchor = self.anchor if self.anchor is not None else place
        if not add:
            self._mask[:] = False
        self._mask[min(anchor, place) : max(anchor, place) + 1] = True
        self.anchor = anchor
        self.current = place

    def select_runs(self, runs: Iterable[range], base: Mask | None = None) -> None:
        """Exactly these runs, and those of `base` too."""
        self._count = None
        if base is None:
            self._mask[:] = False
        else:
            self._mask[:] = base
        for run in runs:
            self._mask[run.start : run.stop] = True

    def select_all(self) -> None:
        self._count = None
        self._mask[:] = True
        if self.current is None and len(self._mask):
            self.current = self.anchor = 0

    def clear_to_current(self) -> None:
        """Only the place of the keyboard stays selected."""
        self._count = None
        self._mask[:] = False
        if self.current is not None:
            self._mask[self.current] = True
            self.anchor = self.current

    def snapshot(self) -> Mask:
        return self._mask.copy()
