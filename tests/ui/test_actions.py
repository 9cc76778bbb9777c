import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from glomviewer.ui.actions import Actions, KeyTakenError


class Page(QWidget):
    def __init__(self):
        super().__init__()
        layout = QVBoxLayout(self)
        self.edit, self.part = QLineEdit(), QWidget()
        self.part.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout.addWidget(self.edit)
        layout.addWidget(self.part)


@pytest.fixture
def page(qtbot):
    page = Page()
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_a_key_does_it_and_typing_does_not(page, qtbot):
    done = []
    Actions().add("x", "Do", lambda: done.append(1), keys=["S"], scope=page, group="G")
    page.part.setFocus()
    qtbot.keyClick(page.part, Qt.Key.Key_S)
    page.edit.setFocus()
    qtbot.keyClick(page.edit, Qt.Key.Key_S)
    assert done == [1]
    assert page.edit.text() == "s"


def test_what_cannot_be_done_is_not_done(page):
    done = []
    actions = Actions()
    actions.add("x", "Do", lambda: done.append(1), scope=page, group="G", enabled=lambda: False)
    actions.trigger("x")
    assert done == []


def test_own_keys_replace_the_usual_ones_and_are_kept(page, qtbot):
    kept = {}
    actions = Actions({"x": ["T"]}, save_keys=kept.update)
    done = []
    actions.add("x", "Do", lambda: done.append(1), keys=["S"], scope=page, group="G")
    page.part.setFocus()
    qtbot.keyClick(page.part, Qt.Key.Key_S)
    qtbot.keyClick(page.part, Qt.Key.Key_T)
    assert done == [1]
    actions.set_keys("x", ["Ctrl+T"])
    assert kept == {"x": ["Ctrl+T"]}
    assert actions.key_text("x") == "Ctrl+T"
    actions.reset_keys("x")
    assert actions.key_text("x") == "S"


def test_a_taken_key_is_refused_by_name(page):
    actions = Actions()
    actions.add("x", "Do", lambda: None, keys=["S"], scope=page, group="G")
    actions.add("y", "Other", lambda: None, keys=["T"], scope=page.part, group="G")
    with pytest.raises(KeyTakenError, match="Do"):
        actions.set_keys("y", ["S"])
    assert actions.key_text("y") == "T"


def test_the_same_key_may_mean_two_things_in_two_places(page):
    actions = Actions()
    actions.add("x", "Do", lambda: None, keys=["S"], scope=page.edit, group="G")
    actions.add("y", "Other", lambda: None, keys=["T"], scope=page.part, group="G")
    actions.set_keys("y", ["S"])
    assert actions.key_text("y") == "S"


def test_actions_of_a_page_that_is_gone_are_gone(page):
    actions = Actions()
    part = QWidget(page)
    actions.add("x", "Do", lambda: None, keys=["S"], scope=part, group="G")
    import shiboken6

    shiboken6.delete(part)
    assert "x" not in actions
    assert actions.all() == []


def test_a_menu_tells_what_can_be_done_and_its_key(page, qtbot):
    actions = Actions()
    actions.add("x", "Do", lambda: None, keys=["S"], scope=page, group="G")
    actions.add("y", "Not now", lambda: None, scope=page, group="G", enabled=lambda: False)
    entries = actions.menu(["x", "", "y"], page).actions()
    assert [entry.text() for entry in entries] == ["Do\tS", "", "Not now"]
    assert [entry.isEnabled() for entry in entries] == [True, True, False]
