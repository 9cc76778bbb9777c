"""What is done with models: adding, promoting, rolling back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

from glomviewer.domain.changes import Changes
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.verdicts import may_promote
from glomviewer.jobs.worker_client import WorkerClient
from glomviewer.store.library import Library
from training.config import ModelCard

WEIGHTS = "weights.safetensors"
CARD = "model.json"


def add_model(library: Library, *, folder: Path) -> Changes:
    """Copy a model folder into the library. It becomes active where there is no other."""
    card = _card_of(folder)
    target = library.paths.model(card.id)
    if target.exists():
        raise JobError(f"The library already has this model ({card.name} · {card.version}).")
    draft = target.with_name(f"{target.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(folder, draft)
    draft.replace(target)
    return library.add_model(target, card.to_json())


def convert_checkpoint(
    worker: WorkerClient,
    *,
    checkpoint: Path,
    output: Path,
    preset: str,
    threshold: float,
    name: str = "",
) -> Path:
    """Make a model folder of a bare checkpoint, in the worker's process; gives the folder.

    `threshold` is a probability, `preset` one of `training.config.PRESETS`. Raises WorkerError
    with what is wrong with the checkpoint.
    """
    worker.request(
        "convert",
        checkpoint=str(checkpoint),
        output=str(output),
        preset=preset,
        threshold=threshold,
    ).result()
    if name.strip():
        replace(ModelCard.read(output / CARD), name=name.strip()).write(output / CARD)
    return output


def promote_model(
    library: Library,
    *,
    model: str,
    reader: int,
    reason: str = "",
    overrule: bool = False,
) -> Changes:
    """Make a model the active one. Against its gate's verdict a reader says why.

    Raises:
        JobError: the gate has not let the model through and nobody overrules it with a reason.
    """
    record = library.model(model)
    gate = record.gate or {}
    through = may_promote(gate)
    if not through and not (overrule and reason.strip()):
        said = str(gate.get("sentence") or "It has not been through the gate.")
        raise JobError(
            f"{record.title} was not promoted. {said} A reader may overrule with a reason."
        )
    return library.promote(
        model,
        reader=reader,
        reason=reason.strip(),
        verdict=str(gate.get("verdict", "none")),
        overruled=not through,
    )


TURNED_DOWN = "turned_down"
"""The library's setting that lists, as JSON, the candidates that readers have turned down."""


def turn_down_candidate(library: Library, *, model: str) -> Changes:
    """Keep the active model: the candidate stays in the library and is no longer offered."""
    record = library.model(model)
    known = json.loads(library.setting(TURNED_DOWN, "[]"))
    library.set_setting(TURNED_DOWN, json.dumps([*known, model]))
    active = library.active_model()
    kept = active.title if active is not None else "No model"
    return Changes(models=True, sentence=f"{kept} stays active; {record.title} is kept beside it.")


def roll_back_model(library: Library, *, reader: int) -> Changes:
    """Make the model that was active before the active one again."""
    return library.roll_back(reader=reader)


def rename_model(library: Library, *, model: str, name: str) -> Changes:
    if not name.strip():
        raise JobError("The model needs a name.")
    return library.rename_model(model, name.strip())


def note_model(library: Library, *, model: str, note: str) -> Changes:
    return library.note_model(model, note.strip())


def remove_model(library: Library, *, model: str) -> Changes:
    """Take a model and its files out of the library; never the active one, nor one that a log
    refers to.

    Raises:
        Refused: which the sentence says.
    """
    changes = library.remove_model(model)
    shutil.rmtree(library.paths.model(model), ignore_errors=True)
    return changes


def _card_of(folder: Path) -> ModelCard:
    if not (folder / CARD).is_file() or not (folder / WEIGHTS).is_file():
        raise JobError(
            f"{folder} is no model: it should hold {WEIGHTS} and {CARD}. "
            "A bare checkpoint is converted by Add model."
        )
    return ModelCard.read(folder / CARD)
