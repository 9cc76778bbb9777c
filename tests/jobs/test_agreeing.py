"""Agreement beside the window's thread: at once, then with intervals; replaced and cancelled."""

import threading

import pytest
from builders import make_library
from readings import as_imported, make_reading

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.rule import DEFAULT_RULE, UnsureRule
from glomviewer.domain.agreement.statistic import Measure
from glomviewer.domain.agreement.summary import summarise
from glomviewer.domain.comparison.bootstrap import DRAWS
from glomviewer.jobs.agreeing import AgreementJobs, ratings_of
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.session import Session
from glomviewer.store.errors import Refused


@pytest.fixture
def small(tmp_path):
    made = make_library(
        tmp_path, readers=[("Ann Reader", "AR"), ("Bob Other", "BO")], image_files=False
    )
    ann, bob = made.readers
    make_reading(
        made, {ann: as_imported(made, p3=1), bob: as_imported(made, p5=1, p6=2)}, finish=True
    )
    return made


@pytest.fixture
def session(qtbot, small):
    session = Session(small.library, reader=small.library.readers()[0])
    session.load()
    qtbot.waitUntil(lambda: session.is_loaded)
    yield session
    session.close()


@pytest.fixture
def make_jobs(session):
    def make(**how):
        jobs = AgreementJobs(session, **how)
        told = []
        jobs.changed.connect(told.append)
        return jobs, told

    return make


def drawn(told):
    return bool(told) and told[-1].summary.draws == DRAWS


def test_figures_come_at_once_and_then_with_intervals(qtbot, small, make_jobs):
    jobs, told = make_jobs()
    jobs.measure(1)
    qtbot.waitUntil(lambda: drawn(told))
    table, labels = small.library.ratings(1), small.library.label_set
    plain, bounded = told
    assert not plain.summary.draws
    for measure in Measure:
        expected = summarise(table, labels).everyone[measure]
        assert plain.summary.everyone[measure] == expected
        with_interval = summarise(table, labels, plan=Bootstrap()).everyone[measure]
        assert bounded.summary.everyone[measure] == with_interval
    assert not jobs.drawing


def test_all_labels_are_asked_for_without_a_reading(qtbot, small, make_jobs):
    jobs, told = make_jobs()
    jobs.measure(None, UnsureRule.NOT_READ)
    qtbot.waitUntil(lambda: drawn(told))
    assert told[-1].summary.everyone.compared == 23 and told[-1].reading is None


def test_another_rule_reads_nothing_again(qtbot, make_jobs):
    read = []

    def count(library, reading):
        read.append(reading)
        return ratings_of(library, reading)

    jobs, told = make_jobs(ratings=count)
    jobs.measure(1)
    qtbot.waitUntil(lambda: drawn(told))
    jobs.measure(1, UnsureRule.NOT_READ)
    qtbot.waitUntil(lambda: drawn(told) and told[-1].counted.rule.rule is UnsureRule.NOT_READ)
    told.clear()
    jobs.measure(1, DEFAULT_RULE)
    assert drawn(told), "what is known is told at once"
    assert read == [1]
    jobs.forget()
    jobs.measure(1)
    qtbot.waitUntil(lambda: len(read) == 2)


def test_a_newer_question_replaces_an_older(qtbot, make_jobs):
    jobs, told = make_jobs()
    jobs.measure(1)
    jobs.measure(None)
    qtbot.waitUntil(lambda: drawn(told))
    assert {one.reading for one in told} == {None}


@pytest.mark.parametrize("at_once", [10**9, 0])
def test_intervals_can_be_cancelled_and_drawn_after_all(qtbot, make_jobs, at_once):
    jobs, told = make_jobs(at_once=at_once)
    undrawn = []
    jobs.undrawn.connect(lambda: undrawn.append(True))
    stop = jobs.changed.connect(lambda _: jobs.cancel() if jobs.drawing else None)
    jobs.progressed.connect(lambda *_: jobs.cancel())
    jobs.measure(1)
    qtbot.waitUntil(lambda: bool(undrawn))
    jobs.progressed.disconnect()
    jobs.changed.disconnect(stop)
    assert not drawn(told) and not jobs.drawing
    jobs.draw()
    qtbot.waitUntil(lambda: drawn(told))


def test_long_ones_are_a_task_with_a_cancel(qtbot, session, make_jobs):
    jobs, told = make_jobs(at_once=0)
    tasks, undrawn = [], []
    session.tasks.added.connect(tasks.append)
    jobs.undrawn.connect(lambda: undrawn.append(True))
    session.tasks.added.connect(lambda task: task.cancel())
    jobs.measure(1)
    qtbot.waitUntil(lambda: bool(undrawn))
    assert [task.title for task in tasks] == ["Intervals of agreement"]
    assert tasks[0].state == "cancelled" and not drawn(told)


def test_a_blinded_reader_is_told_so(qtbot, make_jobs):
    def refuse(_library, _reading):
        raise Refused("Not yet.")

    jobs, told = make_jobs(ratings=refuse)
    with qtbot.waitSignal(jobs.blinded) as blinded:
        jobs.measure(1)
    assert blinded.args == ["Not yet."] and not told


def test_a_failure_is_one_sentence(qtbot, make_jobs):
    def fail(_library, _reading):
        raise JobError("The disk is gone.")

    jobs, told = make_jobs(ratings=fail)
    with qtbot.waitSignal(jobs.failed) as failed:
        jobs.measure(1)
    assert failed.args == ["The disk is gone."] and not told


def test_a_failure_of_what_is_no_longer_asked_for_is_not_told(qtbot, make_jobs):
    gate = threading.Event()

    def slow(library, reading):
        if reading is None:
            gate.wait(10)
            raise JobError("The disk is gone.")
        return ratings_of(library, reading)

    jobs, told = make_jobs(ratings=slow)
    failed = []
    jobs.failed.connect(failed.append)
    jobs.measure(None)
    jobs.measure(1)
    qtbot.waitUntil(lambda: drawn(told))
    gate.set()
    qtbot.waitUntil(lambda: jobs._session.is_idle)
    assert not failed
