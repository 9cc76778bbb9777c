"""Empty, loading, failed and read-only, and what the page remembers."""

from functools import partial

import pytest
from builders import make_library
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.jobs import operations
from glomviewer.jobs.images import loader_for
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library
from glomviewer.ui.review.page import ReviewPage


@pytest.fixture
def empty(tmp_path, actions, settings, qtbot):
    made = make_library(tmp_path / "empty", patches=[])
    session = Session(made.library)
    page = ReviewPage(session, loader_for(session), actions, settings)
    qtbot.addWidget(page)
    yield page
    session.close()


def test_a_library_being_read_says_so(empty):
    assert empty.state.message.headline.text() == "Reading the library…"


def test_an_empty_library_offers_to_import(empty, qtbot):
    empty.session.load()
    qtbot.waitUntil(lambda: empty.state.message.headline.text() == "No patches yet")
    with qtbot.waitSignal(empty.import_asked):
        empty.state.message.button.click()


def test_a_library_that_cannot_be_read_can_be_tried_again(empty, qtbot):
    empty.session.failed.emit("The disk said no.")
    assert empty.state.message.sentence.text() == "The disk said no."
    empty.state.message.button.click()
    qtbot.waitUntil(lambda: empty.session.is_loaded)


def test_an_empty_queue_says_why(page, qtbot):
    page.listing.open_queue(Queue.DISPUTED)
    qtbot.waitUntil(lambda: not page.middle.shows_content)
    assert page.middle.message.headline.text() == "This queue is empty"


def test_read_only_shows_all_and_decides_nothing(small, actions, settings, theme, qtbot):
    other = Library.open(small.library.folder, write=False)
    session = Session(other, reader=other.readers()[0])
    page = ReviewPage(session, loader_for(session), actions, settings)
    qtbot.addWidget(page)
    session.load()
    qtbot.waitUntil(lambda: len(page.grid.ids) == 24)
    said = []
    page.message.connect(said.append)
    page.decide(1)
    assert "open for reading only" in said[0]
    assert not page.panel.buttons.buttons[1].isEnabled()
    session.close()


def test_the_page_comes_back_where_it_was(page, session, images, actions, settings, theme, qtbot):
    page.listing.open(PatchQuery(queue=Queue.EVERYTHING, descending=True))
    qtbot.waitUntil(lambda: page.grid.ids.tolist() == list(range(24, 0, -1)))
    page.grid.go_to(5)
    page.header.same_scale.setChecked(True)
    kept = page.saved_view()
    again = ReviewPage(session, images, actions, settings)
    qtbot.addWidget(again)
    again.restore_view(kept)
    qtbot.waitUntil(lambda: len(again.grid.ids) == 24)
    assert again.grid.current_patch == 19
    assert again.grid.same_scale
    assert again.listing.query.descending


def test_a_queue_keeps_its_place(page, qtbot):
    page.grid.go_to(10)
    page.listing.open_queue(Queue.MODEL_DISAGREES)
    qtbot.waitUntil(lambda: len(page.grid.ids) == 2)
    page.listing.open_queue(Queue.EVERYTHING)
    qtbot.waitUntil(lambda: len(page.grid.ids) == 24)
    assert page.grid.current_patch == 11


def test_names_can_be_hidden(page, qtbot):
    qtbot.waitUntil(lambda: page.panel.facts.text("Name") == "p1.png")
    page.toggle_names()
    assert page.panel.facts.text("Name") == "Hidden"
    assert page.panel.facts.text("Case, slide") == "Hidden"


def test_every_control_has_a_name(page):
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QLineEdit, QScrollBar

    nameless = [
        widget
        for kind in (QAbstractButton, QAbstractSlider, QLineEdit)
        for widget in page.findChildren(kind)
        if not isinstance(widget, QScrollBar)
        and widget.isVisible()
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and widget.objectName() != "qt_toolbar_ext_button"
    ]
    assert nameless == []


