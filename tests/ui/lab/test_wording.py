"""What the lab says, in the words in which it says it."""

from datetime import UTC, datetime, timedelta

import pytest

from glomviewer.domain.records import RunRecord
from glomviewer.jobs.leak_search import Leak, LeakReport
from glomviewer.jobs.run_status import RunStatus
from glomviewer.jobs.training_estimate import Estimate
from glomviewer.ui.lab import run_words, wording
from glomviewer.ui.widgets.run_line import sources_line
from training.events import Epoch, Note, Progress

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)


def run(state="running", *, recipe="swin", took=60.0, message=""):
    finished = NOW + timedelta(seconds=took) if state == "finished" else None
    return RunRecord("r", state, recipe, "", NOW, finished, 1, 1.0, None, None, message, 0)


def epoch(number=5, *, best=False):
    return Epoch(
        epoch=number,
        epochs=12,
        train_loss=0.4,
        validation_loss=0.5,
        train_auc=0.9,
        validation_auc=0.981,
        learning_rate=8.1e-5,
        images_per_second=812.4,
        best=best,
    )


@pytest.mark.parametrize(
    ("took", "sentence"),
    [
        ((), ""),
        ((70,), "The last run with swin took 1 min 10 s."),
        ((70, 300), "The last 2 runs with swin took 1 min 10 s to 5 min."),
        ((70, 70), "The last 2 runs with swin took 1 min 10 s each."),
    ],
)
def test_past_runs_of_the_recipe_tell_how_long_it_takes(took, sentence):
    others = (run("failed"), run("finished", recipe="quick", took=5))
    runs = tuple(run("finished", took=each) for each in took)
    assert wording.past_line("swin", (*others, *runs)) == sentence


def test_an_estimate_says_what_it_knows():
    assert wording.estimate_line(Estimate(240, 2**30)) == "About 4 min and 1.0 GB of memory."
    assert wording.estimate_line(Estimate(240)) == "About 4 min."
    assert wording.estimate_line(Estimate()) == ""
    assert wording.estimate_line(Estimate(1, 1, "One second.")) == "One second."


def test_leaks():
    leak = Leak("near_duplicate", "warn", "Two look alike.", (3,))
    assert wording.leaks_headline(LeakReport((leak,))) == "1 finding in the data"
    assert wording.leaks_headline(LeakReport()) == "No leak was found"
    assert wording.leak_title(leak) == "Leak: near duplicate"
    assert wording.open_text(leak) == "Open 1 patch"
    assert wording.checked_lines(LeakReport((), ("a", "b"))) == "A\nB"


def test_figures_of_a_run():
    status = RunStatus(epochs=(epoch(4, best=True), epoch(5)))
    assert run_words.figures(status)[:4] == ("5 of 12", "4, AUC 0.981", "8.1e-05", "812")
    assert run_words.figures(RunStatus()) == ("–",) * 5
    busy = RunStatus(epochs=(epoch(),), progress=Progress(1, 9, "gate", 70.0, 40.0), device="CPU")
    assert run_words.figures(busy)[3:] == ("40", "1 min 10 s")
    assert run_words.stage_line(busy) == "gate · CPU"


@pytest.mark.parametrize(
    ("asked", "headline"),
    [
        ({}, "Training swin"),
        ({"pausing": True}, "swin pauses after this step"),
        ({"paused": True}, "swin is paused"),
        ({"finishing": True, "paused": True}, "Keeping the best of swin"),
    ],
)
def test_a_run_says_what_it_was_asked_for(asked, headline):
    assert run_words.headline(run(), RunStatus(**asked), "swin") == headline


def test_what_a_run_said_last_is_told_once():
    hint = Note("By heart.", kind="overfitting")
    status = RunStatus(notes=("few cases", "By heart."), hints=(hint,))
    assert run_words.last_note(status) == "few cases"
    assert run_words.curve_sentences(status) == ["By heart."]


def test_a_run_that_failed_says_why():
    failed = run("failed", message="No memory.")
    assert run_words.end_sentence(failed, RunStatus()) == "No memory."
    kept = RunStatus(state="interrupted", message="CUDA error", resumable=True)
    assert run_words.end_sentence(failed, kept) == (
        "CUDA error. The last epoch is kept; Resume goes on from it."
    )


def test_a_run_says_what_its_labels_rest_on():
    status = RunStatus(reference_sources={"adjudicated": 14, "imported": 1612, "readers agree": 0})
    assert sources_line(status) == "Labels by source: 1,612 imported, 14 adjudicated."
    assert sources_line(RunStatus()) == ""
