"""Empty, failed and read-only are drawn states of the pages."""

import sys
from pathlib import Path

import pytest
from builders import make_library

from glomviewer.jobs.images import loader_for
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.session import Session
from glomviewer.store.errors import LibraryError
from glomviewer.store.library import Library
from glomviewer.ui.cases.page import CasesPage
from glomviewer.ui.library.page import LibraryPage
from glomviewer.ui.models.page import ModelsPage


def loaded(qtbot, library):
    session = Session(library, reader=next(iter(library.readers()), None))
    session.load()
    qtbot.waitUntil(lambda: session.is_loaded)
    return session


def shown(qtbot, page):
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.fixture
def second_window(qtbot, theme, session):
    """The same library, opened again while the first window holds it."""
    second = loaded(qtbot, Library.open(session.folder))
    yield second
    second.close()


def test_a_second_window_says_who_has_the_library_and_offers_no_writing(
    qtbot, second_window, actions
):
    page = shown(qtbot, LibraryPage(second_window, loader_for(second_window), actions))
    qtbot.waitUntil(lambda: page.state.shows_content)
    assert "reading only" in page.library.trouble.text()
    for button in (page.backups.now, page.readers.add, page.roots.check):
        assert not button.isEnabled()
    assert page.library.export_button.isEnabled()


def test_models_can_only_be_looked_at_in_a_second_window(qtbot, second_window, actions):
    fake = Path(__file__).parents[2] / "jobs" / "fake_training.py"
    command = PythonCommand(
        (sys.executable, "-u", str(fake)), PythonCommand.of(sys.executable).environment
    )
    models = ModelJobs(second_window, command=command)
    runs = RunJobs(second_window, models)
    page = ModelsPage(second_window, loader_for(second_window), actions, models, runs)
    shown(qtbot, page)
    qtbot.waitUntil(lambda: page.state.shows_content)
    assert not page.retrain.button.isEnabled()
    assert not page.versions.add.isEnabled()
    assert page.versions.export.isEnabled()
    qtbot.waitUntil(lambda: not second_window.tasks.running)


def test_what_can_not_be_read_is_said_and_can_be_tried_again(
    qtbot, theme, session, images, actions, monkeypatch
):
    page = LibraryPage(session, images, actions)
    working = session.library.roots

    def broken():
        raise LibraryError("The disk does not answer.")

    monkeypatch.setattr(session.library, "roots", broken)
    shown(qtbot, page)
    qtbot.waitUntil(lambda: page.state.message.sentence.text() == "The disk does not answer.")
    monkeypatch.setattr(session.library, "roots", working)
    page.state.message.button.click()
    qtbot.waitUntil(lambda: page.state.shows_content)


def test_an_empty_library_says_what_to_do(qtbot, theme, tmp_path, actions):
    session = loaded(qtbot, make_library(tmp_path / "empty", []).library)
    images = loader_for(session)
    cases = shown(qtbot, CasesPage(session, images, actions))
    qtbot.waitUntil(lambda: cases.state.message.headline.text() == "No patches yet")
    library = shown(qtbot, LibraryPage(session, images, actions))
    qtbot.waitUntil(lambda: library.state.shows_content)
    assert library.library.counts.text() == "0 patches, no case or slide known"
    session.close()
