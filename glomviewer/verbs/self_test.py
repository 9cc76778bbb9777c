"""Try the installed program: make a library, take a patch in, label it, undo, back up, verify,
and go once through the reading room."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage

from glomviewer.jobs import operations
from glomviewer.paths import installation_in
from glomviewer.store.import_values import ImportReport
from glomviewer.store.importing import run_import
from glomviewer.store.library import Library
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source
from glomviewer.store.thumbnails import Thumbnails
from glomviewer.store.verify import FileCheck, verify
from glomviewer.verbs.self_test_rooms import reading_room_steps
from glomviewer.verbs.shell import add_json, say
from training.recipe_files import load_recipe, recipe_names

_IMAGES = "images"
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """0: all of it works; 1: the first step that does not is named."""
    began = time.monotonic()
    done: list[str] = []
    with tempfile.TemporaryDirectory(prefix="glomviewer-self-test-") as folder:
        failed = next((step for step, works in _steps(Path(folder), done) if not works), "")
    facts: dict[str, Any] = {
        "works": not failed,
        "steps": done,
        "failed": failed or None,
        "seconds": round(time.monotonic() - began, 2),
    }
    verdict = f"Does not work: {failed}." if failed else f"All {len(done)} steps work."
    say(arguments, "\n".join([*done, verdict]), facts)
    return 1 if failed else 0


def _steps(folder: Path, done: list[str]) -> Iterator[tuple[str, bool]]:
    """Each step's name and whether it works; a step that works is added to `done`."""
    _write_patches(folder / _IMAGES)
    # Keys and what is remembered of packs are not the user's.
    with (
        installation_in(folder / "settings"),
        Library.create(folder / "self-test.glomlib") as library,
    ):
        for step, works in _steps_of(library, folder):
            if works:
                done.append(step)
            yield step, works


def _steps_of(library: Library, folder: Path) -> Iterator[tuple[str, bool]]:
    report: ImportReport = run_import(library, make_plan(read_source(folder / _IMAGES)))
    yield f"import {len(_FORMATS)} image formats", len(report.added) == len(_FORMATS)
    first = report.added[0]
    with Thumbnails(library.paths.thumbnails) as thumbnails:
        jpeg = thumbnails.get(library.patch(first).pixel_hash)
    yield "show a thumbnail with Qt", jpeg is not None and not QImage.fromData(jpeg).isNull()
    reader = library.add_reader("Self Test", "ST")
    operations.label_patches(library, reader=reader.id, patches=report.added, label=0)
    yield "label", library.patch(first).reference_label == 0
    operations.undo(library, reader=reader.id)
    yield "undo", library.patch(first).reference_label == 1
    operations.redo(library, reader=reader.id)
    yield "redo", library.patch(first).reference_label == 0
    operations.back_up(library)
    yield "back up", bool(library.backups())
    yield from reading_room_steps(library, report.added, reader.id, folder)
    yield "verify", verify(library.folder, files=FileCheck.HASH).sound
    yield "read the recipes", all(load_recipe({"name": name}).summary for name in recipe_names())


def _write_patches(images: Path) -> None:
    folder = images / "sclerotic"
    folder.mkdir(parents=True)
    dice = np.random.default_rng(1)
    for form in _FORMATS:
        pixels = dice.integers(0, 255, (48, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"S1-{len(form)}{form}.{form.lower()}", form)
