"""The list of readings, its states, and what is done about one of them."""

import pytest
from audit import backward_steps, clipped, clipped_heads, cut_off, nameless
from PySide6.QtCore import Qt

from glomviewer.domain.readings.protocol import Reveal
from glomviewer.jobs.images import loader_for
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library
from glomviewer.ui.actions import Actions
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.dialogs.sign_off import SignOffDialog
from glomviewer.ui.readings.new_reading import NewReadingDialog
from glomviewer.ui.readings.page import ReadingsPage

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton


def rows(page):
    model = page.overview.table.rows
    return [(model.row_at(n).texts, model.row_at(n).tip) for n in range(model.rowCount())]


def test_an_empty_library_says_what_a_reading_is_and_offers_one(desk, page):
    desk.wait(lambda: page.state.message.headline.text() == "No reading yet")
    assert page.state.message.button.isVisible()
    desk.qtbot.mouseClick(page.state.message.button, LEFT)
    desk.dialog(NewReadingDialog).reject()


def test_before_anything_is_read_it_says_so(qtbot, session, images, actions):
    page = ReadingsPage(session, images, actions)
    qtbot.addWidget(page)
    assert page.state.message.headline.text() == "Reading what readings there are…"


def test_what_cannot_be_read_is_said_and_can_be_tried_again(desk, page, monkeypatch):
    desk.settle()
    made = desk.make(reveal=Reveal.NEVER)

    def fail(*_args):
        raise JobError("The disk is gone.")

    monkeypatch.setattr("glomviewer.ui.readings.page.read_overview", fail)
    page._read()
    desk.wait(lambda: page.state.message.sentence.text() == "The disk is gone.")
    monkeypatch.undo()
    desk.qtbot.mouseClick(page.state.message.button, LEFT)
    desk.wait(lambda: page.state.shows_content)
    assert page.reading.id == made


def test_a_row_names_the_reading_its_protocol_and_how_far_it_is(desk, page):
    desk.make(name="Study A", reveal=Reveal.NEVER, repeats=0, readers=(1, 2))
    ((texts, under),) = rows(page)
    assert texts == ("Study A", "yours: 0 of 12")
    assert under == "12 patches, read independently; the model's call never shown"


def test_progress_is_counted_as_one_reads(desk, page):
    reading = desk.make(reveal=Reveal.NEVER, repeats=0)
    desk.begin(reading)
    for _ in range(5):
        desk.press(Key.Key_0)
    desk.press(Key.Key_Escape)
    desk.wait(lambda: not page.is_reading)
    desk.settle()
    assert rows(page)[0][0][1] == "yours: 5 of 12"
    assert page.overview.details.read.text() == "Go on reading"
    assert page.overview.details.line.share == pytest.approx(5 / 12)


def test_who_still_reads_independently_learns_only_his_own_progress(desk, page):
    reading = desk.make(reveal=Reveal.NEVER, repeats=0, readers=(1, 2))
    details = page.overview.details
    assert [details.readers.rows.row_at(0).texts[0]] == ["Ann Reader"]
    assert details.readers.rows.rowCount() == 1
    assert details.blinded.isVisible()
    desk.session.run(
        lambda library: library.finish_reading(reading=reading, reader=1, reason="enough")
    )
    desk.settle()
    desk.wait(lambda: details.readers.rows.rowCount() == 2)
    assert not details.blinded.isVisible()


def test_the_store_does_not_hand_a_blinded_reader_the_list_of_another(desk, page):
    reading = desk.make(reveal=Reveal.NEVER, repeats=0, readers=(1, 2))
    with pytest.raises(Exception, match="finish"):
        desk.library.reading_items(reading, 2)


def test_finishing_with_patches_left_takes_a_reason(desk, page):
    reading = desk.make(reveal=Reveal.NEVER, repeats=0)
    desk.choose(reading)
    desk.qtbot.mouseClick(page.overview.details.finish, LEFT)
    dialog = desk.dialog(ReasonDialog)
    assert "12 of 12 patches are unread" in dialog.sentence.text()
    assert not dialog.verb.isEnabled()
    dialog.text.setPlainText("The study was stopped.")
    dialog.verb.click()
    desk.settle()
    assert desk.library.reading(reading).progress_of(1).finished is not None
    assert not page.overview.details.finish.isEnabled()


def test_who_still_reads_does_not_close_it_for_all(desk, page):
    desk.choose(desk.make(reveal=Reveal.NEVER, repeats=0))
    assert not page.overview.details.close_.isEnabled()
    told = []
    page.message.connect(told.append)
    page.close_reading()
    assert told[0].startswith("You still read in it independently.")


