import json

import psutil
import pytest

from glomviewer.jobs.exchange_files import write_manifest
from glomviewer.jobs.process_tree import ProcessIdentity, end_tree, is_running
from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.run_process import identity_of_run, start_process, stop_process
from glomviewer.jobs.run_status import RunReader
from glomviewer.jobs.sentences import JobError
from training.config import Job, RunFolder


@pytest.fixture
def run(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.path.mkdir()
    Job(id="r1", recipe={"name": "quick"}).write(folder.job)
    write_manifest(
        folder.manifest,
        [(n, f"/i/{n}.png", f"h{n}", "", split, n % 2, False) for n, split in lines()],
    )
    yield folder
    folder.stop.touch()


def lines():
    return [(n, ("train", "validation", "locked")[n % 3]) for n in range(1, 13)]


def started(run, command, **more):
    identity = start_process(run, command, **more)
    assert identity is not None
    return identity


def ourselves():
    identity = ProcessIdentity.of(psutil.Process().pid)
    assert identity is not None
    return identity


def gone(identity):
    process = psutil.Process(identity.pid) if is_running(identity) else None
    if process is not None:
        process.wait(20)


def test_a_run_trains_by_itself_and_leaves_a_candidate(run, fake_command):
    identity = started(run, fake_command())
    gone(identity)
    status = RunReader(run).update(identity)
    assert status.state == "finished"
    assert [epoch.epoch for epoch in status.epochs] == [1, 2, 3]
    assert (run.candidate / "model.json").exists()


def test_a_run_leaves_the_processor_to_the_window(run, fake_command, tmp_path):
    identity = started(run, fake_command(gate_to_wait_for=str(tmp_path / "never")))
    assert psutil.Process(identity.pid).nice() > psutil.Process().nice()
    stop_process(run, identity, grace=10)


def test_a_stopped_run_goes_on_from_its_last_epoch(run, fake_command, tmp_path):
    waiting = fake_command(gate_to_wait_for=str(tmp_path / "never"))
    (run.checkpoints).mkdir()
    (run.checkpoints / "epoch-1").touch()
    identity = started(run, waiting)
    stop_process(run, identity, grace=20)
    status = RunReader(run).update(identity)
    assert (status.state, status.resumable) == ("stopped", True)
    identity = started(run, fake_command(), resume=True)
    gone(identity)
    status = RunReader(run).update(identity)
    assert status.state == "finished"
    assert [epoch.epoch for epoch in status.epochs] == [2, 3]


def test_a_run_that_does_not_listen_is_ended_with_all_it_started(run, fake_command, tmp_path):
    deaf = fake_command(deaf=True, gate_to_wait_for=str(tmp_path / "never"))
    identity = started(run, deaf)
    assert is_running(identity)
    stop_process(run, identity, grace=0.2)
    assert not is_running(identity)
    assert RunReader(run).update(identity).state == "interrupted"


def test_a_crash_leaves_its_last_words(run, fake_command):
    identity = started(run, fake_command(crash_at=2))
    gone(identity)
    status = RunReader(run).update(identity)
    assert status.state == "interrupted"
    assert "device-side assert" in status.message
    assert status.resumable


def test_an_interpreter_that_is_not_there_is_told(run, tmp_path):
    with pytest.raises(JobError, match="can't be started"):
        start_process(run, PythonCommand((str(tmp_path / "python"),)))


def test_a_number_that_is_used_again_is_not_our_run(run):
    ours = ourselves()
    assert is_running(ours)
    earlier = ProcessIdentity(ours.pid, ours.created - 100)
    assert not is_running(earlier)
    end_tree(earlier, grace=0.1)
    assert is_running(ours)


def test_a_run_is_known_by_what_it_wrote_down_itself(run):
    ours = ourselves()
    run.process.write_text(json.dumps({"pid": ours.pid, "create_time": ours.created}))
    assert identity_of_run(run, None, None) == ours
    assert identity_of_run(run, ours.pid, ours.created - 50) == ours
    run.process.write_text("{")
    assert identity_of_run(run, None, None) is None
