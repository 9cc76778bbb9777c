"""While one reads independently nothing on the screen tells: no text, tip or name of any widget."""

import pytest
from PySide6.QtCore import Qt
from said import tells

from glomviewer.domain.readings.protocol import Order, Reveal

Key = Qt.Key
NAMES = [f"p{patch}.png" for patch in range(1, 25)] + ["slide ", "small.glomlib/", "images/"]


def test_the_walk_finds_what_is_planted(desk, page):
    page.room.screen.canvas.setToolTip("seen in p7.png")
    assert tells(page, NAMES) != []


@pytest.mark.parametrize("order", [Order.SHUFFLED, Order.BY_CASE])
def test_no_widget_names_a_file_a_slide_or_a_model(desk, page, order):
    reading = desk.make(
        patches=range(1, 25), reveal=Reveal.AFTER, repeats=0.2, order=order, readers=(1, 2)
    )
    desk.session.run(lambda library: _as_nobody(library, reading))
    desk.settle()
    words = [*NAMES, "telling remark", "Bob", "demo · 1", "0.95", "0.04", "repeat", "again"]
    desk.page.setFocus()
    desk.begin(reading)
    screen = page.room.screen
    for _ in range(8):
        assert tells(screen, words) == []
        desk.press(Key.Key_0)
        desk.press(Key.Key_Space)


def _as_nobody(library, reading):
    """Bob reads on a machine of his own."""
    viewer, library.viewer = library.viewer, None
    try:
        item = library.reading_items(reading, 2)[0]
        return library.commit_item(reader=2, item=item.id, label=3, comment="A telling remark.")
    finally:
        library.viewer = viewer


def test_a_repeat_looks_like_any_other_patch(desk, page):
    reading = desk.make(patches=range(1, 25), reveal=Reveal.NEVER, repeats=0.2)
    desk.begin(reading)
    screen = page.room.screen
    shown = []
    while desk.item is not None:
        strip = screen.strip.currentWidget()
        chosen = [button.chosen for button in screen.buttons.buttons.values()]
        shown.append((strip is screen.strip.views, any(chosen), screen.comment.accessibleName()))
        if desk.item.place == 2:
            desk.press(Key.Key_F)
        desk.press(Key.Key_0)
    assert len(shown) > 24
    assert set(shown) == {(True, False, "Comment")}
