from collections.abc import Callable
from pathlib import Path

import pytest

from training.config import RunFolder
from training.events import Event, Note
from training.run_control import GOES_ON, PAUSED, RunControl, forget_requests


@pytest.fixture
def told() -> list[Event]:
    return []


def control(folder: RunFolder, told: list[Event], wait: Callable[[float], None]) -> RunControl:
    return RunControl(folder.stop, folder.pause, folder.finish, told.append, wait=wait)


def kinds(told: list[Event]) -> list[str]:
    return [event.kind for event in told if isinstance(event, Note)]


def never(_: float) -> None:
    raise AssertionError("it waited")


def test_without_a_file_nothing_waits(tmp_path: Path, told: list[Event]) -> None:
    asked = control(RunFolder(tmp_path), told, never)
    assert not asked.should_stop()
    assert not asked.should_finish()
    assert told == []


def test_a_pause_waits_until_its_file_is_gone_and_is_told_once(
    tmp_path: Path, told: list[Event]
) -> None:
    folder = RunFolder(tmp_path)
    folder.pause.touch()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            folder.pause.unlink()

    assert not control(folder, told, wait).should_stop()
    assert len(waits) == 3
    assert kinds(told) == [PAUSED, GOES_ON]


@pytest.mark.parametrize("name", ["stop", "finish"])
def test_a_paused_run_can_be_stopped_and_finished(
    tmp_path: Path, told: list[Event], name: str
) -> None:
    folder = RunFolder(tmp_path)
    folder.pause.touch()

    def wait(_: float) -> None:
        (tmp_path / name).touch()

    asked = control(folder, told, wait)
    assert asked.should_stop() is (name == "stop")
    assert asked.should_finish() is (name == "finish")
    assert folder.pause.exists()


def test_resuming_forgets_what_was_asked(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for path in (folder.stop, folder.pause, folder.finish):
        path.touch()
    forget_requests(folder)
    forget_requests(folder)
    assert list(tmp_path.iterdir()) == []
