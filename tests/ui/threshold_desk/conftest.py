"""The page of the threshold over a library whose scores are all different."""

import pytest
from builders import add_model, make_library, plans

from glomviewer.ui.threshold_desk.page import ThresholdPage

STEPS = {patch: (patch - 12.5) / 4 for patch in range(1, 25)}
"""Logits from -2.875 to 2.875. Of every two patches the even one is sclerotic."""


@pytest.fixture
def small(tmp_path):
    made = make_library(tmp_path, plans(), readers=[("Ann Reader", "AR"), ("Bob Other", "BO")])
    add_model(made, STEPS, out_of_fold=STEPS)
    return made


@pytest.fixture
def page(qtbot, theme, session, images, actions):
    page = ThresholdPage(session, images, actions)
    qtbot.addWidget(page)
    session.changed.connect(page.refresh)
    page.resize(1280, 645)
    page.show()
    qtbot.waitUntil(lambda: page.desk_is_read)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    return page
