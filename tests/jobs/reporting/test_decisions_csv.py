"""Every decision on a row: complete, harmless in a spreadsheet, and no patient's name in it."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.rows import DecisionRow
from glomviewer.jobs.reporting.decisions_csv import decision_lines
from glomviewer.jobs.reporting.names import SafeNames

ROW = DecisionRow(
    reader="Ann Other",
    initials="AO",
    reader_id=1,
    made=Moment(datetime(2026, 11, 20, 12, 0, 1, 250_000, tzinfo=UTC), "Europe/Berlin"),
    patch=17,
    pixels="ab" * 32,
    case="case 3",
    case_id=3,
    field="label",
    kind="do",
    before_label=0,
    before_value="",
    label=1,
    value="",
    detail="",
    comment="clear enough",
    call_shown=True,
    model="swin-4",
    on_screen=True,
    reading="Baseline",
    reading_id=4,
    item="11aa",
    repeat=False,
    origin="0123",
    sequence=9,
    entry=5,
    hash="cd" * 32,
    program="0.1.0",
    clock=12,
)


@pytest.fixture
def read(labels):
    names = SafeNames({"case 3": 3, "S23-12345": 8})

    def as_dicts(*rows):
        text = "".join(decision_lines(rows, labels, names))
        return list(csv.DictReader(io.StringIO(text)))

    return as_dicts


def test_who_when_what_old_new_why_and_having_seen_what(read):
    (row,) = read(ROW)
    assert row == {
        "who": "Ann Other",
        "initials": "AO",
        "when (UTC)": "2026-11-20T12:00:01.250000+00:00",
        "zone": "Europe/Berlin",
        "patch": "17",
        "case": "case 3",
        "what": "label",
        "kind": "do",
        "old": "not globally sclerotic",
        "new": "globally sclerotic",
        "why": "clear enough",
        "having seen": "the patch; the call of swin-4",
        "reading": "Baseline",
        "item": "11aa",
        "repeat": "no",
        "pixels (SHA-256)": "ab" * 32,
        "origin": "0123",
        "sequence": "9",
        "entry": "5",
        "entry's hash": "cd" * 32,
        "program": "0.1.0",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"before_label": -1}, ("", "globally sclerotic", "clear enough")),
        (
            {"field": "exclusion", "value": "wrong stain", "comment": ""},
            ("included", "excluded", "wrong stain"),
        ),
        (
            {"field": "exclusion", "before_value": "wrong stain", "comment": ""},
            ("excluded", "included", ""),
        ),
        ({"field": "comment", "comment": "a fold"}, ("", "a fold", "")),
        ({"field": "flag", "value": "flagged", "comment": ""}, ("", "flagged", "")),
        (
            {"field": "referral", "value": "consensus", "comment": "hard"},
            ("", "for consensus", "hard"),
        ),
        (
            {"label": 2, "detail": "cut off", "comment": ""},
            ("not globally sclerotic", "cannot tell", "cut off"),
        ),
    ],
)
def test_each_kind_of_decision_is_said_in_words(read, changes, expected):
    (row,) = read(replace(ROW, **changes))
    assert (row["old"], row["new"], row["why"]) == expected


@pytest.mark.parametrize(
    ("call_shown", "model", "on_screen", "expected"),
    [
        (False, "", True, "the patch; no call"),
        (True, "", True, "the patch; the model's call"),
        (False, "", False, "the patch not on the screen; no call"),
    ],
)
def test_what_had_been_seen(read, call_shown, model, on_screen, expected):
    (row,) = read(replace(ROW, call_shown=call_shown, model=model, on_screen=on_screen))
    assert row["having seen"] == expected


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1"])
def test_no_cell_is_run_by_a_spreadsheet(read, formula):
    (row,) = read(replace(ROW, comment=formula, reader=formula, reading=formula))
    assert (row["why"], row["who"], row["reading"]) == (f"'{formula}",) * 3


def test_no_patients_name_leaves(read):
    private = replace(
        ROW, case="S23-12345", reading="Miller, Ann", comment="as in S23-12345", field="label"
    )
    (row,) = read(private)
    assert (row["case"], row["reading"]) == ("Case 8", "Reading 4")
    assert "S23" not in str(row) and "Miller" not in str(row)
    (row,) = read(replace(private, field="comment"))
    assert "S23" not in str(row)
