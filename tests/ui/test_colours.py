import pytest
from PySide6.QtGui import QColor

from glomviewer.ui.colours import DARK, LIGHT, contrast, readable_accent


@pytest.mark.parametrize("colours", [DARK, LIGHT])
def test_text_keeps_its_contrast_on_every_ground(colours):
    for text in (colours.text, colours.secondary):
        for ground in (colours.window, colours.panel, colours.hover):
            assert contrast(QColor(text), QColor(ground)) >= 4.5


@pytest.mark.parametrize("colours", [DARK, LIGHT])
def test_greys_have_no_tint(colours):
    for grey in (colours.window, colours.panel, colours.line, colours.text, colours.bar):
        colour = QColor(grey)
        assert colour.red() == colour.green() == colour.blue()


@pytest.mark.parametrize("colours", [DARK, LIGHT])
@pytest.mark.parametrize("accent", ["#000000", "#ffffff", "#1f1f1f", "#f2f2f2", "#ffe000"])
def test_an_accent_can_be_told_from_the_window(colours, accent):
    chosen = readable_accent(QColor(accent), colours)
    assert contrast(chosen, QColor(colours.window)) >= 3.0


def test_contrast_of_black_and_white():
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)
