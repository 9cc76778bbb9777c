"""The page Agreement over a small library in which two readers have read everything."""

import pytest
from readings import as_imported, make_reading

from glomviewer.ui.agreement.page import AgreementPage


@pytest.fixture
def read(small):
    """Ann calls patch 3 otherwise at first and follows the model's call, which errs on 1 and 2;
    Bob calls 5 otherwise and cannot tell 6. The reading's id."""
    ann, bob = small.readers
    return make_reading(
        small,
        {ann: as_imported(small, p3=1), bob: as_imported(small, p5=1, p6=2)},
        changed={ann: {1: 1, 3: 0}},
    )


@pytest.fixture
def make_page(qtbot, theme, session, images, actions):
    def make():
        page = AgreementPage(session, images, actions)
        qtbot.addWidget(page)
        session.changed.connect(page.refresh)
        page.resize(1280, 640)
        page.show()
        return page

    return make


@pytest.fixture
def page(qtbot, read, make_page):
    """With the figures and intervals of the reading."""
    page = make_page()
    qtbot.waitUntil(lambda: "95 % intervals" in page.head.intervals.text())
    return page
