"""How long a training would take, and how much memory: measured by a child. No Qt."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glomviewer.jobs.child_answer import Waiting, ask_child
from glomviewer.jobs.python_command import PythonCommand


@dataclass(frozen=True, slots=True)
class Estimate:
    """`sentence` is the child's own words; what it doesn't know is None."""

    seconds: float | None = None
    memory_bytes: int | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be estimated: a recipe's name or own file with changed fields, on so many
    patches, on a device."""

    recipe: str
    changes: Mapping[str, Any]
    patches: int
    device: str


def estimate(question: Question, *, command: PythonCommand, control: Waiting) -> Estimate:
    """Raises Cancelled and JobError as `ask_child`."""
    return read_estimate(ask_child(command, "estimate", _words(question), control=control))


def read_estimate(answer: Mapping[str, Any]) -> Estimate:
    memory = _number(answer.get("memory_bytes"))
    return Estimate(
        seconds=_number(answer.get("seconds")),
        memory_bytes=None if memory is None else int(memory),
        sentence=str(answer.get("sentence") or ""),
    )


def _words(question: Question) -> list[str]:
    words = ["--recipe", question.recipe]
    for field, value in question.changes.items():
        words += ["--set", f"{field}={json.dumps(value)}"]
    patches = str(question.patches)
    return [*words, "--patches", patches, "--device", question.device, "--json"]


def _number(value: Any) -> float | None:
    sound = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if sound and math.isfinite(value) and value >= 0 else None
