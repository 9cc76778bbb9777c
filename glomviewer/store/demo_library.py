"""The demo library: drawn patches with their labels, the demo model with its calls, and a reading
room in which drawn readers have been at work."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from glomviewer.domain.foreign_calls import logit
from glomviewer.paths import resources_dir
from glomviewer.store.demo_room import make_reading_room
from glomviewer.store.errors import Refused
from glomviewer.store.import_values import (
    Cancelled,
    ImportReport,
    Progress,
    never_cancelled,
    no_progress,
)
from glomviewer.store.importing import run_import
from glomviewer.store.library import Library
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source
from glomviewer.store.settings import DEMO_READER, DEMO_SETTING
from training.config import Calibration, ModelCard


def make_demo_library(
    folder: Path,
    *,
    reader: tuple[str, str] = DEMO_READER,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> ImportReport:
    """Make the demo library at `folder`, complete in itself; it is closed again.

    `reader` is the name and the initials of whoever will sit before it. Cancelled, it leaves
    nothing at `folder`.

    Raises:
        Refused: something is at `folder`, or the demo patches are not installed.
    """
    demo = resources_dir() / "demo"
    if not (demo / "labels.csv").is_file():
        raise Refused(f"The demo patches are not installed: there is no {demo}.")
    plan = make_plan(read_source(demo / "labels.csv"))
    plan = make_plan(plan.source, plan.options.with_(copy_in=True))
    with Library.create(folder) as library:
        report = run_import(library, plan, progress=progress, cancelled=cancelled)
        if not report.cancelled:
            library.set_setting(DEMO_SETTING, True)
            model = demo_model_folder()
            if model is not None:
                _add_model(library, model, demo / "calls.csv")
            make_reading_room(library, demo / "truth.csv", library.add_reader(*reader))
    if report.cancelled:
        shutil.rmtree(folder)
    return report


def demo_model_folder() -> Path | None:
    """Where the demo model lies in the resources, None where it is not installed."""
    cards = sorted(resources_dir().rglob("model.json"))
    return cards[0].parent if cards else None


def _add_model(library: Library, folder: Path, calls: Path) -> None:
    """With what it says of the demo's patches, so that there are calls without any torch."""
    card = ModelCard.read(folder / "model.json")
    target = library.paths.model(card.id)
    shutil.copytree(folder, target)
    library.add_model(target, card.to_json())
    ids = {patch.name: patch.id for patch in library.patches(library.load_table(None).ids.tolist())}
    with calls.open(encoding="utf-8", newline="") as lines:
        rows = [
            (ids[row["name"]], _raw(float(row["probability"]), card.calibration), "")
            for row in csv.DictReader(lines)
        ]
    library.store_predictions(card.id, rows)


def _raw(probability: float, calibration: Calibration) -> float:
    """The logit before calibration."""
    return (logit(probability) - calibration.intercept) / calibration.slope
