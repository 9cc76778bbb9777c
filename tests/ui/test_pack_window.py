"""The window on the library of a reading pack: one reader, no model, no splits, no peeking."""

import os

import builders
import pytest
from machines import machine
from PySide6.QtCore import Qt

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.jobs.images import loader_for
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.session import Session
from glomviewer.store.exchange.opening import open_reading_pack
from glomviewer.store.library import Library
from glomviewer.store.packs.keys import installation_key
from glomviewer.ui.dialogs.sign_off import SignOffDialog
from glomviewer.ui.main_window import MainWindow
from glomviewer.ui.opened import OpenedLibrary
from glomviewer.ui.page_bar import PageName

ANN, BOB = ("Ann Reader", "AR"), ("Bob Reader", "BR")


@pytest.fixture
def pack(tmp_path):
    """A pack with sealed calls, for Bob."""
    small = builders.make_library(
        tmp_path / "lab", builders.plans(cases=4, each=2), readers=(ANN, BOB)
    )
    builders.add_model(small, dict.fromkeys(small.ids, 1.0))
    made = small.library.create_reading(
        name="Study",
        patches=small.ids,
        protocol=Protocol(reveal=Reveal.AFTER, repeats=0.2),
        readers=small.readers,
        seed=3,
    )
    assert made.reading is not None
    small.library.export_reading_pack(
        reading=made.reading, reader=small.readers[1], target=tmp_path / "b.glompack"
    )
    small.library.close()
    return tmp_path / "b.glompack"


@pytest.fixture
def window(pack, tmp_path, actions, settings, theme, qtbot):
    key = installation_key().fingerprint
    with machine(tmp_path / "laptop"):
        library = Library.open(open_reading_pack(pack, trust=key).folder, backup=False)
        session = Session(library, reader=library.readers()[0])
        session.load()
        qtbot.waitUntil(lambda: session.is_loaded)
        models = ModelJobs(session)
        window = MainWindow(theme, settings, actions)
        qtbot.addWidget(window)
        window.resize(1280, 720)
        window.show()
        qtbot.waitExposed(window)
        opened = OpenedLibrary(session, loader_for(session), models, RunJobs(session, models))
        window.show_library(opened)
        yield window
        window.close()
        qtbot.waitUntil(lambda: not session.saving)
        session.close()


def test_it_begins_with_the_reading(window):
    assert window.page is PageName.READINGS


def test_it_offers_a_return_and_nothing_that_belongs_at_home(window, qtbot):
    overview = window.page_widget(PageName.READINGS).overview
    qtbot.waitUntil(lambda: overview.reading is not None)
    assert overview.details.return_.isVisible()
    for button in (overview.details.export, overview.details.close_, overview.list.merge):
        assert not button.isVisible()


AT_HOME = (
    "app.import",
    "app.merge",
    "app.send_labels",
    "app.send_model",
    "library.add_reader",
    "library.export",
    "readings.close",
    "readings.export",
    "readings.merge",
    "readings.new",
    "review.adjudicate",
    "review.exclude",
    "review.include",
)
HERE = ("app.open_pack", "library.verify", "readings.finish", "readings.return", "review.flag")


def test_no_page_and_no_command_does_what_is_done_at_home(window, qtbot, actions):
    window.make_pages()
    tabs = {page for page, tab in window.bar.tabs.items() if tab.isVisible()}
    assert tabs == {PageName.READINGS, PageName.REVIEW, PageName.LIBRARY}
    for page in PageName:
        assert actions[f"app.page.{page.value.lower()}"].is_enabled == (page in tabs)
        if page not in tabs:
            window.show_page(page)
            assert window.page is PageName.READINGS
    assert [name for name in AT_HOME if actions[name].is_enabled] == []
    assert [name for name in HERE if not actions[name].is_enabled] == []
    window.show_page(PageName.LIBRARY)
    library = window.page_widget(PageName.LIBRARY)
    qtbot.waitUntil(lambda: library.state.shows_content)
    for widget in (library.library.import_button, library.library.export_button):
        assert not widget.isVisible()
    for widget in (library.readers.add, library.roots, library.splits, library.exclusions):
        assert not widget.isVisible()
    assert library.library.verify_button.isVisible() and library.keys.own.isVisible()


def test_every_page_stands_without_model_and_splits(window, qtbot):
    failures = []
    window.opened.session.failed.connect(failures.append)
    for page in window.pages:
        window.show_page(page)
        assert window.page is page
        qtbot.waitUntil(lambda: window.opened.session.is_idle)
        if folder := os.environ.get("PACK_SHOTS"):
            window.grab().save(f"{folder}/{page.name}.png")
    assert failures == []
    assert not window.failure.isVisible()


def test_a_label_reveals_the_sealed_call_and_the_return_is_offered(window, qtbot, tmp_path):
    page = window.page_widget(PageName.READINGS)
    qtbot.waitUntil(lambda: page.overview.reading is not None)
    page.read()
    qtbot.waitUntil(lambda: page.is_reading)
    session = window.opened.session
    reading = session.library.readings()[0]
    item = session.library.reading_items(reading.id, session.reader.id)[0]
    qtbot.waitUntil(lambda: page.room.screen.accepts_labels)
    qtbot.keyClick(page.room.screen, Qt.Key.Key_1)
    qtbot.waitUntil(
        lambda: session.library.revealed_call(reader=session.reader.id, item=item.id) is not None
    )
    call = session.library.revealed_call(reader=session.reader.id, item=item.id)
    assert call.model.startswith("demo")
    page.pause()
    page.return_asked.emit(session.library.readings()[0])
    qtbot.waitUntil(lambda: window.packs.dialog is not None)
    task = window.packs.dialog.return_to(tmp_path / "back")
    with qtbot.waitSignal(task.ended):
        pass
    assert task.state == "finished"
    assert len(list((tmp_path / "back").iterdir())) == 1


def test_only_what_was_read_can_be_signed_for(window, qtbot):
    page = window.page_widget(PageName.READINGS)
    qtbot.waitUntil(lambda: page.overview.reading is not None)
    page.sign_off()
    [dialog] = window.findChildren(SignOffDialog)
    offered = [meaning for meaning, button in dialog.meanings.items() if button.isVisible()]
    assert offered == [Meaning.READ] and dialog.meaning is Meaning.READ
    dialog.reject()
