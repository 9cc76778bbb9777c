"""The lab where something is missing: labels, a Python, the right to write, a window."""

import pytest
from builders import make_library, plans
from PySide6.QtCore import Qt

from glomviewer.jobs.environment import TrainingEnvironment
from glomviewer.jobs.images import loader_for
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library
from glomviewer.ui.actions import Actions
from glomviewer.ui.lab.page import NOTHING_YET, READ_ONLY, UNDER_WAY, LabPage


@pytest.fixture
def lab_of(qtbot, theme, command):
    """Makes the page over a library as one finds it when it is opened."""
    sessions = []

    def make(library):
        session = Session(library, reader=next(iter(library.readers()), None))
        sessions.append(session)
        session.load()
        qtbot.waitUntil(lambda: session.is_loaded)
        models = ModelJobs(session, command=command)
        runs = RunJobs(session, models, auto_promote=False)
        page = LabPage(session, loader_for(session), Actions(), models, runs)
        qtbot.addWidget(page)
        session.changed.connect(page.refresh)
        page.show()
        qtbot.waitUntil(lambda: page._known is not None)
        return page, session, runs

    yield make
    for session in sessions:
        session.close()


def test_without_a_label_it_says_how_to_begin(lab_of, tmp_path):
    made = make_library(tmp_path, plans(labelled=False))
    page, _, _ = lab_of(made.library)
    assert not page.state.shows_content
    assert page.state.message.headline.text() == NOTHING_YET
    page.train()


def test_one_class_alone_is_an_obstacle_in_words(lab_of, tmp_path):
    made = make_library(tmp_path)
    ids = made.library.load_table(None).ids.tolist()
    made.library.decide(reader=made.reader, patches=ids, label=0)
    page, _, _ = lab_of(made.library)
    assert page.bar.cost.text() == (
        "The training set holds no patch labelled globally sclerotic yet."
    )
    assert not page.bar.train.isEnabled()


def test_a_library_for_reading_only_shows_all_and_trains_nothing(lab_of, tmp_path):
    made = make_library(tmp_path)
    page, _, _ = lab_of(Library.open(made.library.folder, write=False))
    assert page.state.shows_content
    assert page.bar.cost.text() == READ_ONLY
    assert not page.bar.train.isEnabled()
    made.library.close()


def test_without_torch_it_says_what_to_install(qtbot, page):
    qtbot.waitUntil(lambda: page.jobs.leaks_task is None)
    page._models.environment = TrainingEnvironment(
        "", missing=("torch",), sentence="Models can't run here.", remedy="pip install this"
    )
    page._models.environment_known.emit(page._models.environment)
    assert page.missing.isVisible()
    assert page.missing.command.text() == "pip install this"
    assert page.bar.cost.text() == "Models can't run here."
    assert not page.bar.train.isEnabled()
    assert not page.leaks.look.isEnabled()


@pytest.mark.parametrize("behaviour", [{"slow": 0.2, "epochs": 400}])
def test_a_run_survives_the_window_and_stands_first_in_the_next(qtbot, lab_of, tmp_path, behaviour):
    made = make_library(tmp_path)
    page, session, _ = lab_of(made.library)
    qtbot.waitUntil(lambda: page.bar.train.isEnabled())
    qtbot.mouseClick(page.bar.train, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.run.figures["Epoch"].text() != "–")
    folder = session.folder
    session.close()
    page, session, runs = lab_of(Library.open(folder))
    runs.recover()
    qtbot.waitUntil(lambda: page.run.cancel.isVisible())
    assert page.run.parentWidget() is page.place.top
    assert page.bar.cost.text() == UNDER_WAY
    before = page.run.figures["Epoch"].text()
    qtbot.waitUntil(lambda: page.run.figures["Epoch"].text() != before)
    page.cancel()
    qtbot.waitUntil(lambda: not session.tasks.running)
    assert session.library.runs()[0].state == "stopped"
