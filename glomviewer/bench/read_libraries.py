"""A large library that several readers have read: real rows through the store, no pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from glomviewer.bench.libraries import BuiltLibrary, kept_library
from glomviewer.bench.model_folders import write_model_folder
from glomviewer.store.adding import NewPatch
from glomviewer.store.library import Library

READERS = 5
PATCHES_PER_CASE = 20
DIFFER, CANNOT_TELL, UNREAD = 0.08, 0.02, 0.1
"""How often a reader calls a patch otherwise, can't tell, or has not read it."""


def read_library(patches: int, under: Path) -> BuiltLibrary:
    """A library of so many patches, called by `READERS` readers and a model."""
    folder = under / f"read-{patches}.glomlib"
    return kept_library(folder, lambda folder: _build(folder, patches))


def _build(folder: Path, patches: int) -> BuiltLibrary:
    dice = np.random.default_rng(patches)
    ids = np.arange(1, patches + 1)
    truth = dice.random(patches) < 0.2
    with Library.create(folder) as library:
        library.add_patches(_rows(patches), root=folder.parent)
        card = write_model_folder(library.paths.model("drawn"), "drawn", 1)
        library.add_model(library.paths.model("drawn"), card)
        logits = np.where(truth, 2.0, -2.0) + dice.normal(0.0, 1.5, patches)
        rows = zip(ids.tolist(), logits.tolist(), strict=True)
        library.store_predictions("drawn", ((patch, logit, "") for patch, logit in rows))
        readers = [library.add_reader(f"Reader {one}", f"R{one}").id for one in range(READERS)]
        for reader in readers:
            called = np.where(dice.random(patches) < DIFFER, ~truth, truth).astype(np.int64)
            read = dice.random(patches) >= UNREAD
            unsure = read & (dice.random(patches) < CANNOT_TELL)
            sure = read & ~unsure
            labels = dict(zip(ids[sure].tolist(), called[sure].tolist(), strict=True))
            library.decide_many(reader=reader, labels=labels)
            library.decide(reader=reader, patches=ids[unsure].tolist(), label=2, detail="other")
    return BuiltLibrary(folder, patches, readers[0])


def _rows(patches: int) -> Iterator[NewPatch]:
    for number in range(1, patches + 1):
        digest = hashlib.sha256(f"read {number}".encode()).hexdigest()
        yield NewPatch(
            path=f"{number:07}.png",
            name=f"{number:07}.png",
            sha256=digest,
            pixel_hash=digest,
            width=700,
            height=700,
            case=f"C{(number - 1) // PATCHES_PER_CASE:05}",
        )
