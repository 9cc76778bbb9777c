"""What is read by its one spelling is read just as JSON would be, and refused where that is."""

import json
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glomviewer.store.packs import row_reading
from glomviewer.store.packs.errors import UnsoundContent
from glomviewer.store.packs.plain_lines import plain_gesture, plain_row
from glomviewer.store.packs.row_reading import JournalReader
from glomviewer.store.packs.rows import (
    DecisionRow,
    GestureContent,
    JournalEntry,
    OriginName,
    ReaderName,
    RowsHead,
    rows_to_bytes,
)

ORIGIN, OTHER, ANN, ITEM, PATCH = "a" * 32, "b" * 32, "c" * 32, "d" * 32, "e" * 64
HEAD = RowsHead((OriginName(ORIGIN), OriginName(OTHER)), (ReaderName(ANN, "Ann Other", "AO"),))

TEXTS = st.text(max_size=8) | st.sampled_from(["", '"', "\\", "\n", "\u2028", "\x7f", "Ä, ß"])
NUMBERS = st.integers(0, 5) | st.sampled_from([2**31, 2**53, 2**53 + 1, 10**16])
SUBJECTS = st.sampled_from(
    [(PATCH, 0), (f"{PATCH}:3", 0), (f"{PATCH}:0", 0), (ITEM, 1), (ITEM, 0), (f"file:{PATCH}:p", 0)]
)
FIELDS = st.sampled_from(["label", "comment", "flag", "referral", "colour"])


@st.composite
def rows(draw, sequence):
    subject, is_item = draw(SUBJECTS)
    return DecisionRow(
        *(sequence, subject, is_item, draw(FIELDS), draw(st.integers(-2, 3)), draw(TEXTS)),
        *(draw(st.integers(-2, 3)), draw(TEXTS), draw(TEXTS), draw(TEXTS)),
        *(draw(st.integers(0, 2)), draw(TEXTS), draw(st.integers(0, 1))),
    )


@st.composite
def gestures(draw):
    return JournalEntry(
        *(ORIGIN, draw(NUMBERS), draw(NUMBERS), "gesture", ANN, draw(NUMBERS), draw(TEXTS)),
        *(draw(TEXTS), draw(TEXTS), "", "f" * 64),
        GestureContent(
            *(draw(NUMBERS), draw(st.sampled_from(["do", "undo", "again"])), draw(TEXTS)),
            *(draw(NUMBERS), ANN, (draw(st.sampled_from([ORIGIN, OTHER, ANN])), draw(NUMBERS))),
        ),
        tuple(draw(rows(at)) for at in range(1, 1 + draw(st.integers(0, 2)))),
    )


def outcome(content):
    """The entries, or what was said instead."""
    try:
        return list(JournalReader([content], "x.glomreturn").entries())
    except UnsoundContent as error:
        return str(error)


def as_json(content):
    with (
        patch.object(row_reading, "plain_gesture", lambda _: None),
        patch.object(row_reading, "plain_row", lambda _: None),
    ):
        return outcome(content)


@given(st.lists(gestures(), max_size=2), st.integers(0), st.none() | st.binary(max_size=2))
@example([], 0, None)
def test_both_ways_of_reading_say_the_same(entries, at, instead):
    head, *others = b"".join(rows_to_bytes(HEAD, entries)).split(b"\n", 1)
    rest = b"".join(others)
    if instead is not None and rest:
        at %= len(rest)
        rest = rest[:at] + instead + rest[at + 1 :]
    content = head + b"\n" + rest
    assert outcome(content) == as_json(content)


LINES = [
    line.encode()
    for line in b"".join(
        rows_to_bytes(
            HEAD,
            [
                JournalEntry(
                    *(ORIGIN, 1, 1, "gesture", ANN, 5, "UTC", "", "0.1.0", "", "f" * 64),
                    GestureContent(1, "do", "label 1 patch", 1, ANN, (ORIGIN, 1)),
                    (DecisionRow(1, PATCH, 0, "label", -1, "", 1, "", "", "", 0, "", 1),),
                )
            ],
        )
    )
    .decode()
    .splitlines()
][1:]


def test_what_files_are_full_of_needs_no_json():
    assert plain_gesture(LINES[0]) is not None
    assert plain_row(LINES[1]) is not None


@pytest.mark.parametrize("respelled", [json.dumps, lambda value: json.dumps(value, indent=1)])
def test_another_spelling_is_left_to_json(respelled):
    gesture, row = (respelled(json.loads(line)).encode() for line in LINES)
    assert plain_gesture(gesture) is None
    assert plain_row(row) is None


@pytest.mark.parametrize("line", [b"\xff", b"", b"[]", b"{}", LINES[1] + b" ", b" " + LINES[1]])
def test_what_is_not_quite_one_is_left_to_json(line):
    assert plain_gesture(line) is None
    assert plain_row(line) is None
