"""The page Agreement: figures as in the domain, cells that open patches, rules and states."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from readings import as_imported, make_reading

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.rule import DEFAULT_RULE, UnsureRule
from glomviewer.domain.agreement.statistic import Measure
from glomviewer.domain.agreement.summary import summarise
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.jobs.agreement_words import figure_text
from glomviewer.ui.agreement.head import ALL_LABELS, UNDRAWN
from glomviewer.ui.theme import ThemeMode


def texts(table):
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def open_cell(table, row, column):
    table.setFocus()
    table.setCurrentIndex(table.model().index(row, column))
    QTest.keyClick(table, Qt.Key.Key_Return)


@pytest.fixture
def opened(page):
    found = []
    page.open_patches.connect(lambda query, title: found.append((query.ids, title)))
    return found


def test_what_a_colleague_would_say_first(page):
    assert page.head.headline.text().startswith("2 readers agree on 21 of 24 patches. Kappa 0.76 (")
    assert "AC1 0." in page.head.headline.text()
    assert "count as categories of their own" in page.head.counted.text()
    assert "AC1 takes 4 categories: globally sclerotic, " in page.head.counted.text()
    assert "6 cases are fewer than 20" in page.head.intervals.text()


def test_figures_are_those_of_the_domain(page, small, read):
    labels = small.library.label_set
    summary = summarise(small.library.ratings(read), labels, DEFAULT_RULE, Bootstrap())
    shown = {row[0]: row[1] for row in texts(page.board.everyone.table)}
    for measure in set(Measure) - {Measure.FLEISS}:
        assert shown[measure.words] == figure_text(summary.everyone[measure])
    [pair] = texts(page.board.pairs.table)
    agreement = summary.pairs[0].agreement
    assert pair[:3] == ["AR and BO", "24", "3"]
    assert pair[3:5] == [figure_text(agreement[one]) for one in (Measure.COHEN, Measure.AC1)]
    assert len(page.board.cases.table.rows.sorted_by) == 2
    assert texts(page.board.cases.table)[0][:3] == ["case 2", "4", "2"]


def test_what_the_reveals_did_is_told_with_numbers(page, small, read):
    own = small.library.ratings(read)
    summary = summarise(own, small.library.label_set, DEFAULT_RULE, Bootstrap())
    ann, bob = texts(page.board.model.reveals)
    reveals = summary.model[0].reveals
    assert ann[1].startswith("2 of 24, ") and bob[1].startswith("0 of 24, ")
    assert ann[2].startswith(f"{reveals.overturned.count} of {reveals.overturned.of}")
    rows = [row[0] for row in texts(page.board.model.table)]
    assert rows[:2] == ["AR, before the reveal", "AR, after the reveal"]
    assert page.board.model.what.text().endswith(
        "1 of 2 changes is on patches without such a label and judged by nothing."
    )
    told = page.board.reference.remark.text()
    assert told.startswith("The reference label is taken as no reveal can have touched it")
    assert "AR: 21 on which all first calls agree; left out: 3 on which first calls differ." in told
    assert page.board.model.model.text() == (
        "demo · 1, called sclerotic from 0.50 on. For review, not for diagnosis."
    )


def test_a_click_on_a_cell_opens_those_patches(page, opened):
    page.board.matrix.choose("Ann Reader", "Bob Other")
    cell = page.board.matrix.grid.cells[1, 0]
    assert cell.text() == "1" and page.board.matrix.grid.cells[0, 1].text() == "1"
    cell.click()
    assert opened == [((3,), "Ann Reader: globally sclerotic, Bob Other: not globally sclerotic")]
    assert not page.board.matrix.grid.cells[3, 3].isEnabled()


def test_any_two_can_stand_beside_each_other(page, opened):
    page.board.matrix.choose("Ann Reader", "demo · 1")
    told = []
    page.calls_told.connect(told.append)
    page.board.matrix.grid.cells[0, 1].click()
    assert opened[0][0] == (1,) and told == [(1,)], "Review hears whose calls are told"
    assert "For review, not for diagnosis." in page.board.matrix.note.text()
    page.board.matrix.swap.click()
    page.board.matrix.grid.cells[1, 0].click()
    assert opened[1][0] == (1,)
    page.board.matrix.choose("Ann Reader after the reveal", "demo · 1")
    assert page.board.matrix.grid.cells[0, 1].text() == "0"
    page.board.matrix.choose("Bob Other", "reference label")
    assert "demo" not in page.board.matrix.note.text()


def test_who_is_chosen_twice_changes_places(page):
    matrix = page.board.matrix
    matrix.choose("Ann Reader", "Bob Other")
    matrix.sides[0].setCurrentIndex(matrix.sides[0].findText("Bob Other"))
    matrix.sides[0].activated.emit(matrix.sides[0].currentIndex())
    assert matrix.confusion.raters == ("Bob Other", "Ann Reader")


def test_figures_of_tables_open_their_patches(page, opened):
    open_cell(page.board.pairs.table, 0, 2)
    assert opened[-1] == ((3, 5, 6), "Called differently by AR and BO")
    open_cell(page.board.everyone.table, 0, 1)
    assert len(opened[-1][0]) == 24
    cannot_tell = [row[0] for row in texts(page.board.classes.table)].index("cannot tell")
    open_cell(page.board.classes.table, cannot_tell, 1)
    assert opened[-1] == ((6,), "Called cannot tell by anyone")
    open_cell(page.board.time.table, 0, 1)
    assert len(opened[-1][0]) == 6
    told = []
    page.calls_told.connect(told.append)
    open_cell(page.board.model.reveals, 0, 1)
    assert opened[-1][0] == (1, 3) and told == [(1, 3)]


def test_quarters_are_drawn_as_the_domain_has_them(qtbot, page, theme, small, read):
    plot = page.board.time.plot
    qtbot.waitUntil(lambda: bool(plot.panels))
    table, labels = small.library.ratings(read), small.library.label_set
    summary = summarise(table, labels, DEFAULT_RULE, Bootstrap())
    others = plot.panels[0]
    for row, one in enumerate(summary.over_time):
        bottom = (len(summary.over_time) - 1 - row) * 1.4
        for quarter in one.quarters:
            figure = quarter.others.share
            assert figure.value is not None
            marked = others.dots if figure.low is not None else others.rings
            x, y = marked.getData()
            drawn = y[(x == quarter.number) & (y >= bottom) & (y <= bottom + 1)]
            assert drawn.tolist() == [pytest.approx(bottom + figure.value)]
    ends = others.intervals.getData()[1]
    bounded = [
        share
        for one in summary.over_time
        for share in (quarter.others.share for quarter in one.quarters)
        if share.low is not None
    ]
    assert len(ends) == 2 * len(bounded) > 0
    dark = plot.view.backgroundBrush().color().name()
    theme.set_mode(ThemeMode.LIGHT)
    qtbot.waitUntil(lambda: plot.view.backgroundBrush().color().name() != dark)
    assert others.dots.opts["brush"].color().lightness() < 128


def test_cases_sort_and_open(page, opened, actions):
    table = page.board.cases.table
    open_cell(table, 0, 2)
    assert opened[-1] == ((5, 6), "case 2: readers differ")
    open_cell(table, 0, 0)
    assert opened[-1] == ((5, 6, 7, 8), "case 2")
    table.sort_by(0)
    assert [row[0] for row in texts(table)] == [f"case {number}" for number in range(1, 7)]
    actions.trigger("agreement.sort")
    assert table.sorted_by == "patches"
    table.sort_by(6)
    values = [row[6] for row in texts(table)]
    assert values == sorted(values, key=lambda text: (text == "not defined", text))


def test_the_rule_can_be_switched(qtbot, page, actions):
    actions.trigger("agreement.next_rule")
    qtbot.waitUntil(lambda: "as if the reader had not read" in page.head.counted.text())
    assert page.head.headline.text().startswith("2 readers agree on 21 of 23 patches.")
    assert "AC1 takes 2 categories" in page.head.counted.text()
    assert page.board.matrix.confusion.categories == (1, 0)
    page.head.rule.choose(UnsureRule.PATCH_LEFT_OUT)
    page.head.rule.activated.emit(2)
    qtbot.waitUntil(lambda: "are left out" in page.head.counted.text())
    assert "1 patch left out by the rule" in page.head.basis.text()


def test_all_labels_can_be_measured_too(qtbot, page):
    page.head.choose_reading(None)
    qtbot.waitUntil(lambda: page._measured is not None and page._measured.reading is None)
    assert page.head.reading_name == ALL_LABELS
    assert not page.head.report.isEnabled()


def test_what_is_not_defined_says_why(qtbot, small, make_page):
    ann, bob = small.readers
    nothing_but_one = dict.fromkeys(small.ids, 0)
    make_reading(small, {ann: nothing_but_one, bob: nothing_but_one})
    page = make_page()
    qtbot.waitUntil(lambda: "95 % intervals" in page.head.intervals.text())
    assert "Kappa is not defined, for both called every compared patch" in page.head.headline.text()
    row = [one[0] for one in texts(page.board.everyone.table)].index("Cohen's kappa")
    index = page.board.everyone.table.model().index(row, 1)
    assert index.data() == "not defined"
    assert "the same one class" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "Not defined: Positive agreement: no compared patch was called so." in (
        page.board.everyone.remark.text()
    )


def test_intervals_can_be_stopped_and_drawn_after_all(qtbot, read, make_page):
    page = make_page()
    stop = page.jobs.progressed.connect(lambda *_: page.jobs.cancel())
    qtbot.waitUntil(lambda: page.head.intervals.text() == UNDRAWN)
    page.jobs.progressed.disconnect(stop)
    assert "(" not in texts(page.board.everyone.table)[0][1]
    assert page.head.draw.text() == "Draw them"
    page.head.draw.click()
    qtbot.waitUntil(lambda: "95 % intervals" in page.head.intervals.text())
    assert "(" in texts(page.board.everyone.table)[0][1]


def test_a_decision_is_counted_at_once(qtbot, small, session, make_page):
    ann, bob = small.readers
    small.library.decide_many(reader=ann, labels=as_imported(small))
    small.library.decide_many(reader=bob, labels=as_imported(small, p5=1))
    page = make_page()
    qtbot.waitUntil(lambda: "agree on 23 of 24" in page.head.headline.text())
    session.run(lambda library: library.decide(reader=bob, patches=[5], label=0))
    qtbot.waitUntil(lambda: "agree on 24 of 24" in page.head.headline.text())


def test_every_command_has_a_key_of_its_own(page, actions):
    own = [one for one in actions.all() if one.id.startswith("agreement.")]
    keys = [key for one in own for key in one.keys]
    assert len(own) == 12 and len(set(keys)) == len(keys) >= len(own)


def test_disputed_patches_open_by_key(page, opened, actions):
    actions.trigger("agreement.disputed")
    assert opened == [((3, 5, 6), "Baseline: readers differ")]
    assert PatchQuery(ids=opened[0][0]).ids == tuple(np.array([3, 5, 6]).tolist())
