import json
import sys
from pathlib import Path

import pytest
from builders import make_library

from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.session import Session

FAKE = Path(__file__).with_name("fake_training.py")


@pytest.fixture(autouse=True)
def short_grace(monkeypatch):
    """What doesn't listen is ended sooner than in life."""
    monkeypatch.setattr("glomviewer.jobs.run_process.END_GRACE", 0.3)


@pytest.fixture
def fake_command():
    """Makes a command whose child behaves as it is told."""

    def make(**behaviour) -> PythonCommand:
        real = PythonCommand.of(sys.executable)
        return PythonCommand(
            (sys.executable, "-u", str(FAKE)),
            {**real.environment, "FAKE_TRAINING": json.dumps(behaviour)},
        )

    return make


@pytest.fixture
def small(tmp_path):
    """Six cases of four patches; closed again unless a session has done so."""
    made = make_library(tmp_path)
    yield made
    made.library.close()


@pytest.fixture
def session(qtbot, small):
    """A session over `small` whose table is loaded."""
    session = Session(small.library, reader=small.library.reader(small.reader))
    with qtbot.waitSignal(session.loaded):
        session.load()
    yield session
    session.close()
