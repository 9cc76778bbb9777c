"""Tables say what is undefined, untested or unreliable, and are Markdown."""

import copy

import pytest

from training.judging.judge_report import terminal_text
from training.judging.judge_tables import NAMES, cell, duration, p_text, pairs_table, table


def an_interval(value: float | None = 0.5) -> dict[str, float | None]:
    return {"value": value, "low": None, "high": None}


def some_facts(recipes: int) -> dict:
    names = [f"r{i}" for i in range(recipes)]
    difference = {**an_interval(0.1), "undefined_draws": 0, "p": 0.03, "p_holm": 0.09}
    return {
        "question": "Which?",
        "other_question": "Not that.",
        "purpose": "For review.",
        "data": {
            **{"patches": 10, "sclerotic": 3, "groups": 4, "unit": "patch", "reliable": False},
            "grouping": "auto",
        },
        "folds": [{"name": "1"}, {"name": "2"}],
        "seed": 0,
        "draws": 2000,
        "devices": ["CPU"],
        "recipes": [
            {
                "name": name,
                "base": "random",
                "seconds": 5.0,
                "figures": {key: an_interval() for key in NAMES},
                "undefined_draws": dict.fromkeys(NAMES, 0),
            }
            for name in names
        ],
        "pairs": [
            {
                "first": one,
                "second": other,
                "differences": {key: copy.copy(difference) for key in NAMES},
                "mcnemar": {"only_first": 3, "only_second": 1, "p": 0.6, "p_holm": None},
            }
            for i, one in enumerate(names)
            for other in names[i + 1 :]
        ],
    }


def test_a_table_is_markdown_of_even_columns() -> None:
    lines = table(["a", "bb"], [["1", "2"], ["long", "3"]]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[0] == "| a    | bb |"
    assert set(lines[1]) == {"|", "-"}


def test_what_is_undefined_says_so() -> None:
    assert cell(an_interval(None)) == "undefined"
    assert cell({"value": 0.1, "low": -0.2, "high": 0.3}, signed=True) == (
        "+0.100 (-0.200 to +0.300)"
    )
    assert p_text(None) == "not tested"
    assert (p_text(1 / 10_001), p_text(3e-9)) == ("0.0001", "3.0e-09")
    assert [duration(one) for one in (30, 600, 7200)] == ["30 s", "10 min", "2.0 h"]


@pytest.mark.parametrize(("recipes", "corrected"), [(1, False), (2, False), (3, True)])
def test_holm_stands_there_where_more_than_two_are_compared(recipes: int, corrected: bool) -> None:
    assert ("p after Holm" in pairs_table(some_facts(recipes))) == corrected


def test_a_terminal_is_spared_the_pairs_of_many_recipes() -> None:
    assert "r1 - r2" in terminal_text(some_facts(4))
    text = terminal_text(some_facts(5))
    assert "r0 - r4" in text and "r1 - r2" not in text
    assert "report.md has all pairs" in text
    assert "Fewer than 20 patches make intervals unreliable" in text
