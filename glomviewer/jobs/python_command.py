"""How a child of `training` is started: which interpreter, which variables, which flags."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PythonCommand:
    """An interpreter that has `training`, as arguments before the verb."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, python: str) -> PythonCommand:
        return cls((python, "-u", "-m", "training"), _environment())

    def with_verb(self, *words: str | Path) -> list[str]:
        return [*self.arguments, *(str(word) for word in words)]

    def variables(self) -> dict[str, str]:
        """This process's variables with those of the command, and UTF-8 on every pipe."""
        return {**os.environ, "PYTHONUTF8": "1", **self.environment}


def is_frozen() -> bool:
    """Whether this is the packaged application, whose executable is no interpreter."""
    return bool(getattr(sys, "frozen", False))


def flags_of_child() -> int:
    """Windows opens a console window for a child unless told otherwise."""
    return subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0


def start_detached(arguments: Sequence[str], *, variables: Mapping[str, str], output: Path) -> int:
    """Start a process that outlives this one; what it prints is added to `output`.

    Gives its process id. Raises OSError where it can't be started.
    """
    with output.open("ab") as printed:
        common = {
            "stdin": subprocess.DEVNULL,
            "stdout": printed,
            "stderr": subprocess.STDOUT,
            "env": dict(variables),
            "cwd": output.parent,
            "close_fds": True,
        }
        if sys.platform == "win32":
            flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
            child = subprocess.Popen(list(arguments), creationflags=flags, **common)
        else:
            child = subprocess.Popen(list(arguments), start_new_session=True, **common)
    pid = child.pid
    # Nobody waits for it by this handle: it is known again by its number and time of start.
    child.returncode = 0
    return pid


def _environment() -> dict[str, str]:
    """In a checkout that isn't installed, the child must find `training` where we have it."""
    root = Path(__file__).resolve().parents[2]
    if is_frozen() or root.name in ("site-packages", "dist-packages"):
        return {}
    before = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": os.pathsep.join([str(root), before] if before else [str(root)])}
