import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.ui.review.grid_layout import GAP, STRIP, GridLayout, Move

layouts = st.builds(
    GridLayout,
    count=st.integers(1, 2_000_000),
    width=st.integers(120, 4000),
    wished=st.integers(64, 480),
)


@given(layouts, st.data())
def test_a_point_in_a_cell_finds_the_cell(layout, data):
    index = data.draw(st.integers(0, layout.count - 1))
    cell = layout.cell(index)
    inside = data.draw(st.integers(0, cell.side - 1))
    assert layout.at(cell.x + inside, cell.y + inside) == index


@given(layouts)
def test_between_cells_there_is_nothing(layout):
    cell = layout.cell(0)
    assert layout.at(cell.x - 1, cell.y) is None
    assert layout.at(cell.x, cell.y + cell.side + STRIP + GAP // 2) is None


@given(layouts, st.integers(0, 10**9), st.integers(1, 3000))
def test_what_a_viewport_shows_is_all_that_lies_in_it(layout, top, height):
    top = min(top, max(0, layout.height - height))
    shown = layout.visible(top, height)
    for index in {0, layout.count - 1, shown.start - 1, shown.stop}:
        if 0 <= index < layout.count and index not in shown:
            cell = layout.cell(index)
            assert cell.y + cell.side <= top or cell.y >= top + height


@given(layouts)
def test_cells_fill_the_width_and_stay_in_it(layout):
    last = layout.cell(min(layout.count, layout.columns) - 1)
    assert layout.cell(0).x >= 0
    if layout.width >= layout.wished + 32:
        assert last.x + last.side <= layout.width


@given(layouts, st.sampled_from(list(Move)), st.integers(100, 2000), st.data())
def test_the_keyboard_stays_in_the_grid(layout, move, height, data):
    index = data.draw(st.integers(0, layout.count - 1))
    assert 0 <= layout.moved(index, move, height) < layout.count


def test_moves_go_where_one_expects():
    layout = GridLayout(count=23, width=5 * 108 + 24, wished=100)
    assert layout.columns == 5
    assert layout.moved(7, Move.RIGHT, 500) == 8
    assert layout.moved(7, Move.DOWN, 500) == 12
    assert layout.moved(7, Move.UP, 500) == 2
    assert layout.moved(2, Move.UP, 500) == 2
    assert layout.moved(19, Move.DOWN, 500) == 22
    assert layout.moved(22, Move.DOWN, 500) == 22
    assert layout.moved(9, Move.HOME, 500) == 0
    assert layout.moved(0, Move.END, 500) == 22
    assert layout.moved(0, Move.PAGE_DOWN, 4 * layout.pitch) == 20


@given(layouts, st.integers(0, 10**7), st.integers(600, 3000), st.data())
def test_scrolling_shows_the_whole_cell(layout, top, height, data):
    index = data.draw(st.integers(0, layout.count - 1))
    cell = layout.cell(index)
    if cell.side + STRIP > height:
        return
    scrolled = layout.scroll_to(index, top, height)
    assert scrolled <= cell.y
    assert cell.y + cell.side <= scrolled + height


@pytest.mark.parametrize("top", [0, 10**6])
@pytest.mark.parametrize("spare", range(0, 60, 3))
def test_a_cell_as_tall_as_the_view_is_shown_whole(top, spare):
    layout = GridLayout(count=9, width=609, wished=400)
    cell, height = layout.cell(3), layout.side + STRIP + spare
    scrolled = layout.scroll_to(3, top, height)
    assert scrolled <= cell.y
    assert cell.y + cell.side + STRIP <= scrolled + height


@given(layouts, st.data())
def test_a_band_over_two_cells_holds_the_rectangle_between(layout, data):
    few = min(layout.count, 400)
    first, second = (data.draw(st.integers(0, few - 1)) for _ in range(2))
    a, b = layout.cell(first), layout.cell(second)
    runs = layout.within(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))
    chosen = {index for run in runs for index in run}
    rows = sorted((first // layout.columns, second // layout.columns))
    columns = sorted((first % layout.columns, second % layout.columns))
    assert chosen == {
        row * layout.columns + column
        for row in range(rows[0], rows[1] + 1)
        for column in range(columns[0], columns[1] + 1)
        if row * layout.columns + column < layout.count
    }


def test_an_empty_grid_shows_nothing():
    layout = GridLayout(count=0, width=800, wished=120)
    assert layout.height == 0
    assert list(layout.visible(0, 600)) == []
    assert layout.at(20, 20) is None
