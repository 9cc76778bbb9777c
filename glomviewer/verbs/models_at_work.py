"""Starting the children that run models, for the verbs that need one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from glomviewer.jobs.environment import find_environment
from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.worker_client import WorkerClient
from glomviewer.settings import SettingsFile


def add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", default="", help="auto, cpu, cuda, cuda:1 or mps")


def device_of(arguments: argparse.Namespace) -> str:
    """The device that is asked for, else the one of the settings."""
    return arguments.device or SettingsFile().values.device or "auto"


def command_of_models() -> PythonCommand:
    """How children of `training` are started.

    Raises:
        JobError: models can't run here; the sentence says what is missing and the remedy.
    """
    found = find_environment(SettingsFile().values.python)
    if not found.available:
        raise JobError(f"{found.sentence} {found.remedy}")
    return PythonCommand.of(found.python or sys.executable)


@contextmanager
def worker() -> Iterator[WorkerClient]:
    """The model worker, ended with the block."""
    command = command_of_models()
    client = WorkerClient(command.with_verb("serve"), variables=command.variables())
    try:
        yield client
    finally:
        client.close()
