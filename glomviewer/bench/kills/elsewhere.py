"""Another machine with a copy of the library, whose labels are merged at home."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from glomviewer.bench.kills.victim import BULK
from glomviewer.paths import installation_in
from glomviewer.store.library import Library

GESTURES = 8
"""Gestures over many patches that one merge brings; enough that some victims die within it."""


@dataclass(slots=True)
class Elsewhere:
    """The machine whose settings and library lie in this folder."""

    folder: Path
    reader: int
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def library(self) -> Path:
        return self.folder / "copy.glomlib"

    def copy(self, library: Path) -> None:
        """Take along a library that is closed."""
        self.folder.mkdir(parents=True)
        shutil.copytree(library, self.library)

    def label_and_send(self) -> tuple[Path, str, int]:
        """Decide something new and write all of it into a file; with it come the name of this
        machine's log and its length in the file."""
        number = next(self._numbers)
        target = self.folder / f"{number:04}.glomlabels"
        with (
            installation_in(self.folder / "settings"),
            Library.open(self.library, backup=False) as library,
        ):
            for gesture in range(GESTURES):
                label = (number + gesture) % 2
                library.decide(
                    reader=self.reader, patches=range(1, BULK + 1), label=label, on_screen=()
                )
            origin = library.origin
            acts = next(head.sequence for head in library.heads() if head.origin == origin)
            library.export_labels(target=target)
        return target, origin, acts
