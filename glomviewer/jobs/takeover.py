"""Takes a finished run's candidate over into the library, and promotes it where it may."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from glomviewer.domain.changes import Changes
from glomviewer.jobs.exchange_files import read_logits, read_predictions
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.verdicts import may_promote
from glomviewer.store.library import Library
from training.config import ModelCard, RunFolder


def take_over_run(
    library: Library, *, run: str, auto_promote: bool = True, reader: int | None = None
) -> Changes:
    """Add the candidate of a finished run with its gate and predictions, and promote it where
    the gate lets it through and `auto_promote` allows. Called again, it goes on where it was.

    Raises:
        JobError: the run has left no candidate.
    """
    folder = RunFolder(library.paths.run(run))
    gate = _read_gate(folder)
    # Counted before the verdict is entered, so that no look can be had for nothing.
    changes = library.count_look(run, str(gate.get("sentence", "")))
    card, model_folder = _move_candidate(library, run, folder)
    known = {model.id for model in library.models()}
    if card.id not in known:
        changes |= library.add_model(model_folder, card.to_json(), run=run, gate=gate)
    if library.run(run).state != "finished":
        changes |= _store_predictions(library, card.id, folder)
    changes |= library.update_run(
        run,
        state="finished",
        candidate=card.id,
        gate=gate,
        message="",
    )
    sentence = str(gate.get("sentence", "The training has finished."))
    if auto_promote and may_promote(gate) and not library.model(card.id).active:
        changes |= library.promote(
            card.id,
            reader=reader,
            reason="by the gate",
            verdict=str(gate["verdict"]),
            overruled=False,
        )
        sentence = f"{sentence} {library.model(card.id).title} is active now."
    return changes | Changes(runs=True, models=True, sentence=sentence)


def _read_gate(folder: RunFolder) -> dict[str, Any]:
    try:
        gate = json.loads(folder.gate.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise JobError(f"The run has left no readable gate.json: {error}") from error
    if not isinstance(gate, dict):
        raise JobError("The run's gate.json holds no verdict.")
    return gate


def _move_candidate(library: Library, run: str, folder: RunFolder) -> tuple[ModelCard, Path]:
    """Move the candidate's folder among the models; found there when that was done before."""
    if (folder.candidate / "model.json").is_file():
        card = ModelCard.read(folder.candidate / "model.json")
        target = library.paths.model(card.id)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f"{target.name}.part")
            shutil.rmtree(draft, ignore_errors=True)
            # A copy, since Windows doesn't rename a folder that anybody looks into.
            shutil.copytree(folder.candidate, draft)
            draft.replace(target)
        _remember(folder, card.id)
        shutil.rmtree(folder.candidate, ignore_errors=True)
        return card, target
    taken = _remembered(folder)
    if taken is None:
        raise JobError(f"The run {run} has left no candidate.")
    target = library.paths.model(taken)
    return ModelCard.read(target / "model.json"), target


def _remember(folder: RunFolder, model: str) -> None:
    (folder.path / "taken.json").write_text(json.dumps({"model": model}), encoding="utf-8")


def _remembered(folder: RunFolder) -> str | None:
    try:
        return str(json.loads((folder.path / "taken.json").read_text(encoding="utf-8"))["model"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _store_predictions(library: Library, model: str, folder: RunFolder) -> Changes:
    rows = read_predictions(folder.predictions) if folder.predictions.exists() else iter(())
    return library.store_predictions(model, rows, read_logits(folder.out_of_fold))
