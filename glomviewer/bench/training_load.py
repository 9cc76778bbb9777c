"""A training run beside the window, to measure what it takes from the reader."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from glomviewer.bench.context import Context
from glomviewer.drawn import draw_cohort, write_cohort
from glomviewer.jobs.process_tree import ProcessIdentity, end_tree, find
from glomviewer.jobs.python_command import PythonCommand, start_detached
from glomviewer.jobs.run_process import let_labelling_go_first
from glomviewer.jobs.sentences import JobError
from training.config import RunFolder
from training.events import Epoch, Progress, decode

PATCHES = 120
STARTING_SECONDS = 180.0
_ENDLESS = ("epochs=10000", "patience=10000", "batch=16")
_BURN = "while True: sum(i * i for i in range(100000))"
_BURNERS = 2


@contextmanager
def training_load(context: Context) -> Iterator[str]:
    """A run that trains for as long as the block lasts; says in words what it is.

    Where torch is not installed, or for a smoke test, processes that only count stand in.
    """
    if context.quick or importlib.util.find_spec("torch") is None:
        with _burning(context.output) as what:
            yield what
        return
    data = _data(context.output / "training-data")
    run = RunFolder(context.output / "training-run")
    shutil.rmtree(run.path, ignore_errors=True)
    run.path.mkdir(parents=True)
    command = PythonCommand.of(sys.executable)
    words = command.with_verb(
        "finetune", "--data", data, "--out", run.path, "--recipe", "swin",
        "--base", "efficientnet-lite0",
    )  # fmt: skip
    for setting in _ENDLESS:
        words += ["--set", setting]
    output = context.output / "training-run.log"
    output.unlink(missing_ok=True)
    pid = start_detached(words, variables=command.variables(), output=output)
    let_labelling_go_first(pid)
    identity = ProcessIdentity.of(pid)
    try:
        _wait_until_it_trains(run, identity, output)
        yield "while a run fine-tunes EfficientNet-Lite0"
    finally:
        if identity is not None:
            end_tree(identity, grace=0.0)


def _data(folder: Path) -> Path:
    if not (folder / "labels.csv").is_file():
        write_cohort(folder, draw_cohort(PATCHES, seed=3), images="images")
    return folder


def _wait_until_it_trains(run: RunFolder, identity: ProcessIdentity | None, output: Path) -> None:
    """Raises:
    JobError: it ended, or took too long.
    """
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline and identity is not None and find(identity) is not None:
        with suppress(OSError):
            lines = run.events.read_text(encoding="utf-8").splitlines(keepends=True)
            events = [decode(line) for line in lines if line.endswith("\n")]
            if any(
                isinstance(event, Epoch)
                or (isinstance(event, Progress) and event.stage.startswith("train"))
                for event in events
            ):
                return
        time.sleep(0.1)
    printed = output.read_text(encoding="utf-8", errors="replace")[-500:]
    raise JobError(f"The training run did not begin to train: {printed}")


@contextmanager
def _burning(output: Path) -> Iterator[str]:
    command = PythonCommand.of(sys.executable)
    identities = [
        ProcessIdentity.of(
            start_detached(
                [sys.executable, "-c", _BURN],
                variables=command.variables(),
                output=output / "burn.log",
            )
        )
        for _ in range(_BURNERS)
    ]
    try:
        yield f"while {_BURNERS} processes keep the cores busy"
    finally:
        for identity in identities:
            if identity is not None:
                end_tree(identity, grace=0.0)
