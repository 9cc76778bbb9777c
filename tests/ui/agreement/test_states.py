"""What stands on the page where there is little or nothing to measure, or it may not be told."""

from dataclasses import replace

from readings import OPENLY, as_imported, make_reading

from glomviewer.domain.agreement.rule import DEFAULT_RULE
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.jobs.images import loader_for
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library
from glomviewer.ui.actions import Actions
from glomviewer.ui.agreement import page as words
from glomviewer.ui.agreement.page import AgreementPage


def says(page):
    return "" if page.result.shows_content else page.result.message.headline.text()


def test_nobody_has_read(qtbot, small, make_page):
    page = make_page()
    qtbot.waitUntil(lambda: says(page) == "Nobody has read here yet")
    assert page.head.headline.isHidden()


def test_calls_made_with_the_models_call_known_do_not_count(qtbot, small, make_page):
    ann, bob = small.readers
    openly = Protocol(independent=False, repeats=0.0, reveal=Reveal.AT_ONCE)
    make_reading(small, {ann: as_imported(small), bob: as_imported(small)}, protocol=openly)
    page = make_page()
    qtbot.waitUntil(lambda: says(page) == "No call counts here")
    assert "with the model's call known" in page.result.message.sentence.text()


def test_a_rule_that_leaves_nothing_can_be_switched_back(qtbot, small, make_page, actions):
    ann, bob = small.readers
    unsure = dict.fromkeys(small.ids, 2)
    make_reading(small, {ann: unsure, bob: unsure})
    page = make_page()
    qtbot.waitUntil(lambda: page.result.shows_content)
    actions.trigger("agreement.next_rule")
    qtbot.waitUntil(lambda: says(page) == "By this rule no call counts")
    actions.trigger("agreement.next_rule")
    actions.trigger("agreement.next_rule")
    qtbot.waitUntil(lambda: page.result.shows_content)


def test_another_reader_sees_nothing_of_what_the_last_one_saw(qtbot, page, session, small):
    page.hide()
    session.set_reader(small.library.readers()[1])
    qtbot.waitUntil(lambda: not page.result.shows_content)
    assert page.head.headline.isHidden() and page._measured is None
    page.show()
    qtbot.waitUntil(lambda: page.result.shows_content)


def test_one_reader_alone(qtbot, small, make_page):
    ann, bob = small.readers
    make_reading(small, {ann: as_imported(small, p3=1), bob: {}})
    page = make_page()
    qtbot.waitUntil(lambda: page.result.shows_content)
    assert page.head.headline.text() == "Only Ann Reader has read here so far."
    board = page.board
    assert not any(card.isVisible() for card in (board.everyone, board.pairs, board.cases))
    assert all(card.isVisible() for card in (board.model, board.time, board.matrix))


def test_a_blinded_reader_learns_nothing(qtbot, small, session, make_page):
    ann, bob = small.readers
    calls = {ann: as_imported(small), bob: as_imported(small, p5=1)}
    reading = make_reading(small, calls, finish=False)
    session.library.viewer = ann
    page = make_page()
    page.head.show_readings(small.library.readings(ann), ann)
    page.head.choose_reading(reading)
    qtbot.waitUntil(lambda: page.result.message.headline.text() == words.BLIND)
    assert page.result.message.sentence.text() == words.NOT_YET
    assert not page.result.shows_content and not page.head.headline.text()
    assert not page.head.report.isEnabled()


def test_all_labels_tell_a_blinded_reader_nothing_either(qtbot, small, session, make_page):
    ann, bob = small.readers
    calls = {ann: {1: 0, 2: 1}, bob: as_imported(small, p5=1)}
    make_reading(small, calls, finish=False)
    session.library.viewer = ann
    page = make_page()
    page.jobs.changed.connect(lambda one: seen.append(one.summary))
    seen = []
    qtbot.waitUntil(lambda: page.head.reading.count() == 2)
    page.head.choose_reading(None)
    qtbot.waitUntil(lambda: bool(seen))
    assert not any(one.everyone.compared or len(one.disputed) for one in seen)
    assert "Bob" not in page.head.headline.text()
    told = [
        ann.before.confusion.subjects[ann.before.confusion.second >= 0]
        for one in seen
        for ann in one.model
    ]
    assert all(set(patches.tolist()) <= {1, 2} for patches in told), "revealed after his commits"


def test_the_newest_reading_that_may_be_looked_into_is_shown_first(
    qtbot, small, session, make_page
):
    ann, bob = small.readers
    make_reading(small, {ann: as_imported(small), bob: as_imported(small)}, name="Done")
    calls = {ann: {1: 0}, bob: as_imported(small)}
    make_reading(small, calls, name="Under way", finish=False)
    session.library.viewer = ann
    page = make_page()
    qtbot.waitUntil(lambda: page.head.reading.count() == 3)
    assert page.head.reading_name == "Done"


def test_patches_that_are_still_read_are_said_to_be_left_out(qtbot, small, session, make_page):
    ann, bob = small.readers
    make_reading(small, {ann: as_imported(small), bob: as_imported(small)}, name="Done")
    small.library.create_reading(
        name="Under way",
        patches=small.ids[:2],
        protocol=replace(OPENLY, needed=1),
        readers=[ann],
        seed=1,
    )
    session.library.viewer = ann
    page = make_page()
    qtbot.waitUntil(lambda: bool(page.head.basis.text()))
    assert page.head.reading_name == "Done"
    assert page.head.basis.text().endswith("What you still read independently is left out.")


def test_a_reading_that_two_have_read_in_is_the_first_to_be_shown(qtbot, small, session, make_page):
    ann, bob = small.readers
    make_reading(small, {ann: as_imported(small), bob: as_imported(small)}, name="Done")
    make_reading(small, {ann: {}, bob: {}}, name="To come", finish=False)
    once = replace(OPENLY, needed=1)
    make_reading(small, {ann: {1: 0, 2: 1}}, name="One reader", protocol=once)
    page = make_page()
    qtbot.waitUntil(lambda: page.head.reading.count() == 4)
    assert page.head.reading_name == "Done"


def test_a_failure_can_be_tried_again(qtbot, read, make_page, monkeypatch):
    page = make_page()
    page.jobs.failed.emit("The disk is gone.")
    assert page.result.message.sentence.text() == "The disk is gone."
    page.result.message.button.click()
    qtbot.waitUntil(lambda: page.result.shows_content)


def test_a_library_open_for_reading_only_is_measured_as_well(qtbot, theme, small, read, tmp_path):
    small.library.close()
    with Library.open(small.library.folder, write=False) as library:
        session = Session(library, reader=library.readers()[0])
        session.load()
        qtbot.waitUntil(lambda: session.is_loaded)
        page = AgreementPage(session, loader_for(session), Actions())
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(lambda: "95 % intervals" in page.head.intervals.text())
        assert page.result.shows_content and page.head.report.isEnabled()
        with qtbot.waitSignal(page.report.written):
            page.report.write(read, tmp_path / "report", DEFAULT_RULE)
        assert "not in its log" in page.report.text.text()
        session.close()
