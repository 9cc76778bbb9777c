"""List a library's models, add, rename, note, export or remove one, or move a threshold."""

from __future__ import annotations

import argparse
import math
import shutil
import uuid
from pathlib import Path
from typing import Any

from glomviewer.domain.changes import Changes
from glomviewer.domain.foreign_calls import logit
from glomviewer.domain.records import ModelRecord
from glomviewer.jobs import operations
from glomviewer.jobs.model_export import export_card, export_model
from glomviewer.store.library import Library
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.models_at_work import worker
from glomviewer.verbs.shell import (
    add_library,
    model_of,
    reading,
    say,
    taking_out,
    writing,
)
from glomviewer.verbs.unlocking import acting_reader, add_acting
from training.config import PRESETS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    add_acting(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--add", type=Path, metavar="PATH", help="a model folder, or a .pth with --preset"
    )
    what.add_argument("--rename", nargs=2, metavar=("MODEL", "NAME"))
    what.add_argument("--note", nargs=2, metavar=("MODEL", "TEXT"))
    what.add_argument("--remove", metavar="MODEL")
    what.add_argument(
        "--export",
        nargs=2,
        metavar=("MODEL", "FOLDER"),
        help="copy the model into a folder, its card beside it",
    )
    what.add_argument(
        "--card",
        nargs=2,
        metavar=("MODEL", "FOLDER"),
        help="write only the card, as Markdown and HTML",
    )
    what.add_argument(
        "--threshold",
        nargs=2,
        metavar=("MODEL", "PROBABILITY"),
        help="call 1 from this probability on",
    )
    parser.add_argument("--reason", default="", help="why the threshold is moved")
    parser.add_argument(
        "--preset", choices=sorted(PRESETS), help="how a bare checkpoint was preprocessed"
    )
    parser.add_argument(
        "--at", type=float, metavar="PROBABILITY", help="the threshold of a bare checkpoint"
    )
    parser.add_argument("--name", default="", help="what a bare checkpoint is called")


def run(arguments: argparse.Namespace) -> int:
    if arguments.export or arguments.card:
        return _export(arguments)
    changing = ("add", "rename", "note", "remove", "threshold")
    if not any(getattr(arguments, name) for name in changing):
        with reading(arguments.library) as library:
            models = library.models()
            looks = library.looks()
        facts = {"models": [_facts(model) for model in models], "looks": looks}
        say(arguments, "\n".join(map(_line, models)) or "The library has no model yet.", facts)
        return 0
    with writing(arguments.library) as library:
        changes = _change(library, arguments)
        models = library.models()
    facts = {"sentence": changes.sentence, "models": [_facts(model) for model in models]}
    say(arguments, changes.sentence, facts)
    return 0


def _export(arguments: argparse.Namespace) -> int:
    model, folder = arguments.export or arguments.card
    write = export_model if arguments.export else export_card
    with taking_out(arguments.library) as library:
        done = write(library, model=model_of(library, model).id, parent=Path(folder))
    facts = {
        "sentence": done.sentence,
        "folder": None if done.folder is None else str(done.folder),
        "markdown": str(done.markdown),
        "html": str(done.html),
    }
    say(arguments, done.sentence, facts)
    return 0


def _change(library: Library, arguments: argparse.Namespace) -> Changes:
    if arguments.add:
        return _add(library, arguments)
    if arguments.rename:
        model, name = arguments.rename
        return operations.rename_model(library, model=model_of(library, model).id, name=name)
    if arguments.note:
        model, note = arguments.note
        return operations.note_model(library, model=model_of(library, model).id, note=note)
    if arguments.remove:
        return operations.remove_model(library, model=model_of(library, arguments.remove).id)
    model, text = arguments.threshold
    return operations.set_threshold(
        library,
        model=model_of(library, model).id,
        logit=logit(_probability(text)),
        reader=acting_reader(library, arguments).id,
        rule="by hand",
        reason=arguments.reason,
    )


def _add(library: Library, arguments: argparse.Namespace) -> Changes:
    path: Path = arguments.add
    if path.is_dir():
        return operations.add_model(library, folder=path)
    if not path.is_file():
        raise BadArgument(f"There is no model folder and no checkpoint at {path}.")
    if arguments.preset is None or arguments.at is None:
        raise BadArgument(
            "A bare checkpoint says neither its preprocessing nor its threshold: give --preset "
            f"({', '.join(sorted(PRESETS))}) and --at, such as --at 0.9885."
        )
    draft = library.paths.models / f".converting-{uuid.uuid4().hex[:8]}"
    try:
        with worker() as client:
            operations.convert_checkpoint(
                client,
                checkpoint=path,
                output=draft,
                preset=arguments.preset,
                threshold=_probability(str(arguments.at)),
                name=arguments.name or path.stem,
            )
        return operations.add_model(library, folder=draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 < value < 1.0:
        raise BadArgument(f"{text!r} is no probability between 0 and 1, such as 0.9885.")
    return value


def _line(model: ModelRecord) -> str:
    mark = "*" if model.active else " "
    gate = model.gate.get("verdict", "") if model.gate else ""
    threshold = 1.0 / (1.0 + math.exp(-model.threshold))
    return f"{mark} {model.id}  {model.title}  threshold {threshold:.4f}  {gate}".rstrip()


def _facts(model: ModelRecord) -> dict[str, Any]:
    return {
        "id": model.id,
        "name": model.name,
        "version": model.version,
        "active": model.active,
        "created": model.created.isoformat(timespec="seconds"),
        "threshold_logit": model.threshold,
        "slope": model.slope,
        "intercept": model.intercept,
        "run": model.run,
        "note": model.note,
        "gate": model.gate,
        "card": model.card,
    }
