import csv

import pytest
from builders import add_model

from glomviewer.jobs import runs
from glomviewer.jobs.retraining import RunLeft, end_run, follow_run
from glomviewer.jobs.run_process import end_process
from glomviewer.jobs.runs import RunFollower, RunRequest
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.takeover import take_over_run
from training.config import Job, RunFolder

QUICK = RunRequest(recipe={"name": "quick"})


class Control:
    """Cancels, or says that the library is being closed, when a thing has been told."""

    def __init__(self):
        self.closing = False
        self._cancelled = False

    def progress(self, done, total, stage="", seconds_left=None):
        pass

    def wait(self, seconds):
        return self._cancelled

    def cancel(self):
        self._cancelled = True

    def resume_after_cancel(self):
        self._cancelled = False


@pytest.fixture
def library(small):
    yield small.library
    for record in small.library.runs():
        follower = RunFollower(small.library, record)
        end_process(follower.identity())


def start(library, command):
    runs.start_run(library, request=QUICK, command=command)
    return library.runs()[0]


def follow(library, record, control=None, tell=lambda status: None, **more):
    return follow_run(library, record, control=control or Control(), tell=tell, **more)


def end(library, record, status, **more):
    return end_run(
        run=record.id,
        status=status,
        write=lambda operation: operation(library),
        **{"auto_promote": True, "reader": None, **more},
    )


def retrain(library, command, **more):
    record = start(library, command)
    return record, end(library, record, follow(library, record), **more)


def test_a_first_model_comes_of_labels_alone(library, fake_command):
    record, changes = retrain(library, fake_command())
    active = library.active_model()
    assert active.run == record.id
    assert active.gate["verdict"] == "first"
    assert library.run(record.id).state == "finished"
    assert library.run(record.id).candidate == active.id
    assert changes.active_model
    assert active.title in changes.sentence


def test_job_and_manifest_say_what_a_run_needs_and_nothing_about_patients(
    small, library, fake_command
):
    model = add_model(small, name="swin", version=4)
    record, _ = retrain(library, fake_command())
    job = Job.read(RunFolder(library.paths.run(record.id)).job)
    assert (job.model_name, job.model_version) == ("swin", 5)
    assert job.active_model == str(library.paths.model(model))
    assert job.looks == 0
    with RunFolder(library.paths.run(record.id)).manifest.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["split"] for row in rows} == {"train", "validation", "locked"}
    assert not any("case" in value for row in rows for value in (row["group"], row["hash"]))
    assert "case 1" not in RunFolder(library.paths.run(record.id)).job.read_text()


def test_a_run_keeps_what_its_labels_rest_on(small, library, fake_command):
    library.adjudicate(reader=small.reader, patch=1, label=1, reason="tuft", call_shown=False)
    library.decide(reader=small.reader, patches=[2, 3], label=0)
    record = start(library, fake_command())
    folder = RunFolder(library.paths.run(record.id))
    counted = {"adjudicated": 1, "single reader": 2, "imported": 21}
    assert Job.read(folder.job).reference_sources == counted
    assert RunFollower(library, record).status().reference_sources == counted


def test_each_run_is_one_look_however_often_it_is_taken_over(library, fake_command):
    first, _ = retrain(library, fake_command())
    take_over_run(library, run=first.id)
    assert library.looks() == 1
    second, _ = retrain(library, fake_command())
    assert library.looks() == 2
    assert Job.read(RunFolder(library.paths.run(second.id)).job).looks == 1
    assert len(library.models()) == 2


def test_taking_over_goes_on_where_it_was_cut_off(library, fake_command, monkeypatch):
    record = start(library, fake_command())
    status = follow(library, record)
    with monkeypatch.context() as patch:
        patch.setattr("glomviewer.jobs.takeover._store_predictions", _fail)
        with pytest.raises(KeyboardInterrupt):
            end(library, record, status)
    end(library, record, status)
    assert library.active_model().run == record.id
    assert library.run(record.id).state == "finished"
    assert not RunFolder(library.paths.run(record.id)).candidate.exists()
    assert len(library.unpredicted(library.active_model().id)) < 24


