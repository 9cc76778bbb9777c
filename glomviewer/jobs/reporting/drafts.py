"""Several files that appear together or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from training import atomic


class Drafts:
    """Files of a folder under names of their own, until all of them are whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts: dict[str, Path] = {}

    @property
    def files(self) -> tuple[Path, ...]:
        """The files as they are called once they are whole, in the order of their making."""
        return tuple(self._folder / name for name in self._drafts)

    def write(self, name: str, data: bytes) -> None:
        self._new(name).write_bytes(data)

    @contextmanager
    def opened(self, name: str) -> Iterator[TextIO]:
        """A text file in UTF-8 with bare line feeds."""
        with self._new(name).open("w", encoding="utf-8", newline="") as file:
            yield file

    def _new(self, name: str) -> Path:
        draft = self._folder / f".{name}.{uuid.uuid4().hex}.part"
        self._drafts[name] = draft
        return draft

    def _take_their_places(self) -> None:
        for name, draft in self._drafts.items():
            atomic.replace(draft, self._folder / name)

    def _remove(self) -> None:
        for draft in self._drafts.values():
            draft.unlink(missing_ok=True)


@contextmanager
def drafts_in(folder: Path) -> Iterator[Drafts]:
    """What is written in the block takes its place when the block ends without an error."""
    folder.mkdir(parents=True, exist_ok=True)
    drafts = Drafts(folder)
    try:
        yield drafts
        drafts._take_their_places()
    finally:
        drafts._remove()
