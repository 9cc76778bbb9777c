"""Prediction and training over the bare model, as `python -m training bench` measures them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import Any

from glomviewer.bench.context import Context
from glomviewer.bench.report import Row, Verdict, at_least
from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.sentences import JobError

LONGEST = 3600.0
_QUICK = ("--patches", "8", "--turns", "1", "--training-batch", "4", "--architecture", "resnet18")


def measure(context: Context) -> list[Row]:
    if importlib.util.find_spec("torch") is None:
        reason = "torch is not installed: pip install 'glomviewer[model]'"
        return [Row("prediction and training", "", "not measured", reason)]
    context.say("prediction and training")
    found = _run(_QUICK if context.quick else ())
    setting = f"{found['architecture']} on {found['device']}, torch {found['torch']}"
    return [_row(one, setting) for one in found["benches"]]


def _run(options: tuple[str, ...]) -> dict[str, Any]:
    """Raises:
    JobError: the benchmark of `training` could not be run.
    """
    command = PythonCommand.of(sys.executable)
    try:
        ran = subprocess.run(
            command.with_verb("bench", "--json", *options),
            env=command.variables(),
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=True,
        )
        return json.loads(ran.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        raise JobError(f"`training bench` took longer than {LONGEST:.0f} s.") from error
    except subprocess.CalledProcessError as error:
        raise JobError(f"`training bench` failed: {error.stderr[-500:]}") from error


def _row(one: dict[str, Any], setting: str) -> Row:
    rate = f"{one['rate']:,.1f} a second"
    if one["ratio"] is None:
        return Row(one["name"], "", rate, setting, values=one)
    verdict = Verdict.NONE if one["target"] is None else at_least(one["ratio"], one["target"])
    return Row(
        what=f"{one['name']}, over {one['against']}",
        target="" if one["target"] is None else f"{one['target']:g}",
        measured=f"{one['ratio']:.2f} ({rate})",
        how=f"{setting}; measured in turns in one run",
        verdict=verdict,
        values=one,
    )
