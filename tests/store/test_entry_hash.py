"""What is hashed is spelled as JSON's own encoder spells it, whatever an act says."""

import json

from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store import entry_hash

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
NUMBERS = st.integers(-(2**60), 2**60)
ODD = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.lists(NUMBERS), TEXTS)
TYPES = (int, str, int, str, int, str, int, str, str, str, int, str, int)


def usually(strategy):
    """Values of the usual type and, as in a database that somebody has edited, of any other."""
    return st.integers(0, 30).flatmap(lambda dice: strategy if dice else ODD)


def one(kind):
    return usually(TEXTS if kind is str else NUMBERS)


CONTENT = st.fixed_dictionaries(
    {name: one(str) for name in ("kind", "title", "reader")}
    | {name: one(int) for name in ("sequence", "patches")}
    | {"root": usually(st.tuples(TEXTS, NUMBERS).map(list))}
)
HEADERS = st.fixed_dictionaries(
    {name: one(str) for name in ("origin", "kind", "reader", "zone", "title", "program")}
    | {name: one(int) for name in ("sequence", "clock", "made_at")}
    | {"body": st.one_of(CONTENT, usually(TEXTS))}
)


def plain(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(HEADERS)
def test_an_act_is_spelled_as_json_does(header):
    assert entry_hash.header_text(header) == plain(header)


@given(st.tuples(*map(one, TYPES)))
def test_a_decision_is_spelled_as_json_does(row):
    assert entry_hash.row_text(row) == plain(row)
    assert entry_hash.row_text(list(row)) == plain(row)


def test_a_header_of_other_names_is_spelled_too():
    assert entry_hash.header_text({"b": 1, "a": [True]}) == '{"a":[true],"b":1}'
