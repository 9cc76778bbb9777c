"""Labels that do with the room they get."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.flow_layout import FlowLayout

LONG = "a device with a name that is much too long for the bar that it stands in"


@pytest.fixture
def bar(qtbot):
    bar = QWidget()
    bar.setLayout(QHBoxLayout())
    qtbot.addWidget(bar)
    return bar


def add(bar, label):
    layout = bar.layout()
    assert layout is not None
    layout.addWidget(label)


def test_it_asks_for_its_text_and_does_with_less(bar, qtbot):
    label = ElidedLabel(LONG, modest=False)
    add(bar, label)
    assert bar.sizeHint().width() >= label.fontMetrics().horizontalAdvance(LONG)
    bar.resize(120, 30)
    bar.show()
    qtbot.waitExposed(bar)
    assert label.width() < 120
    bar.grab()
    assert label.toolTip() == LONG


def test_an_explanation_stays_on_hover_beside_what_was_shortened(bar, qtbot):
    label = ElidedLabel("short", modest=False)
    label.explain("pip install what is missing")
    add(bar, label)
    bar.resize(400, 30)
    bar.show()
    qtbot.waitExposed(bar)
    bar.grab()
    assert label.toolTip() == "pip install what is missing"
    label.setText(LONG * 3)
    bar.grab()
    assert label.toolTip() == f"{LONG * 3}\npip install what is missing"


def test_a_hidden_widget_leaves_no_gap_in_a_line(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=8)
    hidden, first, second = QLabel("hidden"), QLabel("first"), QLabel("second")
    for label in (hidden, first, second):
        flow.addWidget(label)
    hidden.hide()
    holder.resize(400, 40)
    holder.show()
    qtbot.waitExposed(holder)
    assert first.x() == 0
    assert second.x() == first.width() + 8
