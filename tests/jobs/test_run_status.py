import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glomviewer.jobs.process_tree import ProcessIdentity
from glomviewer.jobs.run_status import OUTPUT, RunReader
from glomviewer.jobs.tail import GrowingFile
from training import events
from training.config import RunFolder

US = ProcessIdentity.of(os.getpid())
NOBODY = ProcessIdentity(os.getpid(), 12.0)


def epoch(number, *, loss=0.5, **more):
    return events.Epoch(
        **more,
        epoch=number,
        epochs=3,
        train_loss=loss,
        validation_loss=loss,
        train_auc=None,
        validation_auc=0.9,
        learning_rate=1e-4,
        images_per_second=None,
    )


@pytest.fixture
def run(tmp_path):
    return RunFolder(tmp_path)


def say(run, *said):
    with run.events.open("a", encoding="utf-8") as file:
        file.writelines(f"{events.encode(event)}\n" for event in said)


def test_a_run_that_has_said_nothing_yet_is_running(run):
    assert RunReader(run).update(US).state == "running"


def test_epochs_notes_and_progress_are_followed(run):
    reader = RunReader(run)
    say(run, events.Started(verb="finetune", device="cpu"), events.Note(text="few cases"))
    heard = events.Progress(done=1, total=9, seconds_left=8.0)
    say(run, epoch(1), heard)
    status = reader.update(US)
    assert (status.state, status.device, status.notes) == ("running", "cpu", ("few cases",))
    assert (status.progress, status.seconds_left) == (heard, 8.0)
    say(run, epoch(2))
    status = reader.update(US)
    assert [each.epoch for each in status.epochs] == [1, 2]
    assert status.progress is None, "what it was about is done"


def test_a_result_ends_it_with_its_gate(run):
    say(
        run, events.Started(verb="finetune"), events.Result(payload={"gate": {"verdict": "better"}})
    )
    status = RunReader(run).update(None)
    assert status.state == "finished"
    assert status.gate == {"verdict": "better"}


@pytest.mark.parametrize(("kind", "state"), [("cancelled", "stopped"), ("user", "failed")])
def test_an_error_ends_it_with_its_sentence(run, kind, state):
    say(run, events.Error(message="No labels.", kind=kind))
    status = RunReader(run).update(US)
    assert (status.state, status.message) == (state, "No labels.")


def test_a_process_that_is_gone_without_a_word_is_interrupted(run):
    say(run, events.Started(verb="finetune"), epoch(1))
    (run.path / OUTPUT).write_text("Traceback\nerror: out of memory\n", encoding="utf-8")
    status = RunReader(run).update(NOBODY)
    assert (status.state, status.message, status.resumable) == (
        "interrupted",
        "out of memory",
        False,
    )
    run.checkpoints.mkdir()
    (run.checkpoints / "last").touch()
    assert RunReader(run).update(NOBODY).resumable


def test_a_resumed_run_is_running_again_and_keeps_its_curves(run):
    say(run, epoch(1), events.Error(message="Stopped.", kind="cancelled"))
    say(run, events.Started(verb="finetune"), epoch(1, loss=0.4), epoch(2))
    status = RunReader(run).update(US)
    assert status.state == "running"
    assert [(each.epoch, each.train_loss) for each in status.epochs] == [(1, 0.4), (2, 0.5)]


def test_a_line_that_is_still_being_written_waits_for_its_end(run):
    reader = RunReader(run)
    line = events.encode(epoch(1))
    run.events.write_text(line[:20], encoding="utf-8")
    assert reader.update(US).epochs == ()
    with run.events.open("a", encoding="utf-8") as file:
        file.write(line[20:] + "\n")
    assert len(reader.update(US).epochs) == 1


def test_lines_that_mean_nothing_are_passed_over(run):
    run.events.write_text("\n{]\n" + json.dumps({"event": "of the future"}) + "\n")
    say(run, epoch(1))
    assert len(RunReader(run).update(US).epochs) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="abü{}", min_size=1), max_size=8), st.data())
def test_a_growing_file_gives_each_line_once_however_it_grows(tmp_path_factory, lines, data):
    path = tmp_path_factory.mktemp("grow") / "file"
    file = GrowingFile(path)
    content = "".join(f"{line}\n" for line in lines).encode()
    heard = []
    while content:
        cut = data.draw(st.integers(1, len(content)))
        with path.open("ab") as target:
            target.write(content[:cut])
        content = content[cut:]
        heard += file.new_lines()
    assert heard == lines


def test_what_curves_show_is_kept_by_its_kind_the_newest_of_each(run):
    reader = RunReader(run)
    say(run, events.Note("flat", kind="plateau"), events.Note("plain"))
    say(run, events.Note("by heart", kind="overfitting"), events.Note("flatter", kind="plateau"))
    status = reader.update(US)
    assert [note.text for note in status.hints] == ["by heart", "flatter"]
    assert status.notes[-1] == "flatter"
    say(run, events.Started(verb="finetune"))
    assert reader.update(US).hints == ()


def test_a_run_is_paused_only_once_it_says_so(run):
    reader = RunReader(run)
    run.pause.touch()
    status = reader.update(US)
    assert (status.pausing, status.paused) == (True, False)
    say(run, events.Note("paused", kind="paused"))
    status = reader.update(US)
    assert (status.pausing, status.paused) == (False, True)
    assert status.notes == ()
    run.pause.unlink()
    assert not reader.update(US).paused
    say(run, events.Note("goes on", kind="goes-on"))
    run.finish.touch()
    status = reader.update(US)
    assert (status.paused, status.finishing) == (False, True)


def test_the_time_left_is_told_by_the_pace_of_the_epochs(run):
    reader = RunReader(run)
    say(run, epoch(1, time="2026-11-21T20:00:00.000+00:00"))
    assert reader.update(US).seconds_left is None
    say(run, epoch(2, time="2026-11-21T20:00:07.000+00:00"))
    assert reader.update(US).seconds_left == 7.0
    say(run, epoch(3, time="2026-11-21T20:00:14.000+00:00"))
    assert reader.update(US).seconds_left == 0.0
    say(run, events.Note("waits", kind="paused"))
    run.pause.touch()
    assert reader.update(US).seconds_left is None
