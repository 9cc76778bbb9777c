from glomviewer.ui.review.selection import Selection


def test_one_then_a_range_then_another():
    selection = Selection(10)
    selection.select_only(3)
    selection.extend_to(6)
    assert selection.places.tolist() == [3, 4, 5, 6]
    selection.extend_to(1)
    assert selection.places.tolist() == [1, 2, 3]
    selection.toggle(8)
    assert selection.places.tolist() == [1, 2, 3, 8]
    selection.extend_to(9, add=True)
    assert selection.places.tolist() == [1, 2, 3, 8, 9]
    assert selection.current == 9


def test_a_band_adds_to_what_was_there():
    selection = Selection(10)
    selection.select_only(9)
    base = selection.snapshot()
    selection.select_runs([range(0, 2)], base)
    assert selection.places.tolist() == [0, 1, 9]
    selection.select_runs([range(4, 5)], base)
    assert selection.places.tolist() == [4, 9]


def test_all_and_back_to_one():
    selection = Selection(1_000_000)
    selection.select_only(7)
    selection.select_all()
    assert len(selection) == 1_000_000
    selection.clear_to_current()
    assert selection.places.tolist() == [7]
