import argparse
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.__main__ import main
from training.config import UserError
from training.recipe import METHODS, FullRecipe, QuickRecipe, recipe_fields
from training.recipe_files import load_recipe, read_recipe_file, recipe_names
from training.recipe_options import add_recipe_arguments, recipe_from_arguments, wanted_recipe


@pytest.mark.parametrize("name", recipe_names())
@pytest.mark.parametrize("tiny", [False, True])
def test_every_recipe_that_is_there_can_be_read(name: str, tiny: bool) -> None:
    recipe = load_recipe({"name": name}, tiny=tiny)
    assert recipe.name == name
    assert recipe.summary


def test_every_earlier_system_is_there_by_name() -> None:
    assert {
        *("quick", "lite0", "swin", "swin-small", "logistic", "stack"),
        *("resnet152", "resnet152-2", "resnet152-3", "resnet152-4", "resnet152-5"),
        *("vit", "vit-2", "vit-3", "vit-4", "vit-7", "swin-seed"),
        *("resnet50-smote", "resnet50-undersample", "resnet50v2-colour", "inception-edges"),
    } <= set(recipe_names())


def test_a_variant_differs_from_its_recipe_in_what_it_says_alone() -> None:
    plain, weighted = load_recipe({"name": "resnet152"}), load_recipe({"name": "resnet152-3"})
    changed = {key for key, value in weighted.to_json().items() if value != plain.to_json()[key]}
    assert changed == {"name", "summary", "class_weight", "weight_decay"}


@pytest.mark.parametrize("method", METHODS)
def test_every_field_is_described_once_and_has_a_place(method: str) -> None:
    undescribed = {"name", "summary", "format", "method"}
    names = {item.name for item in fields(METHODS[method])}
    specs = recipe_fields(method)
    assert {spec.name for spec in specs} == names - undescribed
    for spec in specs:
        assert spec.help.endswith("."), spec.name
        assert spec.section
        assert not spec.choices or spec.default in spec.choices
        assert spec.needs is None or spec.needs[0] in names


def test_names_of_earlier_versions_are_still_understood() -> None:
    assert load_recipe({"name": "system_a"}).name == "swin-seed"
    assert load_recipe({"name": "swin_small"}).name == "swin-small"


def test_a_job_changes_fields_of_a_recipe() -> None:
    recipe = load_recipe({"name": "swin", "epochs": 3, "learning_rate": 1})
    assert isinstance(recipe, FullRecipe)
    assert (recipe.epochs, recipe.learning_rate) == (3, 1.0)


@pytest.mark.parametrize("name", recipe_names())
def test_what_was_recorded_of_a_run_can_be_run_again(name: str) -> None:
    recipe = load_recipe({"name": name, "validation_share": 0.3}, tiny=True)
    assert load_recipe(recipe.to_json()) == recipe


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"name": "quack"}, "no recipe 'quack'"),
        ({}, "There is no recipe"),
        ({"name": "quick", "epochs": 3}, "unknown key 'epochs'"),
        ({"name": "quick", "folds": 1}, "folds is 1"),
        ({"name": "quick", "strengths": []}, "strengths"),
        ({"name": "quick", "strengths": [-1.0]}, "strengths is -1"),
        ({"name": "quick", "threshold_rule": "f2"}, "no threshold rule"),
        ({"name": "quick", "validation_share": 0.9}, "validation_share"),
        ({"name": "quick", "size": 5}, "size is 5"),
        ({"name": "swin", "optimizer": "lion"}, "adamw"),
        ({"name": "swin", "epochs": "many"}, "whole number"),
        ({"name": "swin", "head_epochs": 99}, "head_epochs is 99"),
        ({"name": "swin", "ema_decay": 1.0}, "ema_decay is 1"),
        ({"name": "swin", "focal_gamma": 3.0}, "focal_gamma means nothing while loss"),
        ({"name": "swin", "smote_share": 0.4}, "set balance to 'smote'"),
        ({"name": "swin", "hue": 0.1}, "hue means nothing while enhancement"),
        ({"name": "swin", "mixup": 0.2, "loss": "focal"}, "mixup goes with"),
        ({"name": "swin", "inner_folds": 1}, "inner_folds is 1"),
        ({"name": "inception-edges", "colour_jitter": 0.1}, "edges have no colours"),
        ({"name": "resnet50v2-colour", "stain_jitter": 0.1}, "stains can't be told apart"),
        ({"name": "swin", "format": 99}, "update the program"),
        ({"name": "stack", "members": ["quick"]}, "two or more"),
        ({"name": "resnet50-smote", "resample_before_split": True}, "test patches into training"),
    ],
)
def test_a_wrong_recipe_is_refused_by_name(wanted: dict[str, object], told: str) -> None:
    with pytest.raises(UserError, match=told):
        load_recipe(wanted)


@given(st.text(max_size=20), st.one_of(st.none(), st.integers(), st.floats(), st.text()))
def test_any_field_and_value_give_a_recipe_or_a_sentence(key: str, value: object) -> None:
    try:
        load_recipe({"name": "swin", key: value})
    except UserError as error:
        assert "\n" not in str(error).strip()


OWN = """
method = "frozen"
summary = "mine"
folds = 3
[tiny]
folds = 2
"""


def test_a_file_of_ones_own_works_like_a_built_in_one(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(OWN, "utf-8")
    wanted = wanted_recipe(str(file), ["symmetries=2"])
    recipe = load_recipe(wanted)
    assert isinstance(recipe, QuickRecipe)
    assert (recipe.name, recipe.folds, recipe.symmetries) == ("mine", 3, 2)
    assert load_recipe(wanted, tiny=True).to_json()["folds"] == 2
    assert load_recipe(recipe.to_json()) == recipe


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("mine", "method = ", "no TOML"),
        ("mine", "folds = 3", "should name its method"),
        ("mine", 'method = "magic"', "one of frozen"),
        ("mine", 'method = "frozen"\nspeed = 3', "unknown key 'speed'"),
        ("mine", 'method = "frozen"\nformat = 2', "update the program"),
        ("quick", 'method = "frozen"', "built-in recipe of that name"),
        ("mine", 'method = "frozen"\n[variants.2]\nfolds = 3', "variants"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, name: str, text: str, told: str) -> None:
    file = tmp_path / f"{name}.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(UserError, match=told):
        read_recipe_file(file)


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


@pytest.mark.parametrize("name", ["vit-4", "logistic", "quick", "stack"])
def test_what_the_verb_prints_is_a_recipe_file_of_the_same_fields(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recipes", name]) == 0
    printed = capsys.readouterr().out
    file = tmp_path / "mine.toml"
    file.write_text(printed, "utf-8")
    assert load_recipe(read_recipe_file(file)).to_json() == {
        **load_recipe({"name": name}).to_json(),
        "name": "mine",
    }
    assert tomllib.loads(printed)["method"]


def test_the_verb_lists_every_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipes"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in recipe_names())
