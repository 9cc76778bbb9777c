"""The page of two models over a small library with two models."""

import pytest
from builders import add_model

from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.ui.comparison.page import ComparisonPage


@pytest.fixture
def second(small):
    """A model beside the first: right on patches 1 and 2, wrong on 5 and 9."""
    table = small.library.load_table(None)
    logits = {
        int(patch): (2.0 if label == 1 else -2.0) * (-1 if patch in (5, 9) else 1)
        for patch, label in zip(table.ids, table["imported"], strict=True)
    }
    return add_model(small, logits, version=2)


@pytest.fixture
def make_page(qtbot, theme, session, images, actions):
    def make():
        page = ComparisonPage(session, images, actions, ModelJobs(session))
        qtbot.addWidget(page)
        session.changed.connect(page.refresh)
        page.resize(1280, 640)
        page.show()
        return page

    return make


@pytest.fixture
def page(qtbot, second, make_page):
    """With figures and intervals of the free patches."""
    page = make_page()
    qtbot.waitUntil(lambda: "intervals from" in page.board.figures.trust.text())
    return page
