"""The page of the threshold, by keys and mouse, over a real library."""

import pytest
from PySide6.QtCore import QPoint, Qt
from threshold_steps import choose_rule, press

from glomviewer.domain.labels import Split
from glomviewer.domain.thresholds.sets import OUT_OF_FOLD, VALIDATION

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
BY_HAND, BEST_F1, COST, RECALL, PRECISION = range(5)


def threshold_in_force(session):
    return session.active_model.threshold


def test_it_names_the_model_the_patches_the_threshold_and_what_it_is_not(page):
    assert page.view.headline.text() == "Threshold 0.50"
    assert page.view.standing.text() == (
        "demo · 1 on 20 out-of-fold patches of 5 cases, 10 of them sclerotic. Locked patches take "
        "no part. For review, not for diagnosis."
    )
    assert page.view.history.table.rows.row_at(0).texts[1:3] == ("0.50", "—")


def test_arrows_move_the_line_over_one_patch_and_everything_follows(qtbot, page):
    before = page.view.beside.shown
    press(qtbot, page, Key.Key_Right)
    assert page.threshold == pytest.approx((13 - 12.5) / 4 + 0.125)
    assert page.view.beside.shown != before
    assert page.view.headline.text() == "Threshold 0.56, now 0.50"
    assert page.view.figures.cells[0, 1].text().startswith("5\n")
    press(qtbot, page, Key.Key_Left)
    press(qtbot, page, Key.Key_Left)
    assert page.threshold == pytest.approx((8 - 12.5) / 4 - 0.125)
    assert page.view.figures.values["recall"].text() == "0.700"


def test_home_and_end_and_pages_lead_further(qtbot, page):
    press(qtbot, page, Key.Key_End)
    assert page.view.figures.values["recall"].text() == "0.000"
    assert page.view.figures.values["precision"].text() == "undefined"
    press(qtbot, page, Key.Key_Home)
    assert page.view.figures.values["recall"].text() == "1.000"
    home = page.threshold
    press(qtbot, page, Key.Key_PageDown)
    assert page.threshold > home
    press(qtbot, page, Key.Key_Escape)
    assert page.threshold == 0.0


def test_dragging_shows_wilson_and_resting_the_draws_by_case(qtbot, page):
    strip = page.strip
    start, end = (QPoint(round(strip.axis.x_of(at)), 100) for at in (0.0, 1.0))
    qtbot.mousePress(strip, LEFT, pos=start)
    qtbot.mouseMove(strip, end)
    qtbot.mouseRelease(strip, LEFT, pos=end)
    qtbot.mousePress(strip, LEFT, pos=end)
    assert page.threshold == pytest.approx(1.0, abs=0.02)
    assert "Wilson's while the line moves" in page.view.figures.kind.text()
    qtbot.waitUntil(lambda: "2,000 bootstrap draws of 5 cases" in page.view.figures.kind.text())
    assert "not reliable" in page.view.figures.kind.text()


def test_a_rule_puts_the_line_and_a_move_is_for_everybody(qtbot, page, session):
    choose_rule(qtbot, page, RECALL, "0.8")
    assert page.view.figures.values["recall"].text() == "0.800"
    assert page.choice.move_button.isEnabled()
    wanted = page.threshold
    qtbot.mouseClick(page.choice.move_button, LEFT)
    qtbot.waitUntil(lambda: threshold_in_force(session) == wanted)
    newest = session.library.threshold_history(session.active_model.id)[0]
    assert (newest.rule, newest.reason) == (
        "recall:0.8",
        "on 20 out-of-fold patches of 5 cases",
    )
    assert newest.reader.initials == "AR"
    assert session.table.view.threshold == wanted
    qtbot.waitUntil(lambda: page.view.history.table.rows.rowCount() == 2)
    assert page.view.history.table.rows.row_at(0).texts[3].startswith("recall at least 0.8, on 20")


def test_by_hand_needs_a_reason(qtbot, page, session):
    press(qtbot, page, Key.Key_Right)
    assert not page.choice.move_button.isEnabled()
    assert page.choice.obstacle.text() == "By hand needs a reason."
    page.move_threshold()
    qtbot.keyClicks(page.choice.reason, "fewer false alarms")
    wanted = page.threshold
    press(qtbot, page, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: threshold_in_force(session) == wanted)
    history = session.library.threshold_history(session.active_model.id)
    assert [(one.rule, one.reason) for one in history[:-1]] == [("by hand", "fewer false alarms")]
    qtbot.waitUntil(lambda: page.choice.reason.text() == "")


