from pathlib import Path

import pytest

from training.config import UserError
from training.judging.contestants import contestants_of
from training.recipe import PixelRecipe, QuickRecipe


def test_a_recipe_may_stand_there_twice_under_two_names() -> None:
    white, edge = contestants_of(
        ["logistic", "edge=logistic"], ["edge.padding=edge", "side=16"], tiny=False
    )
    assert (white.name, edge.name) == ("logistic", "edge")
    assert isinstance(white.recipe, PixelRecipe) and isinstance(edge.recipe, PixelRecipe)
    assert (white.recipe.padding, edge.recipe.padding) == ("white", "edge")
    assert (white.recipe.side, edge.recipe.side) == (16, 16)


def test_a_change_for_all_reaches_those_that_have_the_field() -> None:
    pixels, quick = contestants_of(["logistic", "quick"], ["side=16", "folds=3"])
    assert isinstance(pixels.recipe, PixelRecipe) and isinstance(quick.recipe, QuickRecipe)
    assert (pixels.recipe.side, pixels.recipe.folds, quick.recipe.folds) == (16, 3, 3)


def test_a_recipe_of_ones_own_is_named_after_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('method = "pixels"\nside = 4\n', encoding="utf-8")
    (mine,) = contestants_of([str(path)])
    assert mine.name == "mine"
    assert isinstance(mine.recipe, PixelRecipe) and mine.recipe.side == 4


def test_each_may_start_from_another_base(tmp_path: Path) -> None:
    one, other = contestants_of(["quick", "b=quick"], bases=["random", f"b={tmp_path}"])
    assert (one.base.kind, other.base.kind) == ("random", "model")


@pytest.mark.parametrize(
    ("recipes", "changes", "told"),
    [
        (["quick", "quick"], [], "--recipe quick is there twice"),
        (["nothing"], [], "There is no recipe 'nothing'"),
        (["quick"], ["swin.epochs=1"], "swin is none of quick"),
        (["quick"], ["epochs=1"], "none of these recipes has a field 'epochs'"),
        (["quick"], ["quick.epochs=1"], "epochs"),
        (["quick"], ["folds"], "should be RECIPE.FIELD=VALUE"),
        (["../x y"], [], "should be NAME"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(
    recipes: list[str], changes: list[str], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        contestants_of(recipes, changes)
