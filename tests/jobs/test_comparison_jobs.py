"""Comparisons off the window's thread: kept, replaced, and long ones as tasks."""

import pytest
from builders import add_model, make_library

from glomviewer.domain.comparison.choosing import PatchSet
from glomviewer.jobs import comparison_jobs
from glomviewer.jobs.comparison_jobs import ComparisonJobs
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.session import Session


@pytest.fixture
def small(tmp_path):
    made = make_library(tmp_path, image_files=False)
    for version, sign in ((1, 1.0), (2, -1.0)):
        add_model(made, {patch: sign * (patch % 5 - 2) for patch in made.ids}, version=version)
    return made


@pytest.fixture
def session(qtbot, small):
    session = Session(small.library, reader=small.library.readers()[0])
    session.load()
    qtbot.waitUntil(lambda: session.is_loaded)
    yield session
    session.close()


@pytest.fixture
def jobs(session):
    return ComparisonJobs(session, session)


@pytest.fixture
def shown(jobs):
    told = []
    jobs.changed.connect(told.append)
    return told


def models_of(small):
    second, first = small.library.models()
    return first, second


def drawn(shown):
    return bool(shown) and shown[-1].figures is not None


def test_a_comparison_is_told_as_it_becomes_known(qtbot, jobs, shown, small):
    seen = []
    jobs.progressed.connect(lambda done, total: seen.append((done, total)))
    jobs.compare(*models_of(small), PatchSet.FREE)
    qtbot.waitUntil(lambda: drawn(shown))
    figures = shown[-1].figures
    assert figures.draws == 2000 and figures.first["auc"].low is not None
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == (2000, 2000))


def test_what_is_known_is_told_at_once_the_second_time(qtbot, jobs, shown, small):
    jobs.compare(*models_of(small), PatchSet.FREE)
    qtbot.waitUntil(lambda: drawn(shown))
    shown.clear()
    jobs.compare(*models_of(small), PatchSet.FREE)
    assert drawn(shown)
    jobs.forget()
    shown.clear()
    jobs.compare(*models_of(small), PatchSet.FREE)
    assert not shown
    qtbot.waitUntil(lambda: drawn(shown))


def test_a_newer_comparison_replaces_an_older(qtbot, jobs, shown, small):
    first, second = models_of(small)
    jobs.compare(first, second, PatchSet.FREE)
    jobs.compare(second, first, PatchSet.FREE)
    qtbot.waitUntil(lambda: drawn(shown))
    assert {one.comparison.first.id for one in shown} == {second.id}


def test_one_that_was_left_before_it_was_worked_out_is_worked_out_on_return(
    qtbot, jobs, shown, small
):
    first, second = models_of(small)

    def leave_once(_shown):
        jobs.changed.disconnect(leave)
        jobs.compare(second, first, PatchSet.FREE)

    leave = jobs.changed.connect(leave_once)
    jobs.compare(first, second, PatchSet.FREE)
    qtbot.waitUntil(lambda: drawn(shown))
    assert shown[-1].comparison.first.id == second.id
    shown.clear()
    jobs.compare(first, second, PatchSet.FREE)
    qtbot.waitUntil(lambda: drawn(shown))
    assert shown[-1].comparison.first.id == first.id


def test_a_look_that_is_left_takes_no_place_and_is_not_counted_twice(qtbot, jobs, shown, small):
    models = models_of(small)
    jobs.compare(*models, PatchSet.LOCKED)
    qtbot.waitUntil(lambda: bool(shown))
    jobs.look(small.reader)
    jobs.compare(*models, PatchSet.FREE)
    qtbot.waitUntil(lambda: drawn(shown))
    assert shown[-1].comparison.among is PatchSet.FREE
    qtbot.waitUntil(lambda: small.library.looks() == 1)
    shown.clear()
    jobs.compare(*models, PatchSet.LOCKED)
    qtbot.waitUntil(lambda: drawn(shown))
    assert shown[-1].comparison.looks == 1 and small.library.looks() == 1


