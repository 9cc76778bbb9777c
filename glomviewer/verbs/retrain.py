"""Train a candidate on all labels, compare it with the active model on the locked set, and
promote it where the gate lets it through. The run goes on if this program is ended.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, get_args

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import RunRecord
from glomviewer.jobs.prediction import predict_missing
from glomviewer.jobs.retraining import end_run, follow_run
from glomviewer.jobs.run_status import RunStatus
from glomviewer.jobs.runs import RunRequest, resume_run, start_run, unfinished_run
from glomviewer.jobs.sentences import JobError
from glomviewer.settings import SettingsFile
from glomviewer.store.library import Library
from glomviewer.verbs.models_at_work import add_device, command_of_models, device_of, worker
from glomviewer.verbs.shell import ShellControl, add_library, say, writing
from training.config import BaseKind, BaseWeights

_STOPPED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument("--recipe", default="", help="such as quick or swin")
    parser.add_argument(
        "--base", default="auto", choices=get_args(BaseKind), help="weights to start from"
    )
    parser.add_argument("--base-path", help="the file or model folder, where --base names one")
    parser.add_argument("--name", default="", help="what the candidate is called")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, help="processes that read images")
    add_device(parser)
    parser.add_argument("--no-promote", action="store_true", help="leave the active model active")
    parser.add_argument("--no-predict", action="store_true", help="do not predict again after it")
    parser.add_argument("--resume", metavar="RUN", help="let a stopped run go on")


def run(arguments: argparse.Namespace) -> int:
    control = ShellControl(quiet=arguments.json)
    with writing(arguments.library) as library:
        command = command_of_models()
        record = unfinished_run(library)
        if arguments.resume:
            resume_run(library, run=arguments.resume, command=command)
        elif record is None:
            start_run(library, request=_request(arguments), command=command)
        record = unfinished_run(library)
        if record is None:
            raise JobError("The training has ended before it could be followed.")
        with control.catching_interrupts():
            told = _Told(quiet=arguments.json)
            status = follow_run(library, record, control=control, tell=told.tell)
            changes = end_run(
                run=record.id,
                status=status,
                write=lambda operation: operation(library),
                auto_promote=not arguments.no_promote,
                reader=None,
            )
            predicted = _predict(library, changes, arguments, control)
        _say(arguments, library, record, status, changes, predicted)
    return 0 if status.state == "finished" else _STOPPED


def _request(arguments: argparse.Namespace) -> RunRequest:
    recipe = arguments.recipe or SettingsFile().values.recipe or "quick"
    return RunRequest(
        recipe={"name": recipe},
        base=BaseWeights(arguments.base, arguments.base_path),
        device=device_of(arguments),
        seed=arguments.seed,
        model_name=arguments.name,
        workers=arguments.workers,
    )


def _predict(
    library: Library, changes: Changes, arguments: argparse.Namespace, control: ShellControl
) -> str:
    active = library.active_model()
    if arguments.no_predict or not changes.active_model or active is None:
        return ""
    with worker() as client:
        return predict_missing(
            library, model=active.id, worker=client, control=control, device=device_of(arguments)
        ).sentence


def _say(
    arguments: argparse.Namespace,
    library: Library,
    record: RunRecord,
    status: RunStatus,
    changes: Changes,
    predicted: str,
) -> None:
    ended = library.run(record.id)
    active = library.active_model()
    facts: dict[str, Any] = {
        "run": record.id,
        "state": ended.state,
        "device": status.device,
        "epochs": len(status.epochs),
        "candidate": ended.candidate,
        "gate": ended.gate,
        "active": None if active is None else active.id,
        "sentence": changes.sentence or status.message,
        "predicted": predicted,
    }
    say(arguments, "\n".join(filter(None, [facts["sentence"], predicted])), facts)


class _Told:
    """Says each epoch and note of a run once, on stderr."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._epochs = 0
        self._notes = 0

    def tell(self, status: RunStatus) -> None:
        if self._quiet:
            return
        for note in status.notes[self._notes :]:
            print(note, file=sys.stderr)
        for epoch in status.epochs[self._epochs :]:
            auc = "" if epoch.validation_auc is None else f", AUC {epoch.validation_auc:.4f}"
            print(
                f"epoch {epoch.epoch} of {epoch.epochs}: loss {epoch.train_loss:.4f}{auc}",
                file=sys.stderr,
            )
        self._notes, self._epochs = len(status.notes), len(status.epochs)