def test_a_patch_that_is_still_read_independently_says_where(page, session, qtbot):
    reader = session.reader.id
    protocol = Protocol(needed=1, reveal=Reveal.NEVER)
    make = partial(operations.create_reading, name="Blind", patches=[1], protocol=protocol, seed=1)
    session.run(partial(make, readers=[reader]))
    panel = page.panel
    qtbot.waitUntil(lambda: panel.kept.isVisible())
    assert "independently in “Blind”" in panel.kept.text()
    assert not panel.facts.isVisible() and not panel.history.isVisible()
    assert not panel.buttons.buttons[1].isEnabled()
    page.grid.go_to(page.grid.place_of(2))
    qtbot.waitUntil(lambda: panel.facts.isVisible())
    assert not panel.kept.isVisible() and panel.buttons.buttons[1].isEnabled()


def test_a_filter_is_saved_and_opened_again(page, session, qtbot):
    page.listing.open(PatchQuery(labels=(1,)))
    qtbot.waitUntil(lambda: len(page.grid.ids) == 12)
    page.asking.save_filter()
    from glomviewer.ui.dialogs.filter_name import FilterNameDialog

    dialog = page.findChild(FilterNameDialog)
    assert dialog.name == "Everything, Label: globally sclerotic"
    dialog.edit.setText("Sclerotic ones")
    dialog.submit()
    filters = page.queues.filters
    qtbot.waitUntil(lambda: [row.text for row in filters.model_.rows] == ["Sclerotic ones"])
    page.listing.open_queue(Queue.EVERYTHING)
    qtbot.waitUntil(lambda: len(page.grid.ids) == 24)
    filters.picked.emit("Sclerotic ones", False)
    qtbot.waitUntil(lambda: len(page.grid.ids) == 12)
    assert page.header.title.text() == "Sclerotic ones"


def test_comment_and_exclude_ask_and_are_kept(page, session, qtbot):
    from glomviewer.ui.dialogs.comment import CommentDialog
    from glomviewer.ui.dialogs.exclude import ExcludeDialog

    page.asking.comment()
    dialog = page.findChild(CommentDialog)
    assert not dialog.verb.isEnabled()
    dialog.edit.setPlainText("Wrinkled capsule.")
    dialog.submit()
    qtbot.waitUntil(lambda: bool(session.table["commented"][0]))
    qtbot.waitUntil(lambda: "“Wrinkled capsule.”" in page.panel.history.texts())
    page.asking.exclude()
    exclude = page.findChild(ExcludeDialog)
    exclude.text.setPlainText("Wrong stain")
    exclude.all_of_case.setChecked(True)
    exclude.submit()
    qtbot.waitUntil(lambda: int(session.table["excluded"].sum()) == 4)
    assert page.listing.left == {1, 2, 3, 4}


def test_a_dispute_is_settled(page, session, small, qtbot):
    from functools import partial

    from glomviewer.jobs import operations
    from glomviewer.ui.dialogs.adjudicate import AdjudicateDialog

    for reader, code in zip(small.readers, (0, 1), strict=True):
        session.run(partial(operations.label_patches, reader=reader, patches=[1], label=code))
    qtbot.waitUntil(lambda: bool(session.table["disputed"][0]))
    page.asking.adjudicate()
    dialog = page.findChild(AdjudicateDialog)
    assert not dialog.verb.isEnabled()
    dialog.choices[1].setChecked(True)
    assert not dialog.verb.isEnabled()
    dialog.text.setPlainText("solidified")
    assert dialog.verb.isEnabled()
    dialog.submit()
    qtbot.waitUntil(lambda: not bool(session.table["disputed"][0]))
    assert int(session.table["reference"][0]) == 1


def test_changes_that_name_no_patch_read_the_list_anew(page, session, qtbot):
    page.grid.go_to(3)
    with qtbot.waitSignal(page.listing.listed):
        page.refresh(Changes(all_patches=True, labels=True))
    assert page.grid.current_patch == 4


def test_keys_go_to_the_grid_once_the_library_has_been_read(small, actions, settings, qtbot):
    session = Session(small.library)
    page = ReviewPage(session, loader_for(session), actions, settings)
    session.changed.connect(page.refresh)
    window = QWidget()
    column = QVBoxLayout(window)
    before = QPushButton("What Qt gives the focus to while nothing else shows")
    column.addWidget(before)
    column.addWidget(page)
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    qtbot.waitExposed(window)
    page.focus_content()
    window.activateWindow()
    before.setFocus()
    session.load()
    qtbot.waitUntil(page.grid.hasFocus)
    session.close()
