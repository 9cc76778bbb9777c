"""The page Disputes, driven by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from glomviewer.domain.changes import Changes
from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.jobs import operations
from glomviewer.jobs.images import loader_for
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library
from glomviewer.ui.dialogs.why import WhyDialog
from glomviewer.ui.disputes.model_line import REMARK
from glomviewer.ui.disputes.page import DisputesPage

Key, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier


def shown_counts(page):
    return [row.count for row in page.queues.states.model_.rows]


def greyed(page, patch):
    row = page.queue.row_at(page.queue.place_of(patch))
    return row is not None and page.queue.has_left(row)


def test_the_queue_says_how_many_differ_and_all_calls_stand_side_by_side(page):
    assert page.queue.ids == [1, 2, 3, 4]
    assert shown_counts(page) == [4, 0, 0, 0]
    assert page.queue.index(0).data() == "case 1, Both readers' calls differ"
    texts = page.calls.table.texts()
    assert texts[4:7] == ["Ann Reader", "Globally sclerotic", "before"]
    assert "“open loops”" in texts
    assert page.calls.headline.text() == "Both readers' calls differ"
    assert page.head.progress.text() == "Open · 1 of 4"


def test_a_label_key_and_a_reason_settle_it_and_it_stays_in_place(page, press, write, session):
    press(Key.Key_1)
    assert page.bar.asks.text() == "Globally sclerotic, because"
    write("solidified tuft")
    found = session.library.dispute(1)
    assert found.state is DisputeState.SETTLED
    assert (found.adjudication.label, found.adjudication.reason) == (1, "solidified tuft")
    assert (found.adjudication.reader.name, found.adjudication.call_shown) == ("Cara Chief", False)
    assert page.queue.ids == [1, 2, 3, 4] and greyed(page, 1) and not greyed(page, 2)
    assert page.patch == 2 and page.list.hasFocus()
    assert shown_counts(page) == [3, 0, 0, 1]
    press(Key.Key_F5)
    assert page.queue.ids == [2, 3, 4] and page.patch == 2


def test_without_a_reason_nothing_is_settled(page, press, write, session):
    press(Key.Key_0)
    write("  ")
    assert page.bar.verdict is not None and "reason" in page.bar.reason.placeholderText()
    press(Key.Key_Escape)
    assert page.bar.verdict is None and page.list.hasFocus()
    assert session.library.dispute(1).state is DisputeState.OPEN
    assert session.library.next_undo(session.reader.id) is None


def test_letters_of_a_reason_decide_nothing(page, press, write, session):
    press(Key.Key_N)
    write("nuclei, mesangium, R, K, W, X and 1 more")
    assert session.library.dispute(1).adjudication.reason.startswith("nuclei, mesangium, R, K")
    assert session.library.dispute(1).adjudication.label == 0


def test_the_model_is_behind_a_key_and_what_follows_is_kept_as_seen(
    page, press, write, session, qtbot
):
    assert "Hidden" in page.calls.model.facts.text() and page.calls.model.call.text() == ""
    with qtbot.waitSignal(page.calls_told) as told:
        press(Key.Key_M)
    assert told.args == [[1]]
    assert page.calls.model.call.text().startswith("Globally sclerotic, 0.9")
    assert "demo · 1" in page.calls.model.facts.text() and REMARK in page.calls.model.facts.text()
    press(Key.Key_M)
    assert page.calls.model.call.text() == ""
    press(Key.Key_0)
    write("patent loops")
    adjudication = session.library.dispute(1).adjudication
    assert adjudication.call_shown and adjudication.model == "demo · 1"
    press(Key.Key_0)
    write("patent loops here too")
    assert not session.library.dispute(2).adjudication.call_shown


def test_a_call_that_was_seen_elsewhere_counts_as_shown(page, press, write, session):
    page.know_calls_by(lambda patch: patch == 1)
    press(Key.Key_S)
    write("seen in Review")
    assert session.library.dispute(1).adjudication.call_shown


def test_sending_back_needs_no_reason_but_takes_one(page, press, write, session):
    press(Key.Key_R)
    write("")
    press(Key.Key_K)
    write("for all of us")
    library = session.library
    assert library.disputes(DisputeState.SENT_BACK) == [1]
    assert library.dispute(2).referral.reason == "for all of us"
    assert shown_counts(page) == [2, 1, 1, 0] and greyed(page, 1) and greyed(page, 2)


def test_what_is_on_a_list_can_be_taken_off_it(page, press, write, session):
    press(Key.Key_K)
    write("")
    press(Key.Key_Up)
    press(Key.Key_K, SHIFT)
    write("")
    assert session.library.dispute(1).referral is None
    assert not greyed(page, 1)


def test_a_list_is_not_offered_to_what_stands_on_it(page, press, write, session, qtbot):
    def offered():
        return [to for to, button in page.bar.referrals.items() if button.isVisible()]

    assert offered() == [Referral.READING, Referral.CONSENSUS]
    for key, to in ((Key.Key_K, Referral.CONSENSUS), (Key.Key_R, Referral.READING)):
        press(key)
        write("")
        press(Key.Key_Up)
        assert to not in offered() and Referral.NONE in offered()
        with qtbot.waitSignal(page.message) as said:
            press(key)
        assert said.args[0].endswith("already.") and page.bar.verdict is None
    qtbot.mouseClick(page.bar.referrals[Referral.NONE], Qt.MouseButton.LeftButton)
    write("")
    assert session.library.dispute(1).state is DisputeState.OPEN


def test_undo_brings_it_back_and_stands_on_it(page, press, write, session, qtbot):
    press(Key.Key_1)
    write("tuft")
    done = []
    session.run(
        lambda library: operations.undo(library, reader=session.reader.id), done=done.append
    )
    qtbot.waitUntil(lambda: bool(done) and session.is_idle)
    page.go_back_to(done[0])
    assert page.patch == 1 and not greyed(page, 1)
    assert shown_counts(page) == [4, 0, 0, 0]


def test_what_is_settled_can_be_settled_otherwise_but_not_referred(
    page, press, write, session, qtbot
):
    session.library.adjudicate(reader=session.reader.id, patch=3, label=1, reason="tuft")
    press(Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert page.queue.ids == [3] and page.patch == 3
    assert "adjudicated it globally sclerotic" in page.calls.standing.text()
    assert page.bar.buttons.buttons[1].chosen
    with qtbot.waitSignal(page.message) as said:
        press(Key.Key_R)
    assert "nobody has settled" in said.args[0] and page.bar.verdict is None
    press(Key.Key_U)
    write("not to be told")
    assert session.library.dispute(3).adjudication.label == 2
    assert not greyed(page, 3)


def test_the_consensus_list_is_walked_through_large(page, press, write, session, qtbot):
    library = session.library
    library.refer(reader=session.reader.id, patches=[2, 4], to=Referral.CONSENSUS)
    page.list.go_to(3)
    press(Key.Key_T)
    assert page.is_walking and page.canvas.hasFocus() and page.patch == 2
    assert page.head.progress.text().startswith("Consensus meeting · 1 of 2")
    press(Key.Key_Right)
    assert page.patch == 4
    press(Key.Key_P)
    assert page.relabelling.isVisible()
    press(Key.Key_Escape)
    assert page.is_walking and page.canvas.hasFocus() and page.patch == 4
    press(Key.Key_1)
    write("agreed by all")
    assert library.dispute(4).state is DisputeState.SETTLED and page.canvas.hasFocus()
    press(Key.Key_Left)
    assert page.patch == 2
    press(Key.Key_Escape)
    assert not page.is_walking and page.list.hasFocus()


def test_an_empty_list_says_how_to_fill_it(page, press):
    press(Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert page.patch is None and page.queues.empty.isVisible()
    assert "K puts a dispute onto it" in page.queues.empty.sentence.text()
    assert not page.bar.buttons.buttons[1].isEnabled()
    press(Key.Key_1)
    assert page.bar.verdict is None
    press(Key.Key_T)
    assert not page.is_walking


def test_why_it_counts_as_true(page, press, qtbot):
    press(Key.Key_W)
    dialog = next(one for one in page.findChildren(WhyDialog) if one.isVisible())
    assert "nobody has adjudicated" in dialog.sentence.text()
    qtbot.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)


def test_what_relabelling_does(page, press, write, session, qtbot):
    for reason in ("one", "two"):
        press(Key.Key_1)
        write(reason)
    press(Key.Key_P)
    view = page.relabelling
    assert view.isVisible()
    assert "reference label of 2 patches; 0 of 6 cases change" in view.headline.text()
    assert view.table.rows.rowCount() == 1
    before_after = view.table.rows.row_at(0).texts[:3]
    assert before_after == ("case 1", "no glomerulus", "100 % (34 to 100), 2 of 2")
    view.field.selectAll()
    qtbot.keyClicks(view.field, "20, 400")
    qtbot.keyClick(view.field, Key.Key_Return)
    assert view.trouble.isVisible() and view.cut_offs == (0.2,)
    view.field.selectAll()
    qtbot.keyClicks(view.field, "20, 50")
    qtbot.keyClick(view.field, Key.Key_Return)
    qtbot.waitUntil(lambda: session.is_idle)
    assert view.cut_offs == (0.2, 0.5)
    view.every.setChecked(True)
    assert view.table.rows.rowCount() == 6
    press(Key.Key_1)
    assert page.bar.verdict is None
    press(Key.Key_Escape)
    assert not view.isVisible() and page.list.hasFocus()


def test_a_new_reading_is_asked_for_with_the_patches(page, qtbot):
    button = page.queues.new_reading
    with qtbot.waitSignal(page.reading_asked) as asked:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == [[1, 2, 3, 4]]


def test_a_disagreement_made_elsewhere_only_changes_counts(page, session, qtbot):
    ann, bob = (reader.id for reader in session.library.readers()[:2])
    session.run(lambda library: library.decide(reader=bob, patches=[5], label=0))
    qtbot.waitUntil(lambda: session.is_idle)
    assert page.queue.ids == [1, 2, 3, 4] and shown_counts(page) == [5, 0, 0, 0]
    session.run(lambda library: library.decide(reader=ann, patches=[1], label=0))
    qtbot.waitUntil(lambda: session.is_idle)
    assert greyed(page, 1) and shown_counts(page) == [4, 0, 0, 0]


def test_another_reader_finds_nothing_of_the_one_before(page, press, session, qtbot):
    press(Key.Key_M)
    assert page.calls.model.call.text()
    with qtbot.waitSignal(session.changed):
        session.set_reader(session.library.readers()[0])
    qtbot.waitUntil(lambda: session.is_idle)
    assert page.calls.model.call.text() == "" and page.queue.ids == [1, 2, 3, 4]


def test_who_has_not_said_who_he_is_can_only_look(page, press, session, qtbot):
    with qtbot.waitSignal(session.changed):
        session.set_reader(None)
    qtbot.waitUntil(lambda: session.is_idle)
    assert (
        not page.bar.referrals[Referral.READING].isEnabled()
        and "Say who you are" in page.bar.note.text()
    )
    with qtbot.waitSignal(page.message):
        press(Key.Key_1)
    assert page.bar.verdict is None


def test_a_failed_read_is_told_and_tried_again(page, press, session, qtbot, monkeypatch):
    from glomviewer.store.errors import DamagedLibrary

    def broken(*_):
        raise DamagedLibrary("The disk is gone.")

    with monkeypatch.context() as patched:
        patched.setattr(session.library, "disputes", broken)
        page.read_queue()
        qtbot.waitUntil(lambda: not page.state.shows_content)
    button = page.state.message.findChild(QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state.shows_content)
    assert page.queue.ids == [1, 2, 3, 4]


def test_changes_that_concern_nobody_here_are_left_alone(page, qtbot, session):
    page.refresh(Changes(settings=True))
    assert session.is_idle


@pytest.mark.parametrize("walking", [False, True])
def test_enter_shows_it_large_and_back(page, press, walking):
    if walking:
        press(Key.Key_Return)
    press(Key.Key_Return)
    assert page.is_walking is not walking


def test_where_nobody_differs_the_page_says_so_until_somebody_does(page, session, qtbot):
    ann, bob = (reader.id for reader in session.library.readers()[:2])
    session.run(lambda library: library.decide(reader=bob, patches=[1, 2, 3, 4], label=1))
    qtbot.waitUntil(lambda: session.is_idle)
    page.read_queue()
    qtbot.waitUntil(lambda: not page.state.shows_content)
    assert page.state.message.headline.text() == "No dispute so far"
    session.run(lambda library: library.decide(reader=ann, patches=[2], label=0))
    qtbot.waitUntil(lambda: page.state.shows_content)
    assert page.queue.ids == [2]


def test_a_read_only_library_can_be_looked_at_only(small, qtbot, theme, actions):
    library = Library.open(small.library.folder, write=False)
    session = Session(library, reader=library.readers()[2])
    session.load()
    qtbot.waitUntil(lambda: session.is_loaded)
    page = DisputesPage(session, loader_for(session), actions)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.patch == 1 and session.is_idle)
    assert "reading only" in page.bar.note.text()
    assert not any(button.isEnabled() for button in page.bar.referrals.values())
    assert not page.bar.buttons.buttons[1].isEnabled()
    page.deciding.settle(1)
    assert page.bar.verdict is None
    session.close()


def test_a_queue_can_be_narrowed_to_one_reading(page, session, qtbot):
    library = session.library
    with library.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO readings (uuid, name, created_at) VALUES ('u', 'First', 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO reading_items (uuid, reading_id, reader_id, patch_id) "
            "VALUES ('i', 1, 1, 3)"
        )
    page.read_queue()
    qtbot.waitUntil(lambda: page.queues.reading.isVisible())
    page.queues.reading.setCurrentIndex(1)
    page.queues.reading.activated.emit(1)
    qtbot.waitUntil(lambda: page.queue.ids == [3])
    assert page.patch == 3