def _fail(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("verdict", ["worse", "cannot_tell", "refused"])
def test_the_old_model_stays_where_the_gate_does_not_let_the_new_one_through(
    small, library, fake_command, verdict
):
    old = add_model(small)
    _, changes = retrain(library, fake_command(verdict=verdict, may_promote=False))
    assert library.active_model().id == old
    assert not changes.active_model
    assert library.models()[0].gate["verdict"] == verdict


def test_a_better_model_waits_where_it_may_not_promote_itself(small, library, fake_command):
    old = add_model(small)
    retrain(library, fake_command(), auto_promote=False)
    assert library.active_model().id == old
    assert library.models()[0].gate["verdict"] == "better"


def test_out_of_fold_calls_are_kept_for_ranking(library, fake_command):
    retrain(library, fake_command())
    table = library.load_table(None)
    view = library.load_model_view(table, library.active_model().id)
    train = table["split"] == 0
    assert (view.ranking[train] == view.ranking[train]).all()
    assert view.trained_on[train].all()


def test_a_second_run_is_refused_while_one_goes_on(library, fake_command, tmp_path):
    waiting = fake_command(gate_to_wait_for=str(tmp_path / "never"))
    record = start(library, waiting)
    with pytest.raises(JobError, match="running already"):
        start(library, waiting)
    runs.stop_run(library, run=record.id)


def test_a_cancel_stops_the_run_and_it_can_be_resumed(library, fake_command, tmp_path):
    record = start(library, fake_command(gate_to_wait_for=str(tmp_path / "never")))
    (RunFolder(library.paths.run(record.id)).checkpoints).mkdir(exist_ok=True)
    (RunFolder(library.paths.run(record.id)).checkpoints / "epoch-1").touch()
    control = Control()
    control.cancel()
    status = follow(library, record, control)
    assert (status.state, status.resumable) == ("stopped", True)
    end(library, record, status)
    assert library.run(record.id).state == "stopped"
    runs.resume_run(library, run=record.id, command=fake_command())
    end(library, record, follow(library, library.run(record.id)))
    assert library.active_model().run == record.id


def test_a_run_that_does_not_listen_is_ended_after_its_grace(library, fake_command, tmp_path):
    record = start(library, fake_command(deaf=True, gate_to_wait_for=str(tmp_path / "never")))
    control = Control()
    control.cancel()
    assert follow(library, record, control, grace=0.1).state == "interrupted"


def test_closing_the_window_leaves_the_run_going(library, fake_command, tmp_path):
    open_gate = tmp_path / "go on"
    record = start(library, fake_command(gate_to_wait_for=str(open_gate)))
    control = Control()
    control.closing = True
    with pytest.raises(RunLeft):
        follow(library, record, control)
    assert not runs.status_of(library, record.id).over
    found = runs.unfinished_run(library)
    assert found is not None
    assert found.id == record.id
    open_gate.touch()
    end(library, found, follow(library, found))
    assert library.active_model().run == record.id
    assert runs.unfinished_run(library) is None


def test_a_crash_is_told_with_its_last_words(library, fake_command):
    record = start(library, fake_command(crash_at=2))
    with pytest.raises(JobError, match=r"device-side assert.* resumed from its last epoch"):
        end(library, record, follow(library, record))
    assert library.run(record.id).state == "stopped"
    assert "device-side assert" in library.run(record.id).message


def test_without_labels_nothing_is_started(tmp_path, fake_command):
    from builders import make_library, plans

    small = make_library(tmp_path / "unlabelled", plans(labelled=False))
    with small.library as library, pytest.raises(JobError, match="nothing to train on"):
        start(library, fake_command())
    with type(library).open(library.folder) as again:
        assert again.runs() == []
