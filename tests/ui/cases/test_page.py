"""The page of cases, by keys and mouse."""

import pytest
from PySide6.QtCore import Qt

from glomviewer.domain.changes import Changes
from glomviewer.ui.cases.delegate import triangle_rect
from glomviewer.ui.cases.page import CasesPage
from glomviewer.ui.cases.rows_model import HIDDEN, Column
from glomviewer.ui.dialogs.reason import ReasonDialog


@pytest.fixture
def page(qtbot, theme, session, images, actions):
    page = CasesPage(session, images, actions)
    qtbot.addWidget(page)
    session.changed.connect(page.refresh)
    page.resize(1280, 640)
    page.show()
    qtbot.waitUntil(lambda: page.state.shows_content)
    return page


def cell(page, row, column):
    return page.rows.index(row, column).data()


def column(page, which):
    return [cell(page, row, which) for row in range(page.rows.rowCount())]


def choose(page, row):
    page.table.setCurrentIndex(page.rows.index(row, 0))


def test_it_lists_each_case_with_its_percentage_by_label_and_model(page):
    assert column(page, Column.CASE) == [f"case {n}" for n in range(1, 7)]
    assert cell(page, 0, Column.REFERENCE) == "50 % (15 to 85), 2 of 4"
    assert cell(page, 0, Column.GLOMERULI) == "4 · few"
    assert "demo · 1" in page.model_line.text()


def test_a_percentage_that_would_give_away_locked_calls_is_hidden(page):
    assert cell(page, 2, Column.MODEL) == HIDDEN
    assert cell(page, 0, Column.MODEL).startswith("50 %")


def test_deciding_the_locked_patches_reveals_it(qtbot, page, session):
    session.run(
        lambda library: library.decide(
            reader=session.reader.id, patches=[9, 10, 11, 12], label=0, call_shown=False
        )
    )
    qtbot.waitUntil(lambda: cell(page, 2, Column.MODEL) != HIDDEN)
    assert cell(page, 2, Column.REFERENCE).startswith("0 %")


def test_the_right_arrow_unfolds_a_case_and_the_left_one_folds_it(qtbot, page):
    choose(page, 0)
    qtbot.keyClick(page.table, Qt.Key.Key_Right)
    assert cell(page, 1, Column.CASE) == "slide 1"
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_Left)
    assert page.table.currentIndex().row() == 0
    qtbot.keyClick(page.table, Qt.Key.Key_Left)
    assert page.rows.rowCount() == 6


def test_a_click_on_the_triangle_unfolds_without_choosing(qtbot, page):
    place = triangle_rect(page.table.visualRect(page.rows.index(1, 0))).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert cell(page, 2, Column.CASE) == "slide 2"


def test_enter_opens_the_patches_of_the_case(qtbot, page):
    choose(page, 1)
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    query, title = opened.args
    assert (query.cases, title) == (("case 2",), "case 2")


def test_a_double_click_on_a_slide_opens_that_slide_alone(qtbot, page):
    page.rows.set_open(0, True)
    place = page.table.visualRect(page.rows.index(1, 1)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    query, _title = opened.args
    assert (query.cases, query.slides) == (("case 1",), ("slide 1",))


def test_a_click_on_a_header_sorts_and_keeps_slides_beneath_their_case(qtbot, page, session):
    session.run(
        lambda library: library.decide(reader=session.reader.id, patches=[1, 2, 3, 4], label=1)
    )
    qtbot.waitUntil(lambda: cell(page, 0, Column.REFERENCE).startswith("100 %"))
    page.rows.set_open(0, True)
    header = page.table.horizontalHeader()
    place = header.sectionViewportPosition(Column.REFERENCE) + 20
    point = header.rect().topLeft()
    point.setX(place)
    point.setY(header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert column(page, Column.CASE)[-2:] == ["case 1", "slide 1"]


def test_typing_finds_a_case(qtbot, page):
    page.search.setFocus()
    qtbot.keyClicks(page.search, "case 4")
    assert column(page, Column.CASE) == ["case 4"]


def answer(qtbot, page, text):
    """Write a reason into the dialog that has just been opened, and press its verb."""
    dialog = next(one for one in page.findChildren(ReasonDialog) if one.isVisible())
    qtbot.keyClicks(dialog.text, text)
    qtbot.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)


def test_excluding_a_case_with_a_reason_takes_it_out_and_including_brings_it_back(
    qtbot, page, session
):
    choose(page, 0)
    qtbot.mouseClick(page.exclude_button, Qt.MouseButton.LeftButton)
    answer(qtbot, page, "Withdrawn consent")
    qtbot.waitUntil(lambda: cell(page, 0, Column.EXCLUDED) == "4")
    assert session.library.patch(1).exclusion_reason == "Withdrawn consent"
    qtbot.waitUntil(lambda: page.exclude_button.text() == "Include…")
    qtbot.mouseClick(page.exclude_button, Qt.MouseButton.LeftButton)
    answer(qtbot, page, "")
    qtbot.waitUntil(lambda: cell(page, 0, Column.EXCLUDED) == "–")


def test_a_slide_alone_can_be_excluded(qtbot, page, session):
    page.rows.set_open(0, True)
    choose(page, 1)
    qtbot.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    answer(qtbot, page, "Wrong stain")
    qtbot.waitUntil(lambda: cell(page, 1, Column.EXCLUDED) == "4")
    assert session.library.patch(1).exclusion_reason == "Wrong stain"


def test_the_cases_are_exported_as_csv(qtbot, page, session, tmp_path):
    with qtbot.waitSignal(session.tasks.added) as added:
        page.export_to(tmp_path / "cases.csv")
    with qtbot.waitSignal(added.args[0].finished) as told:
        pass
    lines = (tmp_path / "cases.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 6 + 6
    assert "6 cases" in told.args[0]


def test_nothing_is_counted_again_for_what_does_not_count(page, session, monkeypatch):
    asked = []
    monkeypatch.setattr(session, "compute", lambda *a, **k: asked.append(a))
    page.refresh(Changes(flags=True, comments=True))
    assert not asked
    page.refresh(Changes(labels=True))
    assert len(asked) == 1


def test_a_place_that_cannot_be_written_to_is_told(qtbot, page, session, tmp_path):
    with qtbot.waitSignal(session.tasks.added) as added:
        page.export_to(tmp_path / "no such folder" / "cases.csv")
    with qtbot.waitSignal(added.args[0].failed) as told:
        pass
    assert "cases.csv" in told.args[0]