def test_many_patches_make_a_task_that_can_be_cancelled(
    qtbot, jobs, shown, small, session, monkeypatch
):
    monkeypatch.setattr(comparison_jobs, "AT_ONCE", 0)
    tasks = []
    session.tasks.added.connect(tasks.append)
    jobs.compare(*models_of(small), PatchSet.FREE)
    qtbot.waitUntil(lambda: drawn(shown))
    assert tasks[0].title == "Intervals of demo · 2 and demo · 1"

    jobs.forget()
    shown.clear()
    session.tasks.added.connect(lambda task: task.cancel())
    jobs.compare(*models_of(small), PatchSet.FREE)
    qtbot.waitUntil(lambda: len(tasks) == 2 and tasks[1].state != "running")
    assert shown[-1].details is not None


def test_who_cancels_the_intervals_is_told_and_may_ask_again(
    qtbot, jobs, shown, small, session, monkeypatch
):
    monkeypatch.setattr(comparison_jobs, "AT_ONCE", 0)
    cancelling = session.tasks.added.connect(lambda task: task.cancel())
    models = models_of(small)
    with qtbot.waitSignal(jobs.undrawn):
        jobs.compare(*models, PatchSet.FREE)
    assert shown[-1].figures is None
    session.tasks.added.disconnect(cancelling)
    jobs.compare(*models, PatchSet.FREE)
    qtbot.waitUntil(lambda: drawn(shown))


def test_intervals_that_a_newer_comparison_ends_are_not_told_as_cancelled(
    qtbot, jobs, shown, small, session, monkeypatch
):
    monkeypatch.setattr(comparison_jobs, "AT_ONCE", 0)
    told = []
    jobs.undrawn.connect(lambda: told.append(True))
    first, second = models_of(small)
    tasks = []
    session.tasks.added.connect(tasks.append)
    jobs.compare(first, second, PatchSet.FREE)
    qtbot.waitUntil(lambda: bool(tasks))
    jobs.compare(second, first, PatchSet.FREE)
    qtbot.waitUntil(lambda: drawn(shown) and not session.tasks.running)
    assert not told


def test_a_new_name_is_told_and_what_is_known_is_kept(qtbot, jobs, shown, small):
    first, second = models_of(small)
    jobs.compare(first, second, PatchSet.LOCKED)
    qtbot.waitUntil(lambda: bool(shown))
    jobs.look(small.reader)
    qtbot.waitUntil(lambda: drawn(shown))
    figures = shown[-1].figures
    small.library.rename_model(first.id, "swin")
    shown.clear()
    jobs.compare(*models_of(small), PatchSet.LOCKED)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[-1].comparison.first.title == "swin · 1"
    assert shown[-1].figures is figures and shown[-1].may_be_seen
    assert small.library.looks() == 1


def test_a_look_that_could_not_be_counted_can_be_asked_for_again(
    qtbot, jobs, shown, small, session, monkeypatch
):
    def full(*_args, **_named):
        raise JobError("The disk is full.")

    jobs.compare(*models_of(small), PatchSet.LOCKED)
    qtbot.waitUntil(lambda: bool(shown))
    with monkeypatch.context() as patched, qtbot.waitSignal(session.failed):
        patched.setattr(comparison_jobs, "count_comparison_look", full)
        jobs.look(small.reader)
    for _ in range(2):
        jobs.look(small.reader)
    qtbot.waitUntil(lambda: drawn(shown))
    assert small.library.looks() == 1


def test_the_locked_set_keeps_its_figures_until_a_look_is_counted(qtbot, jobs, shown, small):
    jobs.compare(*models_of(small), PatchSet.LOCKED)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[-1].details is None and small.library.looks() == 0
    jobs.look(small.reader)
    qtbot.waitUntil(lambda: drawn(shown))
    assert small.library.looks() == 1 and shown[-1].comparison.looks == 1


def test_closing_does_not_wait_for_intervals(qtbot, jobs, shown, small, session):
    jobs.compare(*models_of(small), PatchSet.FREE)
    qtbot.waitUntil(lambda: bool(shown) and shown[-1].details is not None)
    session.close()
