"""Fields are written as they are read, and refused in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.ui.lab.field_text import range_text, text_of, title_of, value_of
from training.recipe import METHODS, recipe_fields
from training.recipe_fields import FieldSpec

SPECS = [spec for method in METHODS for spec in recipe_fields(method)]


def spec(kind, **more):
    facts = {"name": "learning_rate", "help": "", "section": "", "default": None}
    return FieldSpec(kind=kind, **{**facts, **more})


@pytest.mark.parametrize("one", SPECS, ids=lambda one: one.name)
def test_every_default_is_read_as_it_is_written(one):
    if one.kind in ("bool", "choice"):
        return
    assert value_of(one, text_of(one, one.default)) == one.default


@given(st.floats(1e-9, 10))
def test_numbers_survive(number):
    one = spec("float", low=1e-9, high=10)
    assert value_of(one, text_of(one, number)) == pytest.approx(number, rel=1e-9)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_in_a_sentence(text):
    for one in SPECS:
        try:
            value = value_of(one, text)
        except ValueError as error:
            assert str(error).endswith(".")
        else:
            if one.kind in ("int", "float") and one.high is not None:
                assert value <= one.high


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("int", "many", "It should be a whole number, 1 to 4,096."),
        ("int", "9000", "It should be 1 to 4,096."),
        ("float", "0,1", "It should be a number with a point, such as 0.1."),
        ("float", "nan", "It should be a number, 1 to 4,096."),
        ("numbers", "", "It should be one or more numbers with commas between."),
    ],
)
def test_refusals(kind, text, sentence):
    with pytest.raises(ValueError) as refused:
        value_of(spec(kind, low=1, high=4096), text)
    assert str(refused.value) == sentence


def test_tables_are_names_with_values():
    table = spec("table")
    assert value_of(table, '{"window_size": 4}') == {"window_size": 4}
    assert value_of(table, "") == {}
    with pytest.raises(ValueError, match="names with values"):
        value_of(table, "[1]")


def test_words():
    assert title_of(spec("float")) == "Learning rate"
    assert range_text(spec("float", low=1e-9, high=10)) == "1e-9 to 10"
    assert range_text(spec("int", low=0)) == "0 or more"
    assert range_text(spec("text")) == ""
