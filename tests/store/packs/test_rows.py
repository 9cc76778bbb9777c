"""A foreign journal is read just as it was written, or refused in one sentence."""

import json
import re
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store.packs.errors import PackError, UnsoundContent
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

ORIGIN, OTHER, ANN = "a" * 32, "b" * 32, "c" * 32
PATCH = "d" * 64
HEAD = RowsHead(
    (OriginName(ORIGIN, "ABCD-EFGH-IJKL-MNOP"), OriginName(OTHER)),
    (ReaderName(ANN, "Ann Other", "AO"),),
)
ROW = DecisionRow(1, PATCH, 0, "label", -1, "", 1, "", "", "", 0, "", 1)
CONTENT = GestureContent(1, "do", "label 1 patch", 1, ANN, (ORIGIN, 1))
GESTURE = JournalEntry(
    origin=ORIGIN,
    sequence=1,
    clock=1,
    kind="gesture",
    reader=ANN,
    made_at=1_700_000_000_000_000,
    zone="Europe/Berlin",
    title="",
    program="0.1.0",
    body="",
    hash="e" * 64,
    gesture=CONTENT,
    rows=(ROW, ROW._replace(sequence=2, subject=f"{PATCH}:1")),
)
ACT = replace(
    GESTURE, sequence=2, kind="finish", reader="", body='{"reading":"x"}', gesture=None, rows=()
)


def text_of(entries, head=HEAD):
    return b"".join(rows_to_bytes(head, entries))


def read(content):
    reader = JournalReader([content], "x.glomreturn")
    return reader.head, list(reader.entries())


def refused(content, about=r"line \d+"):
    with pytest.raises(UnsoundContent, match=about) as told:
        read(content)
    assert re.fullmatch(r"x\.glomreturn can't be used: line \d+ [^\n]*\.", str(told.value))


def changed(line, **fields):
    """The journal with fields of a line replaced: of its object, or by name of its row."""
    lines = text_of([GESTURE, ACT]).decode().splitlines()
    value = json.loads(lines[line])
    if isinstance(value, list):
        value = list(DecisionRow(*value)._replace(**fields))
    else:
        value |= fields
    lines[line] = json.dumps(value)
    return "\n".join(lines).encode()


def test_what_is_written_is_read():
    assert read(text_of([GESTURE, ACT])) == (HEAD, [GESTURE, ACT])
    assert read(text_of([])) == (HEAD, [])


def test_it_does_not_matter_where_a_stream_is_cut():
    content = text_of([GESTURE, ACT, GESTURE])
    for size in (1, 7, 100, 10_000):
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        assert list(JournalReader(pieces, "x").entries()) == [GESTURE, ACT, GESTURE]


def test_acts_come_one_by_one():
    reader = JournalReader(iter([text_of([GESTURE]), b"nonsense\n"]), "x.glomreturn")
    entries = reader.entries()
    assert next(entries) == GESTURE
    with pytest.raises(UnsoundContent):
        next(entries)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(texts, texts, st.integers(-1, 2**31 - 1), st.booleans())
def test_any_text_survives(comment, value, label, flag):
    row = ROW._replace(comment=comment, value=value, label=label, call_shown=int(flag))
    entry = replace(GESTURE, title=comment, rows=(row,))
    assert read(text_of([entry]))[1] == [entry]


def test_half_a_character_is_neither_written_nor_read():
    with pytest.raises(ValueError, match="surrogate"):
        text_of([replace(GESTURE, title="\ud800")])
    refused(changed(2, comment="\ud800"), "line 3")


