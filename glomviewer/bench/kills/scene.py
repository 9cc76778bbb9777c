"""The library that victims write to, and the pictures that they import."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from glomviewer.bench.kills.elsewhere import Elsewhere
from glomviewer.bench.kills.messages import Order, Work
from glomviewer.bench.kills.victim import BULK
from glomviewer.bench.model_folders import write_model_folder
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.drawn import DrawnPatch, draw_fast, write_patch
from glomviewer.store.importing import run_import
from glomviewer.store.library import Library
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source

PICTURE_SIDE = 48
PICTURES = 16
"""Pictures of one import."""
_CLASSES = {0: "non_globally_sclerotic", 1: "globally_sclerotic"}


@dataclass(slots=True)
class Scene:
    """A library with patches, a reader and two models, below a folder of its own."""

    folder: Path
    seed: int
    reader: int = 0
    second: int = 0
    """Who reads in the reading."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _drawn: Iterator[DrawnPatch] = field(init=False)
    _elsewhere: Elsewhere = field(init=False)

    def __post_init__(self) -> None:
        self._drawn = draw_fast(10_000_000, seed=self.seed, size=PICTURE_SIDE, pool=8)

    @property
    def library(self) -> Path:
        return self.folder / "kills.glomlib"

    def build(self) -> None:
        """Make the library with a little more than a bulk gesture of patches, and two models."""
        source = self._write_pictures(BULK + 20)
        with Library.create(self.library) as library:
            read = read_source(source)
            run_import(library, make_plan(read, label_set=library.label_set))
            self.reader = library.add_reader("A reader", "AR").id
            self.second = library.add_reader("Second reader", "SR").id
            third = library.add_reader("Third reader", "TR").id
            for version in (1, 2):
                model = f"drawn-{version}"
                card = write_model_folder(library.paths.model(model), model, version)
                library.add_model(library.paths.model(model), card)
            library.create_reading(
                name="Kills",
                patches=library.load_table(None).ids[BULK:].tolist(),
                protocol=Protocol(independent=False, reveal=Reveal.NEVER, repeats=0.1, needed=1),
                readers=[self.second],
                seed=self.seed,
            )
        self._elsewhere = Elsewhere(self.folder / "elsewhere", third)
        self._elsewhere.copy(self.library)

    def order(self, work: Work, seed: int) -> Order:
        """What a victim is to do, with all that it needs for it."""
        reader = self.second if work is Work.READ else self.reader
        if work is Work.MERGE:
            file, origin, acts = self._elsewhere.label_and_send()
            return Order(work, str(self.library), reader, seed, str(file), origin, acts)
        return Order(work, str(self.library), reader, seed, self.source_for(work))

    def source_for(self, work: Work) -> str:
        """A folder of pictures that the library doesn't have, for work that imports."""
        if work not in (Work.IMPORT, Work.COPY_IN):
            return ""
        return str(self._write_pictures(PICTURES))

    def _write_pictures(self, count: int) -> Path:
        folder = self.folder / "pictures" / f"{next(self._numbers):04}"
        for name in _CLASSES.values():
            (folder / name).mkdir(parents=True)
        for patch in itertools.islice(self._drawn, count):
            write_patch(folder / _CLASSES[patch.label or 0] / patch.name, patch)
        (folder / "truth.json").write_text(json.dumps({"pictures": count}), encoding="utf-8")
        return folder
