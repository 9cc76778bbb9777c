"""Looks for leaks between the splits of what a training would use. No Qt."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glomviewer.jobs.child_answer import Waiting, ask_child
from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.runs import write_training_manifest
from glomviewer.store.library import Library

SEVERITIES = ("refuse", "warn", "note")
"""The gate refuses to judge, figures may be too good, or it is harmless so far. Worst first."""


@dataclass(frozen=True, slots=True)
class Leak:
    """One finding: what is wrong in a sentence, and the patches that it is about."""

    kind: str
    severity: str
    sentence: str
    patches: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LeakReport:
    """What was found, worst first, and what was looked for."""

    leaks: tuple[Leak, ...] = ()
    checked: tuple[str, ...] = ()


def find_leaks(library: Library, *, command: PythonCommand, control: Waiting) -> LeakReport:
    """Have the patches of a training looked over by a child.

    Raises:
        Cancelled, JobError: as `ask_child`.
    """
    with tempfile.TemporaryDirectory(prefix="glomviewer-leaks-") as folder:
        manifest = Path(folder) / "manifest.csv"
        write_training_manifest(library, manifest)
        words: list[str | Path] = ["--manifest", manifest, "--json"]
        if not library.read_only:
            # Kept there, the next search takes no time.
            words += ["--features", library.paths.features.absolute()]
        active = library.active_model()
        if active is not None:
            words += ["--active-model", library.paths.model(active.id).absolute()]
        return read_report(ask_child(command, "leaks", words, control=control))


def read_report(answer: Mapping[str, Any]) -> LeakReport:
    """A child's answer; a finding without a sentence has nothing to tell and is passed over."""
    leaks = [_leak(each) for each in answer.get("findings") or () if isinstance(each, Mapping)]
    told = [leak for leak in leaks if leak.sentence]
    checked = tuple(str(each) for each in answer.get("checked") or ())
    return LeakReport(tuple(sorted(told, key=_rank)), checked)


def _leak(value: Mapping[str, Any]) -> Leak:
    severity = str(value.get("severity", "warn"))
    return Leak(
        kind=str(value.get("kind", "")),
        severity=severity if severity in SEVERITIES else "warn",
        sentence=str(value.get("sentence") or "").strip(),
        patches=tuple(dict.fromkeys(_patches(value.get("patches")))),
    )


def _patches(values: Any) -> list[int]:
    if not isinstance(values, list):
        return []
    return [int(value) for value in values if str(value).isdecimal()]


def _rank(leak: Leak) -> int:
    return SEVERITIES.index(leak.severity)
