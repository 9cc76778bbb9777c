"""Asks a verb of `training` in a child of its own, and reads the JSON that it answers. No Qt."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from glomviewer.jobs.process_tree import ProcessIdentity, end_tree
from glomviewer.jobs.python_command import PythonCommand, flags_of_child
from glomviewer.jobs.run_process import let_labelling_go_first
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.tail import last_line
from glomviewer.jobs.tasks import Cancelled

LOOK_EVERY = 0.05
END_GRACE = 2.0


class Waiting(Protocol):
    """Cancel, as the task of the window gives it."""

    def wait(self, seconds: float, /) -> bool: ...


def ask_child(
    command: PythonCommand, verb: str, words: Sequence[str | Path], *, control: Waiting
) -> dict[str, Any]:
    """The JSON object that a verb prints last. It runs below the window's priority.

    Raises:
        Cancelled: the reader, or the closing of the library, has cancelled it.
        JobError: the verb can't be started, refused, or answered with something else.
    """
    with tempfile.TemporaryDirectory(prefix="glomviewer-") as folder:
        said, trouble = Path(folder) / "said", Path(folder) / "trouble"
        code = _run(command, [verb, *map(str, words)], said, trouble, control)
        if code != 0:
            last = last_line(trouble).removeprefix("error: ")
            raise JobError(last or f"“{verb}” ended with code {code} and without a word.")
        return _answer(verb, said)


def _run(
    command: PythonCommand, words: Sequence[str], said: Path, trouble: Path, control: Waiting
) -> int:
    # Files rather than pipes: nobody has to empty them while a long answer is written.
    with said.open("wb") as out, trouble.open("wb") as err:
        try:
            child = subprocess.Popen(
                command.with_verb(*words),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=command.variables(),
                creationflags=flags_of_child(),
            )
        except OSError as error:
            raise JobError(
                f"{command.arguments[0]} can't be started: {error.strerror or error}. "
                "Check the Python for models in the preferences."
            ) from error
        identity = ProcessIdentity.of(child.pid)
        let_labelling_go_first(child.pid)
        while child.poll() is None:
            if control.wait(LOOK_EVERY):
                if identity is not None:
                    end_tree(identity, grace=END_GRACE)
                child.wait()
                raise Cancelled
        return child.returncode


def _answer(verb: str, said: Path) -> dict[str, Any]:
    text = said.read_text(encoding="utf-8", errors="replace").strip()
    for part in (text, text.rpartition("\n")[2]):
        try:
            value = json.loads(part)
        except ValueError:
            continue
        if isinstance(value, dict):
            return value
    raise JobError(f"“{verb}” answered with something that this version can't read.")
