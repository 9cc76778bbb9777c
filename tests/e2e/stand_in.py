"""Training in milliseconds, which behaves as a story wants it to."""

import json
from pathlib import Path

import pytest
from builders import make_model_folder

from glomviewer.jobs.python_command import PythonCommand

FAKE = Path(__file__).parents[1] / "jobs" / "fake_training.py"


class StandIn:
    """Takes the place of `python -m training`; `model` is one that can be added."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.model = make_model_folder(folder / "given", name="given")
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(PythonCommand, "of", self._command)
        self.behave()

    def behave(self, **behaviour: object) -> None:
        """Every process that starts from now on behaves so; see fake_training.py."""
        self._monkeypatch.setenv("FAKE_TRAINING", json.dumps(behaviour))

    def _command(self, python: str) -> PythonCommand:
        path = str(Path(__file__).parents[2])
        return PythonCommand((python, "-u", str(FAKE)), {"PYTHONPATH": path})