def test_undo_and_redo_by_keys_are_lines_of_the_history(qtbot, page, session):
    choose_rule(qtbot, page, BEST_F1)
    moved = page.threshold
    press(qtbot, page, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: page.choice.undo.isEnabled())
    assert page.choice.undo.text() == "Undo: back to 0.50"
    press(qtbot, page, Key.Key_U, CONTROL)
    qtbot.waitUntil(lambda: page.choice.redo.isVisible() and page.choice.redo.isEnabled())
    assert threshold_in_force(session) == 0.0
    assert not page.choice.undo.isEnabled()
    assert page.threshold == 0.0
    press(qtbot, page, Key.Key_U, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: threshold_in_force(session) == moved)
    history = session.library.threshold_history(session.active_model.id)
    assert [one.rule for one in history] == ["redo", "undo", "best-f1", "f1"]


def test_a_number_that_is_none_is_told_and_changes_nothing(qtbot, page):
    choose_rule(qtbot, page, PRECISION, "7")
    assert page.choice.trouble.text() == "A share above 0 and up to 1, such as 0.95."
    assert not page.choice.move_button.isEnabled()
    press(qtbot, page, Key.Key_Return, CONTROL)
    choose_rule(qtbot, page, PRECISION, "1")
    assert page.choice.trouble.text() == ""
    assert page.view.figures.values["precision"].text() == "1.000"


def test_other_patches_can_decide(qtbot, page):
    choose_rule(qtbot, page, BEST_F1)
    before = page.threshold
    page.choice.patches.setCurrentIndex(1)
    page.choice.patches.activated.emit(1)
    assert page.choice.patches.currentData() == VALIDATION
    assert "on 4 validation patches" in page.view.standing.text()
    assert "flatter it a little" in page.view.standing.text()
    assert page.threshold != before


def test_cases_that_cross_are_listed_and_open(qtbot, page):
    press(qtbot, page, Key.Key_End)
    qtbot.waitUntil(lambda: page.view.cases.table.rows.rowCount() > 0)
    panel = page.view.cases
    assert panel.headline.text() == "3 of 5 cases cross 20 %"
    assert {panel.table.rows.row_at(row).texts[2:] for row in range(3)} == {("100.0 %", "0.0 %")}
    with qtbot.waitSignal(page.open_patches) as opened:
        panel.table.setCurrentIndex(panel.table.model().index(0, 0))
        qtbot.keyClick(panel.table, Key.Key_Return)
    assert opened.args[0].cases == (panel.table.rows.row_at(0).texts[0],)


def test_the_cut_off_can_be_another(qtbot, page):
    page.step(2)
    qtbot.waitUntil(lambda: page.view.cases.headline.text() == "None of 5 cases crosses 20 %")
    page.view.cases.cut_off_edit.selectAll()
    qtbot.keyClicks(page.view.cases.cut_off_edit, "60")
    assert page.view.cases.headline.text() == "1 of 5 cases crosses 60 %"


def test_numbers_open_their_patches_and_tell_their_calls(qtbot, page):
    told = []
    page.calls_told.connect(told.append)
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.mouseClick(page.view.figures.cells[0, 1], LEFT)
    query, title = opened.args
    assert query.ids == (13, 15, 17, 19, 21, 23)
    assert title == "demo · 1: not sclerotic, called sclerotic"
    assert told == [query.ids]
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.mouseClick(page.view.figures.values["recall"], LEFT)
    assert len(opened.args[0].ids) == 10


def test_patches_beside_the_line_open_by_mouse_and_key(qtbot, page):
    beside = page.view.beside
    (_place, square), *_ = beside.cells()
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.mouseClick(beside, LEFT, pos=square.center())
    assert opened.args[0].ids == (beside.shown[0],)
    qtbot.keyClick(beside, Key.Key_Right)
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.keyClick(beside, Key.Key_Return)
    assert opened.args[0].ids == (beside.shown[1],)


def test_a_patch_of_the_strip_opens_on_a_double_click(qtbot, page):
    place = page.strip._places[0]
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.mouseDClick(page.strip, LEFT, pos=page.strip.square_of(place).center())
    assert opened.args[0].ids == (page.strip.shown[0],)


def test_a_double_click_on_a_thumbnail_leaves_line_and_rule_alone(qtbot, page):
    choose_rule(qtbot, page, BEST_F1)
    before, moves = page.threshold, []
    page.strip.moved.connect(moves.append)
    square = page.strip.square_of(page.strip._places[0])
    at = square.center() + QPoint(9, 0)
    qtbot.mousePress(page.strip, LEFT, pos=at)
    assert page.threshold == before
    qtbot.mouseRelease(page.strip, LEFT, pos=at)
    with qtbot.waitSignal(page.open_patches):
        qtbot.mouseDClick(page.strip, LEFT, pos=at)
    assert page.threshold == before and moves == []
    assert page.choice.kind.currentIndex() == BEST_F1


