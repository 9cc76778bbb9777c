import threading
from functools import partial

import pytest
from builders import add_model
from PySide6.QtCore import QObject

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled
from glomviewer.store.errors import Refused
from glomviewer.store.library import Library


def label(session, patches, code):
    return partial(operations.label_patches, reader=session.reader.id, patches=patches, label=code)


def current(session, patch):
    row = session.table.rows_of((patch,))[0]
    return int(session.table["current"][row])


def asked(qtbot, ask):
    """What a question of the session is answered."""
    answers = []
    ask(answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def test_a_label_is_durable_and_in_the_table_when_changed_is_told(qtbot, session):
    seen = []
    session.changed.connect(lambda changes: seen.append((current(session, 3), changes)))
    with qtbot.waitSignal(session.changed):
        session.run(label(session, [3], 2))
    code, changes = seen[0]
    assert code == 2
    assert changes.labels
    assert changes.undo
    assert session.library.history(3)[0].label == 2


def test_writes_keep_their_order_and_saving_ends_with_the_last(qtbot, session):
    states = []
    session.busy.connect(states.append)
    for code in (1, 0, 2, 3, 1):
        session.run(label(session, [7], code))
    assert session.saving
    qtbot.waitUntil(lambda: states == [True, False])
    assert current(session, 7) == 1
    assert [decision.label for decision in session.library.history(7)] == [1, 3, 2, 0, 1]


def test_done_is_called_after_the_table_is_renewed(qtbot, session):
    told = []
    session.run(label(session, [5], 3), done=lambda changes: told.append(current(session, 5)))
    qtbot.waitUntil(lambda: told == [3])


def test_a_refused_write_is_told_in_one_sentence_and_changes_nothing(qtbot, session):
    with qtbot.waitSignal(session.failed) as failed:
        session.run(label(session, [3], 77))
    assert "no label 77" in failed.args[0]
    assert current(session, 3) == -1
    assert not session.saving


def test_undo_comes_back_to_what_was(qtbot, session):
    session.run(label(session, [3, 4, 5], 1))
    with qtbot.waitSignal(session.changed, check_params_cb=lambda c: "ndo" in c.sentence):
        session.run(partial(operations.undo, reader=session.reader.id))
    assert [current(session, patch) for patch in (3, 4, 5)] == [-1, -1, -1]


def test_another_reader_sees_his_own_labels(qtbot, session):
    session.run(label(session, [3], 1))
    with qtbot.waitSignal(session.changed, check_params_cb=lambda c: c.readers):
        session.set_reader(None)
    assert current(session, 3) == -1


def test_queries_counts_and_histogram_are_answered(qtbot, session, small):
    add_model(small, {patch: patch - 12.5 for patch in range(1, 25)})
    with qtbot.waitSignal(session.changed):
        session.run(lambda library: Changes(models=True, active_model=True, predictions=True))
    assert session.active_model.name == "demo"
    ids = asked(qtbot, partial(session.select, PatchQuery(calls=(1,))))
    # The locked case's calls are guarded: its patches are in no list by call.
    assert ids.tolist() == list(range(13, 25))
    counts = asked(qtbot, session.queue_counts)
    assert counts[Queue.EVERYTHING] == 24
    assert counts[Queue.NOT_YET_SEEN] == 24
    histogram = asked(qtbot, partial(session.histogram, PatchQuery()))
    assert histogram.counts.sum() == 20


def test_names_are_searched(qtbot, session):
    ids = asked(qtbot, partial(session.select, PatchQuery(text="P2")))
    assert ids.tolist() == [2, 20, 21, 22, 23, 24]
    assert asked(qtbot, partial(session.select, PatchQuery(text="slide 3"))).tolist() == [
        9,
        10,
        11,
        12,
    ]


def test_only_the_newest_question_of_a_lane_is_answered(qtbot, session):
    answers = []
    gate = threading.Event()
    for _ in range(2):
        # Both reading threads are kept busy, so that the questions queue up.
        session.compute(partial(gate.wait, 10), lambda _: None)
    for number in range(5):
        session.ask(lambda library, number=number: number, answers.append, lane="grid")
    session.ask(lambda library: "other", answers.append)
    gate.set()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert sorted(map(str, answers)) == ["4", "other"]


class Listener(QObject):
    def __init__(self):
        super().__init__()
        self.heard = []

    def on_answer(self, value):
        self.heard.append(value)


def test_an_answer_for_a_widget_that_is_gone_is_dropped(qtbot, session):
    listener = Listener()
    gate = threading.Event()
    session.ask(lambda library: gate.wait(10), listener.on_answer)
    listener.deleteLater()
    with qtbot.waitSignal(listener.destroyed):
        pass
    gate.set()
    assert asked(qtbot, partial(session.ask, lambda library: "next")) == "next"
    assert listener.heard == []


def test_a_failed_question_is_told_where_it_was_asked(qtbot, session):
    def fails(library):
        raise Refused("Not today.")

    told = []
    session.ask(fails, lambda _: None, failed=told.append)
    qtbot.waitUntil(lambda: told == ["Not today."])


def test_a_fault_of_the_program_reaches_the_reader_and_the_log(qtbot, session):
    def faulty(library):
        raise ZeroDivisionError("oops")

    with qtbot.capture_exceptions() as caught, qtbot.waitSignal(session.failed) as failed:
        session.ask(faulty, lambda _: None)
    assert "ZeroDivisionError" in failed.args[0]
    assert caught[0][0] is ZeroDivisionError
    assert asked(qtbot, partial(session.ask, lambda library: 1)) == 1


def test_a_task_reports_progress_writes_and_ends_once(qtbot, session):
    def work(control):
        control.progress(1, 2, "half")
        changes = control.write(label(session, [9], 1))
        return f"{changes.sentence} Done."

    heard, ended = [], []
    session.tasks.removed.connect(ended.append)
    task = session.tasks.start("Labelling", work, kind="label")
    task.progressed.connect(lambda *progress: heard.append(progress))
    with qtbot.waitSignal(task.finished) as finished:
        assert session.tasks.of_kind("label") is task
    assert finished.args[0].endswith("Done.")
    assert heard[0][:3] == (1, 2, "half")
    assert current(session, 9) == 1
    qtbot.waitUntil(lambda: len(ended) == 1)
    assert session.tasks.running == []


def test_a_cancelled_task_says_so(qtbot, session):
    def work(control):
        control.wait(30)
        raise Cancelled

    task = session.tasks.start("Waiting", work)
    with qtbot.waitSignal(task.cancelled):
        task.cancel()


def test_a_failed_task_says_why(qtbot, session):
    def work(control):
        raise Refused("The disk is full.")

    with qtbot.waitSignal(session.tasks.start("Failing", work).failed) as failed:
        pass
    assert failed.args == ["The disk is full."]


def test_closing_saves_what_is_outstanding_and_cancels_the_rest(qtbot, small):
    session = Session(small.library, reader=small.library.reader(small.reader))
    session.load()
    left = []

    def work(control):
        control.wait(30)
        left.append(control.closing)
        return ""

    session.tasks.start("Long", work)
    for patch in range(1, 21):
        session.run(label(session, [patch], 1))
    session.close()
    assert left == [True]
    with Library.open(small.library.folder) as again:
        table = again.load_table(small.reader)
        assert (table["current"][:20] == 1).all()


def test_who_only_reads_is_told_who_writes(qtbot, small):
    with Library.open(small.library.folder) as second:
        assert second.read_only
        session = Session(second)
        with qtbot.waitSignal(session.failed) as failed:
            session.run(lambda library: pytest.fail("must not run"))
        assert "has this library open for writing" in failed.args[0]
        session.close()


def test_what_was_asked_for_one_reader_is_not_answered_to_the_next(qtbot, session):
    other = session.library.add_reader("Cara Next", "CN")
    asking, answers = threading.Event(), []

    def question(library):
        asking.wait(10)
        return library.names_of([1])

    session.ask(question, answers.append)
    session.set_reader(other)
    asking.set()
    qtbot.waitUntil(lambda: session.is_idle)
    assert answers == []
    assert session.library.viewer == other.id
