"""A patch that an edge of the grid cuts off has not been looked at."""


def test_a_row_of_which_only_the_strip_shows_has_not_been_on_screen(page, session, qtbot):
    page.set_thumbnail_size(480)
    grid = page.grid
    first = int(grid.ids[0])
    height = grid.layout_.cell(0).y + grid.layout_.side
    qtbot.waitUntil(lambda: grid.verticalScrollBar().maximum() >= height)
    grid.verticalScrollBar().setValue(height)
    assert 0 in grid.visible_places()
    assert 0 not in grid.places_in_view()
    page.log._seen.clear()
    page.grid.viewport().repaint()
    assert page.log.on_screen([first]) == set()
    grid.verticalScrollBar().setValue(0)
    qtbot.waitUntil(lambda: page.log.on_screen([first]) == {first})
