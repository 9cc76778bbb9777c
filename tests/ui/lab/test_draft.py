"""What is asked of a recipe, and what a job then gets."""

import pytest

from glomviewer.ui.lab.draft import Draft, built_in, own_file
from training.config import UserError
from training.recipe_files import load_recipe, recipe_names


def draft(name="swin", **changes):
    made = Draft(built_in(name))
    for field, value in changes.items():
        made = made.with_(field, value)
    return made


def test_a_job_gets_the_name_and_only_what_differs():
    assert draft().wanted() == {"name": "swin"}
    assert draft(epochs=7).wanted() == {"name": "swin", "epochs": 7}
    own = load_recipe({"name": "swin"}).to_json()["epochs"]
    assert draft(epochs=7).with_("epochs", own).changes == {}
    assert draft(epochs=7).without("epochs").changes == {}


@pytest.mark.parametrize("name", recipe_names())
def test_every_built_in_recipe_stands_as_it_is(name):
    made = draft(name)
    assert made.refusal() == ""
    assert made.told() == {}
    assert made.fields()


def test_fields_that_cannot_stand_together_are_refused_in_a_sentence():
    refusal = draft(epochs=2, head_epochs=5).refusal()
    assert refusal.startswith("Head_epochs is 5")
    assert "swin" not in refusal


def test_what_means_nothing_any_more_is_put_back():
    changed = draft("swin", loss="focal", focal_gamma=3.0).with_("loss", "cross-entropy")
    assert changed.told() == {}
    assert changed.refusal() == ""
    plain = draft("resnet50v2-colour", enhancement="none")
    assert plain.refusal() == ""
    assert load_recipe(plain.wanted()).to_json()["enhancement"] == "none"


def test_ones_own_file_works_like_a_built_in_one(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('method = "full"\nsummary = "mine"\nepochs = 4\n', encoding="utf-8")
    made = Draft(own_file(mine)).with_("batch", 8)
    assert made.origin.argument == str(mine)
    assert made.wanted()["epochs"] == 4
    assert load_recipe(made.wanted()).to_json()["batch"] == 8


def test_a_file_that_is_no_recipe_is_refused(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text("method = ", encoding="utf-8")
    with pytest.raises(UserError, match="TOML"):
        own_file(mine)
