import json

import pytest

from glomviewer.jobs.lab_jobs import LabJobs
from glomviewer.jobs.leak_search import read_report
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.training_estimate import Estimate, Question, read_estimate

QUESTION = Question("swin", {"epochs": 3, "loss": "focal"}, 20, "cpu")


@pytest.fixture
def jobs(session, fake_command, tmp_path):
    class Jobs:
        def __call__(self, **behaviour):
            command = fake_command(asked=str(tmp_path / "asked"), **behaviour)
            return LabJobs(session, ModelJobs(session, command=command))

        def asked(self):
            lines = (tmp_path / "asked").read_text("utf-8").splitlines()
            return [json.loads(line) for line in lines]

    return Jobs()


def test_a_search_gives_what_was_found_worst_first(qtbot, session, jobs):
    findings = [
        {"kind": "a", "severity": "note", "sentence": "Harmless.", "patches": ["1", 2, "x", "1"]},
        {"kind": "b", "severity": "refuse", "sentence": "Bad.", "patches": []},
        {"kind": "c", "severity": "unheard of", "sentence": "New.", "patches": None},
        {"kind": "d", "severity": "warn", "sentence": ""},
    ]
    lab = jobs(leaks={"findings": findings, "checked": ["cases"]})
    with qtbot.waitSignal(lab.leaks_known) as known:
        task = lab.look_for_leaks()
    assert lab.look_for_leaks() is task or lab.leaks_task is not task
    (report,) = known.args
    assert [leak.sentence for leak in report.leaks] == ["Bad.", "New.", "Harmless."]
    assert report.leaks[2].patches == (1, 2)
    assert report.checked == ("cases",)
    qtbot.waitUntil(lambda: not session.tasks.running)
    assert jobs.asked()[0][:2] == ["leaks", "--manifest"]


def test_a_search_that_is_not_possible_says_why_and_raises_no_banner(qtbot, session, jobs):
    lab = jobs(leaks="unknown")
    banners = []
    session.failed.connect(banners.append)
    with qtbot.waitSignal(lab.leaks_failed) as failed:
        lab.look_for_leaks()
    assert "no verb 'leaks'" in failed.args[0]
    qtbot.waitUntil(lambda: not session.tasks.running)
    assert banners == []


def test_an_estimate_is_of_the_very_question(qtbot, session, jobs):
    lab = jobs(estimate={"seconds": 90, "memory_bytes": 2**30, "sentence": "90 s."})
    with qtbot.waitSignal(lab.estimate_known) as known:
        lab.estimate(QUESTION)
    assert known.args == [QUESTION, Estimate(90.0, 2**30, "90 s.")]
    (words,) = jobs.asked()
    assert words == [
        *("estimate", "--recipe", "swin", "--set", "epochs=3", "--set", 'loss="focal"'),
        *("--patches", "20", "--device", "cpu", "--json"),
    ]


def test_a_newer_question_takes_an_older_ones_place(qtbot, session, jobs):
    lab = jobs()
    other = Question("quick", {}, 20, "cpu")
    answered = []
    lab.estimate_known.connect(lambda question, _: answered.append(question))
    lab.estimate(QUESTION)
    lab.estimate(other)
    qtbot.waitUntil(lambda: bool(answered))
    assert answered == [other]


def test_what_cannot_be_measured_is_not_known(qtbot, session, jobs):
    lab = jobs(estimate="unknown")
    with qtbot.waitSignal(lab.estimate_known) as known:
        lab.estimate(QUESTION)
    assert known.args == [QUESTION, None]


def test_answers_of_another_shape_are_taken_for_what_they_say():
    assert read_report({}) == read_report({"findings": None, "checked": None})
    assert read_estimate({"seconds": "soon", "memory_bytes": -1}) == Estimate()
    assert read_estimate({"seconds": True, "memory_bytes": float("nan")}) == Estimate()