@pytest.mark.parametrize(
    "line, fields",
    [
        (0, {"origins": [["short", ""]]}),
        (0, {"origins": [[ORIGIN, "no fingerprint"]]}),
        (0, {"origins": [[ORIGIN, ""], [ORIGIN, ""]]}),
        (0, {"origins": [[OTHER, ""]]}),
        (0, {"readers": []}),
        (0, {"readers": [[ANN, "", "AO"]]}),
        (0, {"readers": [[ANN, "Ann Other", "AO", 1]]}),
        (0, {"more": 1}),
        (1, {"origin": "f" * 32}),
        (1, {"origin": ["f"]}),
        (1, {"sequence": 0}),
        (1, {"sequence": True}),
        (1, {"clock": 2**60}),
        (1, {"clock": 1.0}),
        (1, {"kind": "prank"}),
        (1, {"kind": []}),
        (1, {"reader": ""}),
        (1, {"reader": None}),
        (1, {"made_at": -1}),
        (1, {"zone": None}),
        (1, {"zone": "z" * 10_001}),
        (1, {"hash": "E" * 64}),
        (1, {"rows": 1}),
        (1, {"rows": 3}),
        (1, {"rows": -1}),
        (1, {"rows": 2**50}),
        (1, {"body": "{}"}),
        (1, {"body": CONTENT.to_json() | {"kind": "maybe"}}),
        (1, {"body": CONTENT.to_json() | {"root": ["f" * 32, 1]}}),
        (1, {"body": CONTENT.to_json() | {"root": [ORIGIN]}}),
        (1, {"body": CONTENT.to_json() | {"reader": "f" * 32}}),
        (1, {"more": 1}),
        (2, {"sequence": 2}),
        (2, {"sequence": -1}),
        (2, {"subject": "../../etc"}),
        (2, {"subject": ORIGIN}),
        (2, {"is_item": 1}),
        (2, {"is_item": True}),
        (2, {"field": "mood"}),
        (2, {"before_label": -2}),
        (2, {"label": 2**31}),
        (2, {"label": None}),
        (2, {"label": "1"}),
        (2, {"value": 1}),
        (2, {"field": "referral", "value": "court"}),
        (2, {"comment": None}),
        (2, {"call_shown": 2}),
        (2, {"on_screen": False}),
        (2, {"model": {}}),
        (4, {"body": "[]"}),
        (4, {"body": ""}),
        (4, {"body": '{"a":NaN}'}),
        (4, {"body": '{"a":"\\ud800"}'}),
        (4, {"body": {}}),
        (4, {"rows": 1}),
    ],
)
def test_a_field_that_this_program_does_not_write_is_refused(line, fields):
    refused(changed(line, **fields))


def test_an_item_is_a_subject_of_its_own_kind():
    entry = replace(GESTURE, rows=(ROW._replace(subject=OTHER, is_item=1),))
    assert read(text_of([entry]))[1] == [entry]


@pytest.mark.parametrize("content", [b"", b"\n", b"null", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_journal_is_refused(content):
    refused(content)


def test_a_cut_journal_is_refused():
    content = text_of([ACT, GESTURE])
    refused(content[:-5])
    refused(content[: content[:-1].rindex(b"\n")], "decisions of its gesture are missing")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=14) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=20,
)


@given(st.lists(json_values, max_size=4))
def test_any_json_is_read_or_refused(values):
    for start in (b"", text_of([]), text_of([GESTURE])):
        content = start + "\n".join(json.dumps(value) for value in values).encode()
        try:
            read(content)
        except PackError as error:
            assert str(error).startswith("x.glomreturn can't be used: line ")


@given(
    st.integers(0, 4),
    st.sampled_from([*ACT.header(), "rows", "hash", "origins", "readers"]),
    st.integers(0, len(DecisionRow._fields) - 1),
    json_values,
)
def test_any_value_in_any_field_is_read_or_refused(line, field, column, value):
    lines = [json.loads(text) for text in text_of([GESTURE, ACT]).splitlines()]
    if isinstance(lines[line], list):
        lines[line][column] = value
    else:
        lines[line][field] = value
    content = "\n".join(json.dumps(line) for line in lines).encode()
    try:
        head, entries = read(content)
    except PackError:
        return
    assert read(text_of(entries, head)) == (head, entries)


def test_100_000_decisions_are_read_fast():
    entry = replace(GESTURE, rows=tuple(ROW._replace(sequence=n + 1) for n in range(10)))
    content = text_of(entry for _ in range(10_000))
    started = time.process_time()
    assert sum(len(act.rows) for act in read(content)[1]) == 100_000
    assert time.process_time() - started < 3
