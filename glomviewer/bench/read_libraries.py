"""A large library that several readers have read: real rows through the store, no pictures."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from glomviewer.bench.model_folders import write_model_folder
from glomviewer.store.adding import NewPatch
from glomviewer.store.library import Library
from glomviewer.store.schema import SCHEMA_VERSION

BUILDER_VERSION = 1
READERS = 5
PATCHES_PER_CASE = 20
DIFFER, CANNOT_TELL, UNREAD = 0.08, 0.02, 0.1
"""How often a reader calls a patch otherwise, can't tell, or has not read it."""


def read_library(patches: int, under: Path) -> Path:
    """The folder of a library of so many patches, called by `READERS` readers and a model;
    built where the last one can't be used again."""
    folder = (under / f"read-{patches}.glomlib").absolute()
    stamp = folder / "bench.json"
    made_by = {"builder": BUILDER_VERSION, "schema": SCHEMA_VERSION}
    try:
        if json.loads(stamp.read_text(encoding="utf-8")) == made_by:
            return folder
    except (OSError, ValueError):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    _build(folder, patches)
    stamp.write_text(json.dumps(made_by), encoding="utf-8")
    return folder


def _build(folder: Path, patches: int) -> None:
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