def test_a_closed_reading_is_not_read_in(desk, page):
    reading = desk.make(independent=False, reveal=Reveal.NEVER, repeats=0)
    desk.choose(reading)
    page.close_reading()
    dialog = desk.dialog(ReasonDialog)
    assert "Ann Reader has not finished" in dialog.sentence.text()
    dialog.text.setPlainText("Made by mistake.")
    dialog.verb.click()
    desk.settle()
    desk.wait(lambda: rows(page)[0][0][1] == "closed")
    details = page.overview.details
    assert not details.read.isEnabled()
    assert details.obstacle.text().startswith("This reading is closed")


def test_a_sign_off_shows_with_its_meaning_and_note(desk, page):
    reading = desk.make(patches=[1, 2], reveal=Reveal.NEVER, repeats=0)
    desk.begin(reading)
    desk.press(Key.Key_0)
    desk.press(Key.Key_0)
    desk.press(Key.Key_Return)
    desk.dialog(FormDialog).verb.click()
    desk.wait(lambda: not page.is_reading)
    desk.settle()
    page.sign_off()
    dialog = desk.dialog(SignOffDialog)
    dialog.note.setPlainText("All of it in one sitting.")
    dialog.verb.click()
    desk.settle()
    said = page.overview.details.signed.text()
    assert said.startswith("Ann Reader, read, ")
    assert said.endswith(": All of it in one sitting.")
    assert rows(page)[0][0][1] == "signed off"


def test_a_refused_sign_off_stays_in_its_dialog(desk, page):
    reading = desk.make(reveal=Reveal.NEVER, repeats=0)
    desk.choose(reading)
    page.sign_off()
    dialog = desk.dialog(SignOffDialog)
    dialog.verb.click()
    desk.wait(lambda: dialog.trouble.text())
    assert dialog.isVisible()
    assert desk.library.signoffs() == []
    dialog.reject()


def test_somebody_else_cannot_read_in_it_and_is_told_why(desk, page):
    reading = desk.make(reveal=Reveal.NEVER, repeats=0, readers=(2,))
    desk.choose(reading)
    details = page.overview.details
    assert details.obstacle.text() == "Ann Reader is not a reader of this reading."
    told = []
    page.message.connect(told.append)
    desk.qtbot.keyClick(page.overview.table, Key.Key_Return)
    assert told == ["Ann Reader is not a reader of this reading."]
    assert not page.is_reading


def test_pack_buttons_say_which_reading_they_are_about(desk, page):
    reading = desk.make(reveal=Reveal.NEVER, repeats=0)
    desk.choose(reading)
    asked = []
    page.export_pack_asked.connect(lambda one: asked.append(("export", one.id)))
    page.return_asked.connect(lambda one: asked.append(("return", one.id)))
    page.merge_asked.connect(lambda: asked.append(("merge", None)))
    desk.qtbot.mouseClick(page.overview.details.export, LEFT)
    desk.qtbot.mouseClick(page.overview.details.return_, LEFT)
    desk.qtbot.mouseClick(page.overview.list.merge, LEFT)
    assert asked == [("export", reading), ("return", reading), ("merge", None)]


def test_a_library_open_elsewhere_is_looked_at_and_not_read_in(desk, page, qtbot):
    desk.make(reveal=Reveal.NEVER, repeats=0)
    folder = desk.library.folder
    second = Library.open(folder)
    assert second.read_only
    session = Session(second, reader=second.readers()[0])
    session.load()
    qtbot.waitUntil(lambda: session.is_loaded)
    other = ReadingsPage(session, loader_for(session), Actions())
    qtbot.addWidget(other)
    other.show()
    qtbot.waitUntil(lambda: other.state.shows_content)
    details = other.overview.details
    assert "reading only" in details.obstacle.text()
    for button in (details.read, details.finish, details.sign, details.close_, details.export):
        assert not button.isEnabled()
    assert not other.overview.list.new.isEnabled()
    other.new_reading()
    other.read()
    assert not other.is_reading
    session.close()


@pytest.mark.parametrize("width", [960, 1280])
def test_everything_fits_and_has_a_name(desk, page, width):
    reading = desk.make(reveal=Reveal.AFTER, repeats=0, readers=(1, 2))
    page.resize(width, 645)
    desk.settle()
    desk.wait(lambda: not (nameless(page) + clipped(page) + clipped_heads(page) + cut_off(page)))
    desk.begin(reading)
    desk.press(Key.Key_U)
    desk.wait(lambda: not (nameless(page) + clipped(page) + cut_off(page)))
    desk.press(Key.Key_1)
    desk.wait(lambda: not (nameless(page) + clipped(page) + cut_off(page)))
    stops = []
    while page.focusWidget() not in stops:
        stops.append(page.focusWidget())
        desk.qtbot.keyClick(page.focusWidget(), Key.Key_Tab)
    assert backward_steps(stops) == []