def test_a_click_on_a_thumbnail_moves_the_line_there_and_so_does_a_drag(qtbot, page):
    strip = page.strip
    at = strip.square_of(strip._places[0]).center() + QPoint(9, 0)
    with qtbot.waitSignal(strip.moved) as moved:
        qtbot.mouseClick(strip, LEFT, pos=at)
        assert page.threshold == pytest.approx(strip.axis.logit_at(at.x()))
    assert moved.args == [page.threshold]
    assert page.view.headline.text().endswith("now 0.50")
    qtbot.mousePress(strip, LEFT, pos=at)
    moves = []
    strip.moved.connect(moves.append)
    qtbot.mouseMove(strip, at + QPoint(1, 0))
    assert moves == []
    qtbot.mouseMove(strip, at + QPoint(60, 0))
    qtbot.mouseRelease(strip, LEFT, pos=at + QPoint(60, 0))
    assert moves[-1] == pytest.approx(strip.axis.logit_at(at.x() + 60))


def test_locked_figures_come_on_request_and_the_look_is_counted(qtbot, page, session):
    assert not page.view.locked.figures.isVisibleTo(page.view.locked)
    page.view.side.show_page(2)
    qtbot.mouseClick(page.view.locked.look, LEFT)
    qtbot.waitUntil(lambda: page.view.locked.figures.isVisible())
    assert session.library.looks() == 1
    qtbot.waitUntil(lambda: page.view.locked.sentence.text() == "Looked at once so far.")
    assert page.view.locked.figures.isVisible()
    assert "4 locked patches" in page.view.locked.at.text()
    qtbot.waitUntil(lambda: "bootstrap" in page.view.figures.kind.text())
    with qtbot.waitSignals([page.open_patches, page.calls_told]):
        qtbot.mouseClick(page.view.locked.figures.cells[1, 0], LEFT)
    press(qtbot, page, Key.Key_Right)
    assert not page.view.locked.figures.isVisible()
    assert session.library.looks() == 1


def test_a_look_is_counted_once_until_something_has_changed(qtbot, page, session):
    for _ in range(2):
        page.look_at_locked()
    page.view.side.show_page(2)
    qtbot.waitUntil(lambda: page.view.locked.figures.isVisible())
    page.look_at_locked()
    qtbot.waitUntil(lambda: session.is_idle)
    assert session.library.looks() == 1
    reader = session.reader.id
    session.run(lambda library: library.decide(reader=reader, patches=[9], label=1))
    qtbot.waitUntil(lambda: not page.view.locked.figures.isVisible())


def test_whoever_sees_patches_beside_the_line_knows_their_calls(page):
    told = set()
    page.calls_told.connect(told.update)
    page.step(1)
    assert {*page.view.beside.shown, *page.strip.shown} <= told


def test_locked_patches_are_never_shown_along_the_strip(page, session):
    table = session.table
    desk = page.desk
    for name in (OUT_OF_FOLD, VALIDATION):
        rows = table.rows_of(desk.sets[name].patch)
        assert int(Split.LOCKED) not in set(table["split"][rows].tolist())


def test_zooming_keeps_the_line_in_view(qtbot, page):
    for _ in range(6):
        press(qtbot, page, Key.Key_Plus)
    axis = page.strip.axis
    assert not axis.shows_all
    for _ in range(8):
        press(qtbot, page, Key.Key_Right)
    assert axis.left <= page.threshold <= axis.right
    for _ in range(8):
        press(qtbot, page, Key.Key_Minus)
    assert axis.shows_all


def test_another_reader_can_put_it_back(qtbot, page, session):
    choose_rule(qtbot, page, BEST_F1)
    page.move_threshold()
    qtbot.waitUntil(lambda: page.choice.undo.isEnabled())
    session.set_reader(session.library.readers()[1])
    qtbot.waitUntil(lambda: session.is_idle)
    page.undo_here()
    qtbot.waitUntil(lambda: threshold_in_force(session) == 0.0)
    newest = session.library.threshold_history(session.active_model.id)[0]
    assert (newest.rule, newest.reader.initials) == ("undo", "BO")


def test_a_label_changes_the_figures_and_leaves_the_line(qtbot, page, session):
    page.step(2)
    line = page.threshold
    total = page.desk.sets[OUT_OF_FOLD].sclerotic
    session.run(lambda library: library.decide(reader=session.reader.id, patches=[1], label=1))
    qtbot.waitUntil(lambda: page.desk.sets[OUT_OF_FOLD].sclerotic == total + 1)
    assert page.threshold == line
