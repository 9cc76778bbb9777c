"""The keyboard alone: every control is reached by Tab, and every key means one thing."""

import itertools

from audit import backward_steps, controls, described
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from seat import CONTROL

from glomviewer.settings import SettingsFile
from glomviewer.ui.actions import Action
from glomviewer.ui.dialogs.import_wizard import ImportWizard
from glomviewer.ui.dialogs.shortcuts_sheet import ShortcutsSheet
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.review.page_actions import DECIDING
from glomviewer.ui.widgets.key_cap import KeyCaps

Key = Qt.Key
KEYBOARD = ("`1234567890-=", " QWERTYUIOP[]\\", " ASDFGHJKL;'", " ZXCVBNM,./")
"""The letters of a keyboard; a row lies half a key to the right of the one above it."""
MOVES_ON_THE_KEYBOARD = {
    "Left": (14.5, 4.0),
    "Down": (15.5, 4.0),
    "Right": (16.5, 4.0),
    "Up": (15.5, 3.0),
    "Home": (15.5, 0.0),
    "End": (15.5, 1.0),
    "PgUp": (16.5, 0.0),
    "PgDown": (16.5, 1.0),
    "Return": (13.0, 2.0),
    "Enter": (20.5, 3.5),
    "Esc": (0.0, -1.5),
}


def test_tab_reaches_every_control_in_reading_order(sit_down, library):
    remarks = []

    def story(seat):
        for page in PageName:
            seat.go_to(page)
            stops = seat.tab_stops()
            missed = set(controls(seat.window)) - set(stops)
            remarks.extend(f"{page.value}: Tab misses {described(one)}" for one in missed)
            remarks.extend(f"{page.value}: {one}" for one in backward_steps(stops))

    sit_down(story, str(library))
    assert not remarks, "\n".join(remarks)


def test_tab_in_the_page_bar_stops_at_the_page_in_view(sit_down, library):
    def story(seat):
        tabs = seat.window.bar.tabs
        for page in PageName:
            seat.go_to(page)
            stops = [name for name, tab in tabs.items() if tab in seat.tab_stops()]
            assert stops == [page]
        tabs[PageName.LIBRARY].setFocus()
        seat.press(Key.Key_Left)
        assert seat.window.page is PageName.THRESHOLD

    sit_down(story, str(library))


def test_every_command_has_a_key_of_its_own(sit_down, library):
    def story(seat):
        seat.settle()
        seat.window.make_pages()
        actions = seat.window.actions_.all()
        assert [action.id for action in actions if not action.keys] == []
        twice = [
            f"{key}: {one.id} and {other.id}"
            for one, other in itertools.combinations(actions, 2)
            if _listen_together(one, other)
            for key in _keys(one) & _keys(other)
        ]
        assert not twice, "\n".join(twice)

    sit_down(story, str(library))


def _listen_together(one: Action, other: Action) -> bool:
    """Whether there is a place for the focus where both hear a key."""
    return any(
        first is second or first.isAncestorOf(second) or second.isAncestorOf(first)
        for first in one.scopes
        for second in other.scopes
    )


def _keys(action: Action) -> set[str]:
    return {QKeySequence(key).toString() for key in action.keys}


def test_import_opens_by_its_key_on_every_page(sit_down, library):
    def story(seat):
        for page in PageName:
            seat.go_to(page)
            seat.press(Key.Key_I, CONTROL)
            seat.leave(seat.dialog(ImportWizard))

    sit_down(story, str(library))


def test_no_key_that_decides_lies_beside_one_that_moves(sit_down, library):
    def story(seat):
        seat.settle()
        seat.window.make_pages()
        actions = seat.window.actions_.all()
        deciding = {key for one in actions if one.group == DECIDING for key in _plain(one)}
        moving = {key for one in actions if _moves(one) for key in _plain(one)}
        assert {"1", "0", "S", "N", "U", "X"} <= deciding
        assert {"Left", "Return", "PgDown"} <= moving
        beside = [
            (one, other) for one in deciding for other in moving if _distance(one, other) < 1.3
        ]
        assert beside == []

    sit_down(story, str(library))


def _moves(action: Action) -> bool:
    return action.id.startswith("grid.") or action.id in (
        "review.open",
        "reading.forward",
        "reading.back",
        "reading.return",
        "reading.close",
        "readings.back",
        "readings.forward",
        "readings.first_unread",
        "readings.pause",
        "readings.end",
    )


def _plain(action: Action) -> set[str]:
    """Its keys that are pressed without another."""
    return {key for key in _keys(action) if "+" not in key}


def _distance(one: str, other: str) -> float:
    """Between two keys in widths of a key; Space is as long as the row above it."""
    if "Space" in (one, other):
        letter = _place(other if one == "Space" else one)
        return 1.0 if 3.0 <= letter[0] <= 9.5 and letter[1] >= 3.0 else 9.0
    first, second = _place(one), _place(other)
    return ((first[0] - second[0]) ** 2 + (first[1] - second[1]) ** 2) ** 0.5


def _place(key: str) -> tuple[float, float]:
    if key in MOVES_ON_THE_KEYBOARD:
        return MOVES_ON_THE_KEYBOARD[key]
    for number, row in enumerate(KEYBOARD):
        if key in row:
            return row.index(key) + number * 0.5, float(number)
    raise AssertionError(f"where is {key} on a keyboard?")


def test_keys_go_to_the_patches_as_soon_as_they_show(sit_down, library):
    SettingsFile().change(recent_libraries=[str(library)])

    def story(seat):
        (recent,) = seat.window.first_run.recent_buttons
        seat.click(recent)
        seat.settle()
        seat.wait(seat.grid.hasFocus)
        before = seat.grid.current_patch
        seat.press(Key.Key_Right)
        assert seat.grid.current_patch != before

    sit_down(story)


def test_the_sheet_shows_the_keys_of_every_page(sit_down, library):
    def story(seat):
        seat.settle()
        seat.press(Key.Key_F1)
        sheet = seat.dialog(ShortcutsSheet)
        shown = {caps.accessibleName() for caps in sheet.findChildren(KeyCaps)}
        actions = seat.window.actions_
        assert {"models.retrain", "cases.export", "library.verify"} <= {a.id for a in actions.all()}
        for name in ("models.retrain", "cases.export", "library.verify"):
            assert actions.key_text(name) in shown
        seat.leave(sheet)
        assert seat.window.page is PageName.REVIEW

    sit_down(story, str(library))
