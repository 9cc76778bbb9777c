from functools import partial

import pytest
from builders import add_model, make_model_folder

from glomviewer.domain.patch_query import Queue
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.run_process import end_process
from glomviewer.jobs.runs import RunFollower, RunRequest
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library

QUICK = RunRequest(recipe={"name": "quick"})


@pytest.fixture
def jobs(session, fake_command):
    def make(**behaviour):
        models = ModelJobs(session, command=fake_command(**behaviour))
        return models, RunJobs(session, models)

    yield make
    for record in session.library.runs():
        end_process(RunFollower(session.library, record).identity())


def asked(qtbot, ask):
    answers = []
    ask(answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def test_retrain_ends_with_a_promoted_model_and_changed_calls(qtbot, session, small, jobs):
    calls = dict.fromkeys(range(1, 25), 5.0)
    add_model(small, calls)
    _, runs = jobs()
    heard = []
    runs.advanced.connect(lambda run, status: heard.append(status))
    task = runs.start(QUICK)
    with qtbot.waitSignal(task.finished) as finished:
        pass
    assert "better" in finished.args[0]
    assert heard[-1].state == "finished"
    assert [epoch.epoch for epoch in heard[-1].epochs] == [1, 2, 3]
    assert session.active_model.gate["verdict"] == "better"
    counts = asked(qtbot, session.queue_counts)
    assert counts[Queue.CHANGED_CALLS] > 0
    assert session.library.unpredicted(session.active_model.id) == []


def test_stop_keeps_the_run_and_resume_ends_it(qtbot, session, jobs, tmp_path, fake_command):
    _models, runs = jobs(gate_to_wait_for=str(tmp_path / "go on"))
    task = runs.start(QUICK)
    with qtbot.waitSignal(runs.advanced):
        pass
    with qtbot.waitSignal(task.cancelled):
        runs.stop()
    record = session.library.runs()[0]
    assert record.state == "stopped"
    (tmp_path / "go on").touch()
    with qtbot.waitSignal(runs.resume(record.id).finished):
        pass
    assert session.active_model.run == record.id


def test_a_run_is_found_again_by_the_next_window(qtbot, session, jobs, tmp_path, fake_command):
    _, runs = jobs(gate_to_wait_for=str(tmp_path / "go on"))
    runs.start(QUICK)
    with qtbot.waitSignal(runs.advanced):
        pass
    folder = session.folder
    session.close()

    again = Session(Library.open(folder))
    with qtbot.waitSignal(again.loaded):
        again.load()
    runs = RunJobs(again, ModelJobs(again, command=fake_command()))
    with qtbot.waitSignal(again.tasks.added) as added:
        runs.recover()
    (tmp_path / "go on").touch()
    with qtbot.waitSignal(added.args[0].finished):
        pass
    assert again.active_model is not None
    assert again.active_model.name == "model"
    again.close()


def test_a_crashed_run_is_told_and_the_old_model_stays(qtbot, session, jobs):
    _, runs = jobs(crash_at=2)
    with qtbot.waitSignal(runs.start(QUICK).failed) as failed:
        pass
    assert "device-side assert" in failed.args[0]
    assert session.library.models() == []
    assert runs.task is None


def test_missing_torch_is_told_by_the_task(qtbot, session, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    models = ModelJobs(session)
    runs = RunJobs(session, models)
    with qtbot.waitSignal(models.environment_known) as known:
        models.find()
    assert not known.args[0].available
    with qtbot.waitSignal(runs.start(QUICK).failed) as failed:
        pass
    assert "pip install" in failed.args[0]


def test_an_added_model_predicts_by_itself(qtbot, session, jobs, tmp_path):
    models, _ = jobs()
    folder = make_model_folder(tmp_path / "given")
    predicted = partial(_predicted, session)
    models.add_model(folder)
    qtbot.waitUntil(predicted)
    assert session.active_model.name == "demo"
    assert folder.exists()


def _predicted(session):
    return bool(session.table.view.has_predictions) and not bool(
        (session.table.view.logit != session.table.view.logit).any()
    )


def test_a_checkpoint_is_converted_added_and_predicts(qtbot, session, jobs, tmp_path):
    models, _ = jobs()
    checkpoint = tmp_path / "swin.pth"
    checkpoint.write_bytes(b"weights")
    task = models.add_checkpoint(checkpoint, preset="old", threshold=0.9885, name="my swin")
    with qtbot.waitSignal(task.finished):
        pass
    qtbot.waitUntil(lambda: _predicted(session))
    assert session.active_model.name == "my swin"
    assert [path.name for path in session.library.paths.models.iterdir()] == [
        session.active_model.id
    ]


def test_a_checkpoint_that_is_not_there_is_told_and_leaves_nothing(qtbot, session, jobs, tmp_path):
    models, _ = jobs()
    task = models.add_checkpoint(tmp_path / "no.pth", preset="old", threshold=0.0, name="x")
    with qtbot.waitSignal(task.failed) as failed:
        pass
    assert "does not exist" in failed.args[0]
    assert list(session.library.paths.models.iterdir()) == []


def test_the_device_is_told(qtbot, session, jobs):
    models, _ = jobs(idle_gpu="A GPU lies idle: install torch with CUDA.")
    with qtbot.waitSignal(models.device_known) as known:
        models.ask_device()
    assert known.args == ["CPU (2 threads)"]
    assert "lies idle" in models.device_warning


def test_closing_during_a_prediction_keeps_what_was_predicted(qtbot, session, small, jobs):
    model = add_model(small)
    models, _ = jobs(slow=0.2)
    task = models.predict(model)
    assert models.predict(model) is task
    with qtbot.waitSignal(task.progressed):
        pass
    session.close()
    with Library.open(small.library.folder) as library:
        assert len(library.unpredicted(model)) <= 24


def test_what_was_left_unpredicted_is_predicted(qtbot, session, small, jobs):
    model = add_model(small, dict.fromkeys(range(1, 20), 1.0))
    models, _ = jobs()
    models.find()
    with qtbot.waitSignal(session.changed):
        session.show_model(None)
    with qtbot.waitSignal(session.tasks.added) as added:
        models.predict_if_needed()
    with qtbot.waitSignal(added.args[0].finished) as finished:
        pass
    assert finished.args == ["5 patches predicted."]
    assert session.library.unpredicted(model) == []
    with qtbot.assertNotEmitted(session.tasks.added, wait=200):
        models.predict_if_needed()


def test_a_run_pauses_goes_on_and_keeps_its_best(qtbot, session, jobs):
    _, runs = jobs(slow=0.2, epochs=60)
    heard = []
    runs.advanced.connect(lambda _run, status: heard.append(status))
    task = runs.start(QUICK)
    qtbot.waitUntil(lambda: bool(heard) and bool(heard[-1].epochs))
    run = session.library.runs()[0].id
    runs.pause(run)
    qtbot.waitUntil(lambda: heard[-1].paused)
    runs.go_on(run)
    qtbot.waitUntil(lambda: not heard[-1].paused)
    with qtbot.waitSignal(task.finished):
        runs.finish(run)
    assert 0 < len(heard[-1].epochs) < 60
    assert session.library.runs()[0].state == "finished"


def test_a_run_that_was_paused_can_be_stopped_and_resumed(qtbot, session, jobs):
    _, runs = jobs(slow=0.1)
    heard = []
    runs.advanced.connect(lambda _run, status: heard.append(status))
    task = runs.start(QUICK)
    qtbot.waitUntil(lambda: bool(session.library.runs()))
    run = session.library.runs()[0].id
    runs.pause(run)
    qtbot.waitUntil(lambda: bool(heard) and heard[-1].paused)
    with qtbot.waitSignal(task.cancelled):
        runs.stop()
    with qtbot.waitSignal(runs.resume(run).finished):
        pass
    assert len(heard[-1].epochs) == 3
