import importlib.util
import sys

import pytest

from glomviewer.jobs.environment import NEEDED, find_environment
from glomviewer.jobs.python_command import PythonCommand, start_detached


@pytest.fixture
def without(monkeypatch):
    """Pretends that packages are not installed."""

    def hide(*names):
        real = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: None if name in names else real(name)
        )

    return hide


def test_what_is_missing_is_named_with_the_command_that_gets_it(without):
    without("torch", "timm")
    found = find_environment()
    assert not found.available
    assert found.sentence == "Models can't run here: torch and timm are not installed."
    assert "pip install" in found.remedy
    assert sys.executable in found.remedy


def test_looking_imports_nothing_heavy():
    before = set(sys.modules)
    find_environment()
    assert not {"torch", "timm", "sklearn", "pandas"} & (set(sys.modules) - before)


def test_weights_to_start_from_are_not_needed_to_run(without, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if "eff" in name else 1)
    found = find_environment()
    assert found.available
    assert not found.offline_weights


def test_the_packaged_application_asks_for_a_python(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    found = find_environment()
    assert not found.available
    assert found.python == ""
    assert found.missing == NEEDED
    assert "reviewing application" in found.sentence


def test_another_interpreter_is_asked_by_starting_it(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    found = find_environment(sys.executable)
    assert found.python == sys.executable
    assert "numpy" not in found.missing
    broken = find_environment(str(tmp_path / "python"))
    assert not broken.available
    assert "can't be started" in broken.sentence


def test_a_child_finds_training_and_speaks_utf8(tmp_path):
    command = PythonCommand.of(sys.executable)
    assert command.with_verb("serve")[-2:] == ["training", "serve"]
    assert command.variables()["PYTHONUTF8"] == "1"


def test_a_detached_child_prints_into_a_file(tmp_path):
    import psutil

    output = tmp_path / "output.log"
    command = PythonCommand.of(sys.executable)
    pid = start_detached(
        [sys.executable, "-c", "print('grüß Gott')"], variables=command.variables(), output=output
    )
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=20)
    assert output.read_text(encoding="utf-8") == "grüß Gott\n"
