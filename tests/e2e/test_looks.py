"""Every page and dialog as anybody would look it over: by keys alone, in dark and in light."""

import pytest
from audit import Critic, backward_steps
from PySide6.QtCore import Qt
from seat import CONTROL, NOTHING, SHIFT

from glomviewer.settings import SettingsFile
from glomviewer.store.library import Library
from glomviewer.ui.page_bar import PageName

Key = Qt.Key
DIALOGS = {
    PageName.REVIEW: {
        "exclude": (Key.Key_E, CONTROL),
        "comment": (Key.Key_C, NOTHING),
        "adjudicate": (Key.Key_J, CONTROL),
        "save filter": (Key.Key_F, CONTROL | SHIFT),
        "keys": (Key.Key_F1, NOTHING),
        "preferences": (Key.Key_Comma, CONTROL),
        "palette": (Key.Key_K, CONTROL),
        "import": (Key.Key_I, CONTROL),
    },
    PageName.READINGS: {"new reading": (Key.Key_N, CONTROL | SHIFT)},
    PageName.CASES: {"exclude a case": (Key.Key_E, CONTROL)},
    PageName.MODELS: {
        "add a model": (Key.Key_A, CONTROL | SHIFT),
        "history": (Key.Key_H, CONTROL),
    },
    PageName.COMPARISON: {
        "name a model": (Key.Key_F2, NOTHING),
        "remove a model": (Key.Key_Delete, CONTROL),
    },
    PageName.LIBRARY: {
        "export labels": (Key.Key_E, CONTROL | SHIFT),
        "restore": (Key.Key_O, CONTROL | SHIFT),
        "add a reader": (Key.Key_A, CONTROL | SHIFT),
    },
}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_first_page_and_empty_pages_fit_too(sit_down, tmp_path, theme):
    SettingsFile().change(theme=theme)
    empty = tmp_path / "nothing yet.glomlib"
    Library.create(empty).close()
    critics = []

    def first_run(seat):
        critic = Critic(seat)
        critics.append(critic)
        critic.look("First run")

    def nothing_yet(seat):
        critic = Critic(seat)
        critics.append(critic)
        for page in PageName:
            seat.go_to(page)
            critic.look(f"Empty {page.value}")

    sit_down(first_run)
    sit_down(nothing_yet, str(empty))
    remarks = [remark for critic in critics for remark in critic.remarks]
    assert len(critics) == 2
    assert not remarks, "\n".join(remarks)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_all_has_a_name_and_fits_at_1280_by_720(sit_down, library, theme):
    SettingsFile().change(theme=theme)
    critics = []

    def story(seat):
        critic = Critic(seat)
        critics.append(critic)
        seat.settle()
        for page in PageName:
            seat.go_to(page)
            critic.look(page.value)
            for name, (key, modifier) in DIALOGS.get(page, {}).items():
                critic.look_at_dialog(name, key, modifier)
        seat.go_to(PageName.REVIEW)
        seat.press(Key.Key_Return)
        seat.wait(lambda: seat.review.is_reading)
        seat.settle()
        critic.look("One at a time")

    sit_down(story, str(library))
    (critic,) = critics
    assert not critic.remarks, "\n".join(critic.remarks)


def test_tab_in_dialogs_follows_what_one_reads(sit_down, library):
    remarks = []

    def story(seat):
        for page, dialogs in DIALOGS.items():
            seat.go_to(page)
            for name, (key, modifier) in dialogs.items():
                seat.press(key, modifier)
                dialog = seat.any_dialog()
                remarks.extend(f"{name}: {one}" for one in backward_steps(seat.tab_stops()))
                seat.leave(dialog)

    sit_down(story, str(library))
    assert not remarks, "\n".join(remarks)
