from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QWidget

from glomviewer.ui.colours import DARK, LIGHT, accent_of, colours_of
from glomviewer.ui.theme import ThemeMode


def test_the_scheme_reaches_widgets_and_follows_the_readers_choice(theme, qtbot):
    widget = QWidget()
    label = QLabel("text", widget)
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    assert colours_of(widget) is DARK
    with qtbot.waitSignal(theme.changed):
        theme.set_mode(ThemeMode.LIGHT)
    assert colours_of(widget) is LIGHT
    assert colours_of(label) is LIGHT
    assert QApplication.palette().color(QPalette.ColorRole.Window).name() == LIGHT.window


def test_figures_are_tabular(theme, qtbot):
    label = QLabel("0")
    qtbot.addWidget(label)
    metrics = label.fontMetrics()
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_the_accent_is_not_the_blue_of_a_label(theme, qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    assert accent_of(widget).name().lower() != "#3a93d0"


def test_buttons_of_dialogs_are_words_alone(theme, qtbot):
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    box.show()
    qtbot.waitExposed(box)
    assert [button.icon().isNull() for button in box.buttons()] == [True]
