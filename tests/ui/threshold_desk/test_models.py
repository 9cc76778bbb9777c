"""More than one model on the desk: which one is in use, and which one a move is for."""

import threading

import pytest
from audit import clipped, cut_off, nameless
from builders import add_model
from PySide6.QtCore import Qt

from glomviewer.domain.patch_query import SortKey
from glomviewer.domain.thresholds.scores import RankedScores
from glomviewer.domain.thresholds.search import PlacedThresholds

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def small(small):
    """With a candidate that is sure of its opposite of the active model's calls."""
    logits = {patch: (12.5 - patch) / 2 for patch in range(1, 25)}
    add_model(small, logits, out_of_fold=logits, version=2)
    return small


@pytest.fixture
def candidate(small):
    return next(one for one in small.library.models() if not one.active)


def choose_model(qtbot, page, place):
    page.head.models.setFocus()
    page.head.models.setCurrentIndex(place)
    page.head.models.activated.emit(place)
    qtbot.waitUntil(lambda: page.state.shows_content)


def test_the_active_model_comes_first_and_is_said_to_be_in_use(page):
    chooser = page.head.models
    assert [chooser.itemText(place) for place in range(2)] == ["demo · 1, active", "demo · 2"]
    assert chooser.currentIndex() == 0
    assert page.head.sentence.text().startswith(
        "The active model, in use: a move changes the calls"
    )


def test_a_candidate_has_its_own_figures_and_the_page_says_it_is_not_in_use(qtbot, page):
    before = page.view.figures.values["recall"].text()
    choose_model(qtbot, page, 1)
    assert page.desk.model.title == "demo · 2"
    assert page.view.standing.text().startswith("demo · 2 on 20 out-of-fold patches")
    assert page.head.sentence.text() == (
        "Not in use, the active model is demo · 1: a move changes only what demo · 2 would call."
    )
    page.step(3)
    assert page.view.figures.values["recall"].text() != before


def test_a_move_of_a_candidate_leaves_the_active_model_alone(qtbot, page, session, candidate):
    choose_model(qtbot, page, 1)
    page.step(2)
    page.choice.reason.setText("fewer false alarms")
    wanted = page.threshold
    page.move_threshold()
    qtbot.waitUntil(lambda: session.library.model(candidate.id).threshold == wanted)
    qtbot.waitUntil(lambda: page.desk.model.threshold == wanted)
    assert session.active_model.threshold == 0.0
    assert page.desk.model.id == candidate.id
    assert page.undo_texts[0] == "Undo: the threshold of demo · 2 back to 0.50"
    page.undo_here()
    qtbot.waitUntil(lambda: session.library.model(candidate.id).threshold == 0.0)


def test_while_another_model_is_read_nothing_is_moved(qtbot, page, session):
    page.step(2)
    page.choice.reason.setText("meant for the first")
    page.choose_model(page.head.models.itemData(1))
    page.move_threshold()
    page.undo_here()
    assert page.undo_texts == ("", "")
    qtbot.waitUntil(lambda: page.state.shows_content and session.is_idle)
    assert [one.threshold for one in session.library.models()] == [0.0, 0.0]


def test_a_model_without_scores_can_be_left_again(qtbot, page, session, small):
    add_model(small, version=3)
    session.load()
    qtbot.waitUntil(lambda: page.head.models.count() == 3)
    page.head.models.choose(small.library.models()[0].id)
    page.head.models.activated.emit(page.head.models.currentIndex())
    nothing = "Nothing to choose a threshold on yet"
    qtbot.waitUntil(lambda: page.state.message.headline.text() == nothing)
    assert page.head.models.isVisible()
    choose_model(qtbot, page, 0)
    assert page.desk.model.title == "demo · 1"


def test_a_model_that_is_removed_gives_way_to_the_active_one(qtbot, page, session, candidate):
    choose_model(qtbot, page, 1)
    session.run(lambda library: library.remove_model(candidate.id))
    qtbot.waitUntil(lambda: page.desk is not None and page.desk.model.title == "demo · 1")
    assert not page.head.isVisible()


def test_patches_of_a_model_that_review_does_not_show_come_in_order_of_name(qtbot, page):
    choose_model(qtbot, page, 1)
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.mouseClick(page.view.figures.values["recall"], LEFT)
    assert opened.args[0].sort is SortKey.NAME
    choose_model(qtbot, page, 0)
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.mouseClick(page.view.figures.values["recall"], LEFT)
    assert opened.args[0].sort is SortKey.PROBABILITY


def test_scores_are_sorted_out_beside_the_windows_thread(qtbot, page, monkeypatch):
    threads = []

    def noted(scores: RankedScores) -> PlacedThresholds:
        threads.append(threading.current_thread())
        return sorted_out(scores)

    sorted_out = PlacedThresholds.of
    monkeypatch.setattr(PlacedThresholds, "of", noted)
    choose_model(qtbot, page, 1)
    page.choice.patches.activated.emit(0)
    assert threads and threading.main_thread() not in threads


@pytest.mark.parametrize("size", [(1920, 1005), (1280, 645), (960, 480)])
def test_the_head_has_a_name_and_room_for_its_words(qtbot, page, size):
    page.resize(*size)
    qtbot.waitUntil(lambda: nameless(page) + clipped(page) + cut_off(page) == [])
    assert page.head.isVisible()


def test_tab_comes_from_the_model_to_the_line(qtbot, page):
    page.strip.setFocus()
    qtbot.keyClick(page.strip, Key.Key_M)
    assert page.head.models.hasFocus()
    qtbot.keyClick(page.head.models, Key.Key_Tab)
    assert page.strip.hasFocus()
