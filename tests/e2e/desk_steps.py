"""Steps on the page Threshold: the line, the moves, the locked set."""

import numpy as np
import pytest
from audit import Critic
from lab_steps import patches_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton
from seat import CONTROL, Seat
from steps import active_model, calls_of

from glomviewer.domain.labels import Split
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.threshold_desk.page import ThresholdPage

Key = Qt.Key


def desk(seat: Seat) -> ThresholdPage:
    page = seat.window.page_widget(PageName.THRESHOLD)
    assert isinstance(page, ThresholdPage)
    return page


def drag_the_line(seat: Seat, critic: Critic) -> None:
    """With the mouse; the figures follow at once, and nothing is written without a reason."""
    seat.go_to(PageName.THRESHOLD)
    page = desk(seat)
    seat.wait(lambda: page.state.shows_content)
    critic.look("Threshold")
    critic.tab_through("Threshold")
    before = page.threshold
    for share, higher in ((0.1, False), (0.9, True)):
        drag_to(seat, page, above(page, share))
        assert (page.threshold > before) is higher
        critic.look("The line dragged")
    assert not page.choice.move_button.isEnabled()
    assert page.choice.obstacle.text() == "By hand needs a reason."
    open_what_would_change(seat, page)
    assert threshold_in_force(seat) == before


def open_what_would_change(seat: Seat, page: ThresholdPage) -> None:
    """The cases follow the line when it rests; the calls behind them open, all but locked ones."""
    line, view = page.threshold, seat.session.table.view
    differs = (view.logit >= line) != (view.logit >= view.threshold)
    changed = set(seat.session.table.ids[differs].tolist()) - patches_of(seat, Split.LOCKED)
    button = page.view.cases.changed
    seat.wait(lambda: button.text().split()[0] == str(len(changed)))
    seat.click(button)
    seat.wait(lambda: seat.window.page is PageName.REVIEW)
    seat.wait(lambda: set(seat.grid.ids.tolist()) == changed)
    seat.go_to(PageName.THRESHOLD)
    assert page.threshold == line


def above(page: ThresholdPage, share: float) -> float:
    """A threshold just above this share of the patches."""
    assert page.desk is not None
    scores = page.desk.sets[str(page.choice.patches.currentData())]
    return float(np.quantile(scores.logit, share)) + 0.05


def drag_to(seat: Seat, page: ThresholdPage, logit: float) -> None:
    strip, low = page.strip, page.strip.height() // 2
    start, end = (QPoint(round(strip.axis.x_of(at)), low) for at in (page.threshold, logit))
    before = shown_matrix(page)
    seat.drag(strip, start, end)
    assert page.threshold == pytest.approx(logit, abs=0.05)
    assert shown_matrix(page) == matrix_at(page, page.threshold) != before
    seat.drop(strip, end)
    seat.settle()


def shown_matrix(page: ThresholdPage) -> dict[tuple[int, int], int]:
    cells = page.view.figures.cells
    return {cell: int(button.text().split("\n")[0]) for cell, button in cells.items()}


def matrix_at(page: ThresholdPage, threshold: float) -> dict[tuple[int, int], int]:
    """Counted one by one from the scores that the desk stands on."""
    assert page.desk is not None
    scores = page.desk.sets[str(page.choice.patches.currentData())]
    pairs = [
        (int(target), int(logit >= threshold))
        for target, logit in zip(scores.target, scores.logit, strict=True)
    ]
    return {(target, call): pairs.count((target, call)) for target in (0, 1) for call in (0, 1)}


def threshold_in_force(seat: Seat) -> float:
    active = seat.session.active_model
    assert active is not None
    return active.threshold


def move_and_undo(seat: Seat, critic: Critic) -> None:
    """By hand, by a rule and back: calls in Review follow the threshold everywhere it goes."""
    page, model = desk(seat), active_model(seat)
    before, calls = threshold_in_force(seat), review_calls(seat)
    seat.click(page.choice.reason)
    seat.write("surer ones alone")
    by_hand = page.threshold
    seat.press(Key.Key_Return)
    in_force_everywhere(seat, by_hand)
    assert review_calls(seat) != calls
    critic.look("Moved by hand")
    seat.press(Key.Key_G)
    seat.press(Key.Key_R)
    seat.choose_by_keys(page.choice.kind, "cost")
    seat.click(page.choice.amount)
    seat.press(Key.Key_A, CONTROL)
    seat.write("60")
    by_rule = page.threshold
    assert by_rule < by_hand
    critic.look("A rule")
    critic.tab_through("A rule")
    seat.press(Key.Key_Return, CONTROL)
    in_force_everywhere(seat, by_rule)
    newest, older = seat.library.threshold_history(model)[:2]
    assert (newest.rule, older.reason) == ("cost:60", "surer ones alone")
    assert newest.reader is not None and newest.reader.name == "Ann Reader"
    for threshold in (by_hand, before):
        seat.click(page.choice.undo)
        in_force_everywhere(seat, threshold)
    critic.look("Undone")
    critic.tab_through("Undone")
    assert not page.choice.undo.isEnabled()
    assert review_calls(seat) == calls
    assert len(seat.library.threshold_history(model)) == 5


def in_force_everywhere(seat: Seat, threshold: float) -> None:
    """On disk and in what Review draws from; then back at the desk."""
    seat.wait(lambda: threshold_in_force(seat) == threshold)
    seat.go_to(PageName.REVIEW)
    assert review_calls(seat) == calls_of(seat, active_model(seat))
    assert seat.session.table.view.threshold == threshold
    seat.go_to(PageName.THRESHOLD)
    assert desk(seat).threshold == threshold


def review_calls(seat: Seat) -> dict[int, bool]:
    """By the table that Review draws from."""
    table = seat.session.table
    calls = table.view.logit >= table.view.threshold
    return dict(zip(table.ids.tolist(), calls.tolist(), strict=True))


def look_at_locked_from_the_desk(seat: Seat, critic: Critic) -> None:
    seat.go_to(PageName.THRESHOLD)
    page, looks = desk(seat), seat.library.looks()
    for tab in page.view.side.findChildren(QToolButton):
        seat.click(tab)
        critic.look(f"Threshold, {tab.text()}")
    assert not page.view.locked.figures.isVisible()
    seat.click(page.view.locked.look)
    seat.wait(page.view.locked.figures.isVisible)
    assert seat.library.looks() == looks + 1
    critic.look("The locked set at the line")
    critic.tab_through("The locked set at the line")
