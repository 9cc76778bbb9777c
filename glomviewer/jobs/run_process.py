"""Starts, finds again, stops and ends the process of a training run. No Qt, no database."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import psutil

from glomviewer.jobs.process_tree import ProcessIdentity, end_tree, find
from glomviewer.jobs.python_command import PythonCommand, start_detached
from glomviewer.jobs.run_status import OUTPUT
from glomviewer.jobs.sentences import JobError
from training import events
from training.config import RunFolder

STOP_GRACE = 20.0
"""Seconds for a run to finish its step and keep its checkpoint before it is ended."""

END_GRACE = 5.0
LOW_PRIORITY = 10
"""How nice a run is, where the system counts so."""


def start_process(
    folder: RunFolder, command: PythonCommand, *, resume: bool = False
) -> ProcessIdentity | None:
    """Start the run of a folder detached; None where it has ended already.

    Raises:
        JobError: the interpreter can't be started.
    """
    for wish in (folder.stop, folder.pause, folder.finish):
        wish.unlink(missing_ok=True)
    folder.process.unlink(missing_ok=True)
    if resume:
        _mark_restart(folder.events)
    words = command.with_verb("finetune", folder.job, *(["--resume"] if resume else []))
    try:
        pid = start_detached(
            words, variables=command.variables(), output=folder.path.absolute() / OUTPUT
        )
    except OSError as error:
        raise JobError(
            f"The training can't be started: {error.strerror or error}. "
            "Check the Python for models in the preferences."
        ) from error
    let_labelling_go_first(pid)
    return ProcessIdentity.of(pid)


def let_labelling_go_first(pid: int) -> None:
    """Lower the run's priority, and so its DataLoaders': on a CPU it would slow the window."""
    with suppress(psutil.Error, OSError):
        psutil.Process(pid).nice(
            psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else LOW_PRIORITY
        )


def ask_to_stop(folder: RunFolder) -> None:
    """A run looks for this file at least once a step, keeps its checkpoint, and ends."""
    folder.stop.touch()


def ask_to_pause(folder: RunFolder) -> None:
    """A run looks for this file where it looks for `stop`, and waits until it has gone."""
    folder.pause.touch()


def let_go_on(folder: RunFolder) -> None:
    folder.pause.unlink(missing_ok=True)


def ask_to_finish(folder: RunFolder) -> None:
    """A run that finds this file trains no more, and makes a candidate of its best epoch."""
    folder.finish.touch()
    let_go_on(folder)


def end_process(identity: ProcessIdentity | None) -> None:
    """End a run that doesn't stop by itself, with everything it has started."""
    if identity is not None:
        end_tree(identity, grace=END_GRACE)


def stop_process(
    folder: RunFolder, identity: ProcessIdentity | None, *, grace: float = STOP_GRACE
) -> None:
    """Ask a run to stop, wait up to `grace` seconds, then end it."""
    ask_to_stop(folder)
    process = find(identity) if identity is not None else None
    if process is None:
        return
    try:
        process.wait(grace)
    except psutil.TimeoutExpired:
        end_process(identity)


def identity_of_run(
    folder: RunFolder, pid: int | None, created: float | None
) -> ProcessIdentity | None:
    """The run's process: as the library knows it, else as the run wrote it down itself."""
    if pid is not None and created is not None:
        known = ProcessIdentity(pid, created)
        if find(known) is not None:
            return known
    with suppress(OSError, ValueError, KeyError, TypeError):
        written = json.loads(folder.process.read_text(encoding="utf-8"))
        return ProcessIdentity(int(written["pid"]), float(written["create_time"]))
    return ProcessIdentity(pid, created) if pid is not None and created is not None else None


def _mark_restart(path: Path) -> None:
    """Say in the events that a new life begins, so that the end of the last one is past."""
    with path.open("ab") as file:
        # The life before may have been cut off within a line.
        file.write(
            f"\n{events.encode(events.Started(verb='finetune', detail='resumed'))}\n".encode()
        )
