"""Training runs as the library knows them: started, followed, recovered, taken over. No Qt.

A run is a folder with its job and manifest, a detached process, and the events it appends.
Nothing here needs the run to have been started by this very process.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from glomviewer.domain.changes import Changes
from glomviewer.domain.disputes.explaining import SOURCE_WORDS
from glomviewer.domain.records import ModelRecord, RunRecord
from glomviewer.jobs.exchange_files import ManifestLine, write_manifest
from glomviewer.jobs.process_tree import ProcessIdentity
from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.run_process import (
    STOP_GRACE,
    ask_to_finish,
    ask_to_pause,
    identity_of_run,
    let_go_on,
    start_process,
    stop_process,
)
from glomviewer.jobs.run_status import RunReader, RunStatus
from glomviewer.jobs.sentences import JobError
from glomviewer.store.library import Library
from glomviewer.store.training_set import ManifestEntry
from training.config import BaseWeights, Job, RunFolder

UNFINISHED = frozenset({"starting", "running"})


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a reader asks for by Retrain. `recipe` names the recipe and what is to differ."""

    recipe: Mapping[str, Any]
    base: BaseWeights = field(default_factory=BaseWeights)
    device: str = "auto"
    seed: int = 0
    model_name: str = ""
    margins: Mapping[str, float] | None = None
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A run whose folder is written and whose process has not been started."""

    run: str
    folder: RunFolder
    recipe: str
    corrections: int


def start_run(library: Library, *, request: RunRequest, command: PythonCommand) -> Changes:
    """Write the run's folder, start it detached, and enter it into the library.

    Raises:
        JobError: another run is going on, there is nothing to train on, or it can't be started.
    """
    return launch_run(library, prepared=prepare_run(library, request), command=command)


def prepare_run(library: Library, request: RunRequest) -> PreparedRun:
    """Write the run's folder. Nothing is written to the database, so any thread may do it.

    Raises:
        JobError: another run is going on, or there is nothing to train on.
    """
    refuse_second_run(library)
    library.refuse_while_blinded("Retraining")
    entries = library.training_manifest()
    if not any(entry.split == "train" for entry in entries):
        raise JobError("There is nothing to train on: no patch of a training case has a label.")
    active = library.active_model()
    run = new_run_id()
    folder = RunFolder(library.paths.run(run))
    folder.path.mkdir(parents=True)
    write_manifest(folder.manifest, map(_line, entries))
    _job(library, run, request, active, entries).write(folder.job)
    corrections = library.training_counts(active.id if active is not None else None).corrections
    return PreparedRun(run, folder, str(request.recipe["name"]), corrections)


def write_training_manifest(library: Library, path: Path) -> int:
    """Write what a run would use now, as a run's own manifest; gives the number of patches."""
    return write_manifest(path, map(_line, library.training_manifest()))


def launch_run(library: Library, *, prepared: PreparedRun, command: PythonCommand) -> Changes:
    """Enter a prepared run into the library and start it.

    Raises:
        JobError: another run is going on, or it can't be started.
    """
    refuse_second_run(library)
    run = prepared.run
    library.add_run(run, recipe=prepared.recipe, corrections=prepared.corrections)
    try:
        identity = start_process(prepared.folder, command)
    except JobError as error:
        library.update_run(run, state="failed", message=str(error))
        raise
    return _note_process(library, run, identity, "The training has started.")


def resume_run(library: Library, *, run: str, command: PythonCommand) -> Changes:
    """Let a run go on from its last epoch."""
    refuse_second_run(library)
    record = library.run(run)
    if record.state == "finished":
        raise JobError("This run has finished; there is nothing to resume.")
    identity = start_process(RunFolder(library.paths.run(run)), command, resume=True)
    return _note_process(library, run, identity, "The training goes on from its last epoch.")


def stop_run(library: Library, *, run: str, grace: float = STOP_GRACE) -> RunStatus:
    """Ask a run to stop, end it after a grace period, and give how it ended. Writes nothing."""
    follower = RunFollower(library, library.run(run))
    stop_process(follower.folder, follower.identity(), grace=grace)
    return follower.status()


