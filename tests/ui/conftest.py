"""A window's parts on a small library: real session, real images, no torch."""

import pytest
from builders import add_model, make_library
from PySide6.QtWidgets import QApplication

from glomviewer.jobs.images import loader_for
from glomviewer.jobs.session import Session
from glomviewer.settings import SettingsFile
from glomviewer.ui.actions import Actions
from glomviewer.ui.theme import Theme, ThemeMode


@pytest.fixture
def small(tmp_path):
    """24 patches of 6 cases, half of them sclerotic, with a model that errs on patches 1 and 2
    and is sure of the others. Patches 9 to 12 are locked."""
    made = make_library(tmp_path, readers=[("Ann Reader", "AR"), ("Bob Other", "BO")])
    table = made.library.load_table(None)
    logits = {
        int(patch): (3.0 if label == 1 else -3.0) * (-1 if patch <= 2 else 1)
        for patch, label in zip(table.ids, table["imported"], strict=True)
    }
    add_model(made, logits)
    return made


@pytest.fixture
def settings():
    return SettingsFile()


@pytest.fixture(scope="module")
def dark(qapp):
    """Dressing the application takes longer than most tests, so it is done once a module; the
    application is given back as it was."""
    before = (qapp.style().name(), QApplication.palette(), qapp.font())
    theme = Theme(qapp, ThemeMode.DARK)
    yield theme
    qapp.setStyleSheet("")
    qapp.setStyle(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])
    theme.deleteLater()


@pytest.fixture
def theme(dark):
    """The scheme of the window: dark, as long as a test asks for no other."""
    yield dark
    if dark.mode is not ThemeMode.DARK:
        dark.set_mode(ThemeMode.DARK)


@pytest.fixture
def session(small, qtbot):
    session = Session(small.library, reader=small.library.readers()[0])
    session.load()
    qtbot.waitUntil(lambda: session.is_loaded)
    yield session
    session.close()


@pytest.fixture
def images(session):
    return loader_for(session)


@pytest.fixture
def actions(qtbot):
    return Actions()
