"""Reading independently in the whole program: by keys, and with nothing told on any page."""

from functools import partial

from PySide6.QtCore import Qt
from said import tells

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.jobs import operations
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.readings.page import ReadingsPage

Key = Qt.Key
EXCLUDED = 3
"""It stays out of every reading, so its name and case may be told."""
NAMES = [f"p{patch}.png" for patch in range(1, 26) if patch != EXCLUDED]
GROUPS = [
    "S-2024-000017",
    "left-kidney",
    *(f"{what} {n}" for n in range(2, 7) for what in ("case", "slide")),
]
TOLD = [*NAMES, *GROUPS, "Cut at the pole"]


def make(seat, patches):
    """A reading of these patches for Ann and Bob, told of by the page."""
    seat.settle()
    made = []
    seat.session.run(
        partial(
            operations.create_reading,
            name="Study A",
            patches=patches,
            protocol=Protocol(reveal=Reveal.AFTER, repeats=0.1, needed=2),
            readers=[1, 2],
            seed=4,
        ),
        done=lambda changes: made.append(changes.reading),
    )
    seat.wait(lambda: bool(made))
    seat.settle()
    return made[0]


def page_of(seat) -> ReadingsPage:
    page = seat.window.page_widget(PageName.READINGS)
    assert isinstance(page, ReadingsPage)
    return page


def begin(seat) -> ReadingsPage:
    seat.go_to(PageName.READINGS)
    page = page_of(seat)
    seat.wait(lambda: page.state.shows_content)
    seat.wait(page.overview.table.hasFocus)
    seat.press(Key.Key_Return)
    seat.wait(lambda: page.is_reading)
    seat.settle()
    return page


def press(seat, page, key):
    seat.wait(lambda: page.room.screen.accepts_labels)
    seat.press(key)
    seat.settle()


def place_of(page):
    """Where the reader is in his list, None behind its end."""
    conduct = page.room.conduct
    assert conduct is not None
    return None if conduct.item is None else conduct.item.place


def test_a_blinded_reader_finds_no_name_and_no_call_on_any_page(sit_down, library):
    remarks = []

    def story(seat):
        make(seat, list(range(1, 26)))
        page = begin(seat)
        for _ in range(3):
            remarks.extend(f"Readings: {one}" for one in tells(seat.window, TOLD))
            press(seat, page, Key.Key_0)
            press(seat, page, Key.Key_Space)
        for name in PageName:
            seat.go_to(name)
            remarks.extend(f"{name.value}: {one}" for one in tells(seat.window, TOLD))
        seat.go_to(PageName.READINGS)
        assert page.is_reading
        assert place_of(page) == 3

    sit_down(story, str(library))
    assert not remarks, "\n".join(remarks)


def test_a_reading_is_gone_through_by_keys_from_the_list_to_its_end(sit_down, library):
    def story(seat):
        reading = make(seat, [4, 5, 6])
        page = begin(seat)
        for key in (Key.Key_1, Key.Key_0, Key.Key_1):
            press(seat, page, key)
            press(seat, page, Key.Key_Space)
        seat.wait(lambda: place_of(page) is None)
        seat.press(Key.Key_Return)
        seat.click(seat.dialog(FormDialog).verb)
        seat.wait(lambda: not page.is_reading)
        seat.settle()
        own = seat.library.reading(reading).progress_of(1)
        assert (own.done, own.items) == (3, 3)
        assert own.finished is not None

    sit_down(story, str(library))