def pause_run(library: Library, *, run: str) -> Changes:
    """Let a run wait after its step, with all it has in memory, until `unpause_run`."""
    ask_to_pause(RunFolder(library.paths.run(run)))
    return Changes(runs=True, sentence="The training pauses after this step.")


def unpause_run(library: Library, *, run: str) -> Changes:
    """Let a paused run go on."""
    let_go_on(RunFolder(library.paths.run(run)))
    return Changes(runs=True, sentence="The training goes on.")


def finish_run(library: Library, *, run: str) -> Changes:
    """Let a run train no further, and make a candidate of its best epoch so far."""
    ask_to_finish(RunFolder(library.paths.run(run)))
    return Changes(
        runs=True, sentence="The training stops after this step and keeps its best epoch."
    )


class RunFollower:
    """Looks again and again at one run. Cheap: only what is new is read."""

    def __init__(self, library: Library, record: RunRecord) -> None:
        self.run = record.id
        self._record = record
        self._reader = RunReader(RunFolder(library.paths.run(record.id)))

    @property
    def folder(self) -> RunFolder:
        return self._reader.folder

    def identity(self) -> ProcessIdentity | None:
        return identity_of_run(self.folder, self._record.pid, self._record.pid_created)

    def status(self) -> RunStatus:
        return self._reader.update(self.identity())


def status_of(library: Library, run: str) -> RunStatus:
    """How far a run is, or how it ended."""
    return RunFollower(library, library.run(run)).status()


def unfinished_run(library: Library) -> RunRecord | None:
    """The run whose end the library hasn't seen yet, None where there is none."""
    return next((run for run in library.runs() if run.state in UNFINISHED), None)


def refuse_second_run(library: Library) -> None:
    """Raises JobError while a run is going on: two would share the hardware and the gate."""
    record = unfinished_run(library)
    if record is not None and not status_of(library, record.id).over:
        raise JobError("A training is running already; stop it or wait until it has finished.")


def note_end(library: Library, *, run: str, status: RunStatus) -> Changes:
    """Enter how a run ended that has no candidate to take over."""
    state = "failed" if status.state == "failed" else "stopped"
    return library.update_run(run, state=state, message=status.message)


def new_run_id() -> str:
    """A name that sorts by time and is no one else's."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def _note_process(
    library: Library, run: str, identity: ProcessIdentity | None, sentence: str
) -> Changes:
    changes = library.update_run(
        run,
        state="running",
        pid=identity.pid if identity is not None else None,
        pid_created=identity.created if identity is not None else None,
        message="",
    )
    return changes | Changes(runs=True, sentence=sentence)


def _line(entry: ManifestEntry) -> ManifestLine:
    return (
        entry.patch,
        str(entry.path),
        entry.hash,
        entry.group,
        entry.split,
        entry.label,
        entry.gate,
    )


def _job(
    library: Library,
    run: str,
    request: RunRequest,
    active: ModelRecord | None,
    entries: Sequence[ManifestEntry],
) -> Job:
    sources = library.source_counts([entry.patch for entry in entries])
    name = request.model_name or (active.name if active is not None else "model")
    job = Job(
        id=run,
        recipe=dict(request.recipe),
        base=request.base,
        active_model=str(_model_folder(library, active.id)) if active is not None else None,
        model_name=name,
        model_version=next_version(library, name),
        device=request.device,
        seed=request.seed,
        looks=library.looks(),
        features_dir=str(library.paths.features.absolute()),
        log_position=dict(library.log_position()),
        workers=request.workers,
        reference_sources={SOURCE_WORDS[source]: number for source, number in sources.items()},
    )
    if request.margins is not None:
        job.margins.update(request.margins)
    return job


def next_version(library: Library, name: str) -> int:
    """One above the highest version of the models of this name."""
    return 1 + max((model.version for model in library.models() if model.name == name), default=0)


def _model_folder(library: Library, model: str) -> Path:
    return library.paths.model(model).absolute()
