"""What the reader has really had before his eyes: told to the log with every decision."""

from __future__ import annotations

from collections.abc import Iterable


class ScreenLog:
    """Patches that were painted, and those whose call of the model in view was painted."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._calls: set[int] = set()
        self._model = ""
        self._told: set[int] = set()

    def saw(self, patches: Iterable[int]) -> None:
        self._seen.update(patches)

    def saw_calls(self, model: str, patches: Iterable[int]) -> None:
        """Calls of another model were not seen, so its patches start anew."""
        if model != self._model:
            self._calls.clear()
            self._model = model
        self._calls.update(patches)

    def was_told(self, patches: Iterable[int]) -> None:
        """The reader knows these calls from elsewhere, of whichever model."""
        self._told.update(patches)

    def on_screen(self, patches: Iterable[int]) -> set[int]:
        return self._seen.intersection(patches)

    def call_shown(self, patch: int, model: str) -> bool:
        return patch in self._told or (model == self._model and patch in self._calls)
