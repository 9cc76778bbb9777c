"""A lab over a small library, with a stand-in for training."""

import json
import sys
from pathlib import Path

import pytest

from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.ui.lab.page import LabPage

FAKE = Path(__file__).parents[2] / "jobs" / "fake_training.py"


@pytest.fixture
def behaviour():
    """How the stand-in behaves; a test changes it before it asks for the page."""
    return {}


@pytest.fixture
def command(behaviour):
    real = PythonCommand.of(sys.executable)
    return PythonCommand(
        (sys.executable, "-u", str(FAKE)),
        {**real.environment, "FAKE_TRAINING": json.dumps(behaviour)},
    )


@pytest.fixture
def page(qtbot, theme, session, images, actions, command):
    models = ModelJobs(session, command=command)
    runs = RunJobs(session, models, auto_promote=False)
    page = LabPage(session, images, actions, models, runs)
    qtbot.addWidget(page)
    session.changed.connect(page.refresh)
    page.resize(1280, 640)
    page.show()
    qtbot.waitUntil(lambda: page.state.shows_content)
    return page
