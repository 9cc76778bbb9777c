"""Which model's calls this reader has been told, here or elsewhere, in this session."""

from __future__ import annotations

from collections.abc import Callable


class ToldCalls:
    """What has been told stays told; hiding it again only takes it off the screen."""

    def __init__(self) -> None:
        self._told: set[tuple[int | None, int]] = set()
        self._shown: set[int] = set()
        self._elsewhere: Callable[[int], bool] = lambda _patch: False

    def ask_elsewhere(self, knows: Callable[[int], bool]) -> None:
        """Who else knows whether the call of a patch has been before the reader's eyes."""
        self._elsewhere = knows

    def tell(self, reader: int | None, patch: int) -> None:
        self._told.add((reader, patch))
        self._shown.add(patch)

    def hide(self, patch: int) -> None:
        self._shown.discard(patch)

    def hide_all(self) -> None:
        self._shown.clear()

    def is_shown(self, patch: int) -> bool:
        return patch in self._shown

    def is_known(self, reader: int | None, patch: int) -> bool:
        return (reader, patch) in self._told or self._elsewhere(patch)
