"""The form by keys and mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from glomviewer.ui.lab.recipe_card import RecipeCard
from training.recipe_files import recipe_names

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def card(qtbot, theme):
    card = RecipeCard()
    card.show_recipes(recipe_names())
    qtbot.addWidget(card)
    card.resize(480, 900)
    card.show()
    card.choose_recipe("swin")
    return card


def write(qtbot, row, text):
    row.editor.setFocus()
    row.editor.selectAll()
    qtbot.keyClicks(row.editor, text)


def test_all_recipes_are_offered_with_what_they_are(card):
    offered = [card.recipe.itemText(place) for place in range(card.recipe.count())]
    assert offered == recipe_names()
    assert card.summary.text() == "Full fine-tuning of a Swin, for a GPU."


def test_a_section_unfolds_by_key_and_has_a_field_for_each(qtbot, card):
    assert card.form.rows == {}
    head = card.form.folds["Stopping"].head
    head.setFocus()
    qtbot.keyClick(head, Qt.Key.Key_Space)
    assert set(card.form.rows) == {"patience", "min_change"}
    assert card.form.rows["patience"].isVisible()
    assert "unfolded" in head.accessibleDescription()


def test_a_changed_field_is_marked_and_goes_back(qtbot, card):
    card.form.unfold("Stopping")
    row = card.form.rows["patience"]
    own = row.editor.text()
    write(qtbot, row, "4")
    assert row.title.text() == "Patience •"
    assert card.form.folds["Stopping"].head.remark == "1 changed"
    assert card.changes_line.text() == "1 field changed from swin"
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert row.editor.text() == own
    assert card.draft.changes == {}
    assert not row.reset.isVisible()


def test_what_is_out_of_range_is_refused_at_the_field(qtbot, card):
    card.form.unfold("Stopping")
    row = card.form.rows["patience"]
    write(qtbot, row, "0")
    assert row.trouble.text() == "It should be 1 to 10,000."
    assert card.obstacle == "Patience: It should be 1 to 10,000."
    assert card.draft.changes == {}
    write(qtbot, row, "3")
    assert card.obstacle == ""
    assert card.draft.changes == {"patience": 3}


def test_fields_that_mean_nothing_are_not_shown(qtbot, card):
    card.form.unfold("Learning")
    rows = card.form.rows
    assert not rows["focal_gamma"].isVisible()
    place = rows["loss"].editor.findText("focal")
    rows["loss"].editor.setFocus()
    while rows["loss"].editor.currentIndex() != place:
        qtbot.keyClick(rows["loss"].editor, Qt.Key.Key_Down)
    assert rows["focal_gamma"].isVisible()
    assert card.draft.wanted() == {"name": "swin", "loss": "focal"}


def test_fields_that_refuse_each_other_say_so(qtbot, card):
    card.form.unfold("Learning")
    write(qtbot, card.form.rows["epochs"], "2")
    write(qtbot, card.form.rows["head_epochs"], "3")
    assert "at most epochs" in card.obstacle
    assert card.form.trouble.isVisible()
    card.reset_all()
    assert card.obstacle == ""


def test_another_recipe_forgets_the_changes_and_keeps_what_is_unfolded(qtbot, card):
    card.form.unfold("Stopping")
    write(qtbot, card.form.rows["patience"], "4")
    card.choose_recipe("vit")
    assert card.draft.changes == {}
    assert card.form.rows["patience"].isVisible()
    card.choose_recipe("logistic")
    assert "Stopping" not in card.form.folds


def test_a_file_of_ones_own_is_offered_and_a_bad_one_refused(card, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('method = "full"\nsummary = "just mine"\n', encoding="utf-8")
    card.take_file(mine)
    assert card.recipe.currentText() == "mine.toml"
    assert card.summary.text() == "Just mine."
    bad = tmp_path / "bad.toml"
    bad.write_text('method = "full"\nepoch = 4\n', encoding="utf-8")
    card.take_file(bad)
    assert "epoch" in card.trouble.text()
    assert card.recipe.currentText() == "mine.toml"


def test_every_control_has_a_name(card):
    card.form.fold_all()
    for row in card.form.rows.values():
        assert row.editor.accessibleName()
        assert row.editor.accessibleDescription()
    lines = card.findChildren(QLineEdit)
    assert lines
    assert all(line.accessibleName() for line in lines if not line.objectName())


def test_where_weights_start_is_told_for_the_recipe(card):
    assert card.explanation.text().startswith("Takes the active model where its architecture")
    card.choose_recipe("logistic")
    assert not card.base.isEnabled()
    assert card.base_weights().kind == "auto"
    card.choose_recipe("quick")
    assert card.base.isEnabled()
    assert "EfficientNet-Lite0" in card.explanation.text()
