"""Steps that tests of the threshold's page take."""

from PySide6.QtCore import Qt


def choose_rule(qtbot, page, number, amount=""):
    """As one does with the keys: the box, then the number."""
    page.choice.kind.setFocus()
    page.choice.kind.setCurrentIndex(number)
    page.choice.kind.activated.emit(number)
    if amount:
        page.choice.amount.selectAll()
        qtbot.keyClicks(page.choice.amount, amount)


def press(qtbot, page, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key where the line is."""
    page.strip.setFocus()
    qtbot.keyClick(page.strip, key, modifier)
