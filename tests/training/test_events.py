"""Events survive their line; a line that isn't one never breaks the reader."""

import json
import math
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.events import (
    Epoch,
    Error,
    Note,
    Progress,
    Result,
    Started,
    Unknown,
    decode,
    encode,
)

EVENTS = [
    Started(verb="predict", device="CPU", detail="é\nü"),
    Progress(done=3, total=10, stage="predicting", seconds_left=1.5, rate=2, id=4),
    Epoch(
        **{"epoch": 1, "epochs": 5, "train_loss": 0.5, "validation_loss": 0.25},
        **{"train_auc": None, "validation_auc": 0.9, "learning_rate": 1e-4},
        images_per_second=12.5,
        best=True,
    ),
    Note(text="careful", level="warning"),
    Result(payload={"gate": {"verdict": "better"}}, id=1),
    Error(message="no", kind="cancelled"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_its_line(event):
    line = encode(event)
    assert "\n" not in line
    assert decode(line) == event


def test_the_time_is_utc():
    time = datetime.fromisoformat(Note(text="").time)
    assert time.utcoffset() is not None
    assert time.utcoffset().total_seconds() == 0  # type: ignore[union-attr]


def test_numbers_that_are_not_finite_become_null():
    line = encode(Result(payload={"auc": math.nan, "list": [math.inf, 1.0]}))
    assert json.loads(line)["payload"] == {"auc": None, "list": [None, 1.0]}


def test_an_unknown_kind_is_kept_as_it_was():
    line = '{"event": "weather", "sun": 1}'
    event = decode(line)
    assert isinstance(event, Unknown)
    assert event.kind == "weather"
    assert encode(event) == line


def test_a_newer_sender_may_add_keys():
    event = decode('{"event": "note", "text": "a", "colour": "red"}')
    assert isinstance(event, Note)
    assert event.text == "a"


@pytest.mark.parametrize(
    "line",
    [
        *("", "{", "null", "[]", "3", '{"event": "note"}', '{"event": "note", "text": 5}'),
        *('{"event": "progress", "done": 1}', '{"event": []}', "Epoch 1/3", "[" * 100_000),
    ],
)
def test_a_line_that_is_no_event_is_unknown(line):
    event = decode(line)
    assert isinstance(event, Unknown)
    assert event.line == line


@given(st.text(), st.integers(0, 60))
def test_torn_lines_never_raise(text, cut):
    decode(text)
    decode(encode(Note(text=text))[:cut])
