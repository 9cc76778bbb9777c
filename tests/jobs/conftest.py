import json
import sys
from pathlib import Path

import pytest

from glomviewer.jobs.python_command import PythonCommand

FAKE = Path(__file__).with_name("fake_training.py")


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
