"""Models, their predictions and runs: complete, and what their cards say."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Connection

from glomviewer.store.engine import open_database
from glomviewer.store.imported_predictions import ARCHITECTURE
from glomviewer.store.paths import LibraryPaths
from training.config import ModelCard, UserError

CARD, WEIGHTS, SEEN = "model.json", "weights.safetensors", "seen.txt"


def look(
    connection: Connection,
    paths: LibraryPaths,
    problems: list[str],
    notes: list[str],
    facts: dict[str, Any],
) -> None:
    """Append what is wrong to `problems`, what is worth knowing to `notes`."""
    models = connection.exec_driver_sql(
        "SELECT id, name, version, slope, intercept FROM models WHERE removed = 0 ORDER BY added_at"
    ).all()
    facts["models"] = len(models)
    for model, name, version, *calibration in models:
        title = f"The model {name} · {version}"
        found = _wrong_with(paths.model(model), model, calibration)
        problems += [f"{title} {wrong}." for wrong in found]
    _orphans(paths, {str(row[0]) for row in models}, notes)
    problems += _predictions(connection, paths)
    facts["runs"] = int(connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one())
    notes += _stale_runs(connection)


def _wrong_with(folder: Path, model: str, calibration: list[float]) -> list[str]:
    if not folder.is_dir():
        return ["has lost its folder in models/"]
    try:
        card = ModelCard.read(folder / CARD)
    except (UserError, OSError) as error:
        return [f"has no {CARD} that can be read ({error})"]
    wrong: list[str] = []
    if card.id != model:
        wrong.append(f"lies in the folder of another (its card says {card.id})")
    if calibration != [card.calibration.slope, card.calibration.intercept]:
        wrong.append("is calibrated otherwise than its card says: its row was edited")
    if card.architecture.name == ARCHITECTURE:
        return wrong
    for file, expected in ((WEIGHTS, card.weights_hash), (SEEN, card.data_hash)):
        found = _sha256(folder / file)
        if found is None:
            wrong.append(f"has lost its {file}")
        elif expected and found != expected:
            wrong.append(f"has another {file} than its card says")
    return wrong


def _sha256(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None


def _orphans(paths: LibraryPaths, known: set[str], notes: list[str]) -> None:
    folders = [path for path in paths.models.glob("*") if path.is_dir()]
    unknown = sorted(path.name for path in folders if path.name not in known)
    if unknown:
        notes.append(
            f"{len(unknown)} folders in models/ belong to no model of the library: "
            f"{', '.join(unknown[:3])}."
        )


def _predictions(connection: Connection, paths: LibraryPaths) -> list[str]:
    last = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM patches").scalar_one()
    wrong: list[str] = []
    for file in sorted(paths.predictions("x").parent.glob("*.sqlite")):
        try:
            with closing(open_database(file, mode="ro")) as predictions:
                answer = predictions.execute("PRAGMA quick_check(1)").fetchone()[0]
                strays = predictions.execute(
                    "SELECT count(*) FROM prediction WHERE patch > ?", (last,)
                ).fetchone()[0]
        except sqlite3.DatabaseError as error:
            answer, strays = str(error), 0
        if answer != "ok":
            wrong.append(f"The predictions {file.name} are damaged ({answer}); predict again.")
        if strays:
            wrong.append(
                f"{strays:,} predictions in {file.name} belong to no patch; predict again."
            )
    return wrong


def _stale_runs(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql(
        "SELECT id, pid, pid_created FROM runs WHERE state IN ('starting', 'running')"
    )
    return [
        f"The run {run} is marked as running, but its process is gone; opening the library in the "
        "window settles it."
        for run, pid, created in rows
        if not _alive(pid, created)
    ]


def _alive(pid: int | None, created: float | None) -> bool:
    if pid is None:
        return False
    try:
        started = psutil.Process(pid).create_time()
    except psutil.Error:
        return False
    return created is None or abs(started - created) < 2.0
