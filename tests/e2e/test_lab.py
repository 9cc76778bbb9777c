"""The lab as anybody would look it over, with everything unfolded: by keys, in dark and light."""

import pytest
from audit import Critic, backward_steps, controls, described
from PySide6.QtCore import Qt
from seat import CONTROL

from glomviewer.settings import SettingsFile
from glomviewer.ui.lab.page import LabPage
from glomviewer.ui.page_bar import PageName

Key = Qt.Key


def lab(seat) -> LabPage:
    page = seat.window.page_widget(PageName.LAB)
    assert isinstance(page, LabPage)
    return page


def unfold_all(seat, recipe):
    page = lab(seat)
    page.recipe.choose_recipe(recipe)
    if not any(fold.head.isChecked() for fold in page.recipe.form.folds.values()):
        seat.press(Key.Key_U, CONTROL)
    seat.settle()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_field_has_a_name_and_fits(sit_down, library, theme):
    SettingsFile().change(theme=theme)
    remarks = []

    def story(seat):
        critic = Critic(seat)
        seat.go_to(PageName.LAB)
        for recipe in ("swin", "quick"):
            unfold_all(seat, recipe)
            critic.look(recipe)
        remarks.extend(critic.remarks)

    sit_down(story, str(library))
    assert not remarks, "\n".join(remarks)


def test_tab_goes_down_the_fields(sit_down, library):
    remarks = []

    def story(seat):
        seat.go_to(PageName.LAB)
        unfold_all(seat, "quick")
        stops = seat.tab_stops()
        missed = set(controls(seat.window)) - set(stops)
        remarks.extend(f"Tab misses {described(one)}" for one in missed)
        remarks.extend(backward_steps(stops))

    sit_down(story, str(library))
    assert not remarks, "\n".join(remarks)
