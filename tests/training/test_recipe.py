import argparse

import pytest

from training.config import UserError
from training.recipe import (
    FullRecipe,
    QuickRecipe,
    add_recipe_arguments,
    load_recipe,
    recipe_from_arguments,
    recipe_names,
)


def test_every_recipe_that_is_there_can_be_read() -> None:
    assert {"quick", "swin", "system_a"} <= set(recipe_names())
    for name in recipe_names():
        assert load_recipe({"name": name}).name == name


def test_a_job_changes_fields_of_a_recipe() -> None:
    recipe = load_recipe({"name": "swin", "epochs": 3, "learning_rate": 1})
    assert isinstance(recipe, FullRecipe)
    assert (recipe.epochs, recipe.learning_rate) == (3, 1.0)


def test_what_was_recorded_of_a_run_can_be_run_again() -> None:
    recipe = load_recipe({"name": "quick", "folds": 3})
    assert isinstance(recipe, QuickRecipe)
    assert load_recipe(recipe.to_json()) == recipe


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"name": "quack"}, "no recipe 'quack'"),
        ({}, "There is no recipe"),
        ({"name": "quick", "epochs": 3}, "unknown key 'epochs'"),
        ({"name": "quick", "folds": 1}, "folds is 1"),
        ({"name": "quick", "strengths": []}, "strengths"),
        ({"name": "quick", "threshold_rule": "f2"}, "no threshold rule"),
        ({"name": "quick", "validation_share": 0.9}, "validation_share"),
        ({"name": "swin", "optimizer": "lion"}, "adamw"),
        ({"name": "swin", "epochs": "many"}, "whole number"),
        ({"name": "swin", "head_epochs": 99}, "head_epochs is 99"),
        ({"name": "swin", "ema_decay": 1.0}, "ema_decay is 1"),
    ],
)
def test_a_wrong_recipe_is_refused_by_name(wanted: dict[str, object], told: str) -> None:
    with pytest.raises(UserError, match=told):
        load_recipe(wanted)


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_recipe_arguments(parser, "quick")
    return parser.parse_args(words)


def test_fields_are_set_from_the_shell() -> None:
    wanted = recipe_from_arguments(
        parsed("--recipe", "swin", "--set", "epochs=2", "--set", "balance=copies")
    )
    assert wanted == {"name": "swin", "epochs": 2, "balance": "copies"}


def test_a_field_without_value_is_refused() -> None:
    with pytest.raises(UserError, match="FIELD=VALUE"):
        recipe_from_arguments(parsed("--set", "folds"))
