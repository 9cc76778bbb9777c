"""Large libraries made quickly: real rows through the store, pictures shared by many patches."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from glomviewer.bench.model_folders import write_model_folder
from glomviewer.bench.pictures import HEIGHT, WIDTH, picture_pool, shared_path
from glomviewer.store.adding import NewPatch
from glomviewer.store.library import Library
from glomviewer.store.schema import SCHEMA_VERSION
from glomviewer.store.thumbnails import Thumbnails, make_thumbnail
from training.decode import decode

BUILDER_VERSION = 2
PATCHES_PER_SLIDE = 12
SLIDES_PER_CASE = 2
THUMBNAILS = 6_000
"""Rows at the beginning whose thumbnails are in the cache; those of pages are added."""


@dataclass(frozen=True, slots=True)
class BuiltLibrary:
    """A synthetic library and the reader in it. `folder` is absolute."""

    folder: Path
    patches: int
    reader: int


def synthetic_library(patches: int, under: Path, purpose: str = "") -> BuiltLibrary:
    """A library of so many patches, built where the last one can't be used again.

    Two in three patches are labelled; all are predicted, by an active model and by the one before
    it, so that the window has nothing to predict; a twentieth has been decided on by the reader.
    One with a `purpose` is apart from the others of its size.
    """
    name = f"synthetic-{patches}{purpose and '-'}{purpose}"
    return kept_library(
        under / f"{name}.glomlib", lambda folder: _build(folder, patches, under / "pool")
    )


def kept_library(folder: Path, build: Callable[[Path], BuiltLibrary]) -> BuiltLibrary:
    """What `build` makes at this place, or made there before with this version of it all."""
    folder = folder.absolute()
    stamp = folder / "bench.json"
    made_by = {"builder": BUILDER_VERSION, "schema": SCHEMA_VERSION}
    try:
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if known.pop("made_by") == made_by:
            return BuiltLibrary(folder, known["patches"], known["reader"])
    except (OSError, ValueError, KeyError):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    built = build(folder)
    facts = asdict(built) | {"folder": folder.name, "made_by": made_by}
    stamp.write_text(json.dumps(facts), encoding="utf-8")
    return built


def _build(folder: Path, patches: int, pool: Path) -> BuiltLibrary:
    files = picture_pool(pool)
    dice = np.random.default_rng(patches)
    with Library.create(folder) as library:
        library.add_patches(synthetic_rows(patches, files), root=pool.absolute())
        library.assign_splits()
        reader = library.add_reader("A reader", "AR").id
        ids = np.arange(1, patches + 1)
        logits = dice.normal(-1.5, 2.5, patches)
        for version in (1, 2):
            model = f"drawn-{version}"
            card = write_model_folder(library.paths.model(model), model, version)
            library.add_model(library.paths.model(model), card)
            shifted = logits + dice.normal(0.0, 0.3, patches)
            rows = zip(ids.tolist(), shifted.tolist(), strict=True)
            library.store_predictions(model, ((patch, logit, "") for patch, logit in rows))
        library.promote("drawn-2", reader=reader)
        decided = dice.permutation(ids)[: min(patches // 20, 20_000)]
        for label, part in enumerate(np.array_split(decided, 3)):
            library.decide(reader=reader, patches=part.tolist(), label=label)
        keep_thumbnails(library, files, range(1, min(patches, THUMBNAILS) + 1))
    return BuiltLibrary(folder, patches, reader)


def keep_thumbnails(library: Library, files: list[Path], patches: range | list[int]) -> None:
    """Put the thumbnails of these patches into the cache, as an import leaves them there."""
    jpegs = [make_thumbnail(decode(file.read_bytes())) for file in files]
    with Thumbnails(library.paths.thumbnails) as thumbnails:
        thumbnails.put_many((_hash(patch), jpegs[(patch - 1) % len(jpegs)]) for patch in patches)


def synthetic_rows(patches: int, files: list[Path]) -> Iterator[NewPatch]:
    """Patches with names, cases and labels; pictures are shared."""
    for number in range(1, patches + 1):
        file = files[(number - 1) % len(files)].name
        slide = (number - 1) // PATCHES_PER_SLIDE
        case = f"C{slide // SLIDES_PER_CASE:05}"
        digest = _hash(number)
        yield NewPatch(
            path=shared_path(number, file),
            name=f"{case}_S{slide % SLIDES_PER_CASE + 1}_{number:07}.png",
            sha256=digest,
            pixel_hash=digest,
            width=WIDTH,
            height=HEIGHT,
            microns_per_pixel=0.25,
            slide=f"{case}_S{slide % SLIDES_PER_CASE + 1}",
            case=case,
            imported_label=(-1, 0, 0, 1, 0, -1)[number % 6],
        )


def _hash(patch: int) -> str:
    return hashlib.sha256(str(patch).encode()).hexdigest()
