"""A run on all GPUs of this machine: finetune starts itself again under torchrun, and follows it.

What the processes print goes to processes.log in the run's folder; what they tell is in its
events.jsonl, from where it is told on here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import torch

from training.computing.distributed import started_by_torchrun
from training.config import Job, RunFolder, UserError
from training.events import Emit, Error, Event, Result, decode
from training.recipe import FullRecipe, Recipe
from training.recipe_files import load_recipe
from training.run_log import RunLog

LAUNCHED = "TRAINING_LAUNCHED"
LOG = "processes.log"
_LOOK_EVERY = 0.2
_GRACE_SECONDS = 10.0
EXIT_CODES = {"user": 2, "cancelled": 3, "internal": 1}


def processes_wanted(folder: RunFolder) -> int:
    """As many as there are GPUs where the run's job leaves the choice, else one."""
    if started_by_torchrun():
        return 1
    try:
        job = Job.read(folder.job)
        recipe = load_recipe(job.recipe)
    except UserError:
        # The run itself says what is wrong, where the window sees it.
        return 1
    return gpus_for(recipe, job.device)


def gpus_for(recipe: Recipe, device: str) -> int:
    """How many GPUs a run takes on the device that a person names; 1 where it is none."""
    if device not in ("auto", "cuda") or not isinstance(recipe, FullRecipe):
        return 1
    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    # Two patches at least for each, and a batch that every process can share.
    return max(1, min(gpus, recipe.batch * recipe.accumulate // 2))


def command(folder: RunFolder, processes: int, *, resume: bool) -> list[str]:
    """What starts the processes: torchrun as a module of this very Python."""
    words = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nnodes=1"]
    words += [f"--nproc-per-node={processes}", "--module", "training", "finetune"]
    return [*words, str(folder.job), *(["--resume"] if resume else [])]


def launch(folder: RunFolder, processes: int, *, resume: bool, listener: Emit) -> int:
    """Run it to its end, telling its events on; the exit code of a run in one process.

    When this process is asked to end, the whole tree under it ends first.
    """
    followed = _Followed(folder.events)
    environment = {**os.environ, LAUNCHED: "1"}
    if sys.platform == "win32":
        # Wheels for Windows are built without libuv, which torchrun would otherwise ask for.
        environment["USE_LIBUV"] = "0"
    with (folder.path / LOG).open("ab") as log, _ended_by_signal() as asked:
        child = subprocess.Popen(
            command(folder, processes, resume=resume),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
        )
        try:
            while child.poll() is None and not asked.wait(_LOOK_EVERY):
                followed.tell(listener)
        finally:
            end_tree(child)
    followed.tell(listener)
    if followed.last is None:
        message = f"The training processes ended without a word: see {folder.path / LOG}."
        with RunLog(folder.events, listener) as events:
            events.emit(Error(message, kind="internal"))
    if isinstance(followed.last, Error):
        return EXIT_CODES.get(followed.last.kind, 1)
    return 0 if isinstance(followed.last, Result) else 1


class _Followed:
    """The events that are appended to a file from now on; `last` is how the run ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._place = path.stat().st_size if path.exists() else 0
        self.last: Result | Error | None = None

    def tell(self, listener: Emit) -> None:
        for event in self._fresh():
            if isinstance(event, (Result, Error)):
                self.last = event
            listener(event)

    def _fresh(self) -> Iterator[Event]:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._place)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._place += len(whole)
        for line in whole.decode("utf-8", errors="replace").splitlines():
            if line.strip():
                yield decode(line)


@contextmanager
def _ended_by_signal() -> Iterator[threading.Event]:
    """An event that is set when this process is asked to end, so that the tree ends before it."""
    asked = threading.Event()

    def _on_signal(number: int, frame: FrameType | None) -> None:
        del number, frame
        asked.set()

    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGTERM, _on_signal)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)


def end_tree(child: subprocess.Popen[bytes]) -> None:
    """End a process with all that it has started; nothing happens where it has ended."""
    if child.poll() is not None:
        return
    try:
        import psutil
    except ModuleNotFoundError:
        # A machine that trains alone may lack it; torchrun ends its processes when it is ended.
        child.terminate()
        child.wait()
        return
    try:
        process = psutil.Process(child.pid)
        tree = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for one in tree:
        with suppress(psutil.NoSuchProcess):
            one.terminate()
    _, alive = psutil.wait_procs(tree, timeout=_GRACE_SECONDS)
    for one in alive:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    child.wait()
