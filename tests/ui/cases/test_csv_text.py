"""The cases as CSV."""

import csv
import io

from glomviewer.domain.cases import CaseSummary, wilson
from glomviewer.ui.cases.csv_text import cases_csv


def summary(case="c1", slide="", slides=(), model=True):
    proportion = wilson(1, 4) if model else None
    return CaseSummary(
        case=case,
        slide=slide,
        patches=5,
        glomeruli=4,
        reference=wilson(2, 4),
        model=proportion,
        hidden=0 if model else 2,
        trained_on=0,
        excluded=1,
        duplicates=0,
        cannot_tell=0,
        not_a_glomerulus=0,
        unlabelled=0,
        disputed=0,
        slides=slides,
    )


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_slides_follow_their_case():
    rows = read(cases_csv([summary(slides=(summary(slide="s1"),))], model="m · 1", threshold="0.4"))
    assert [(row["case"], row["slide"]) for row in rows] == [("c1", ""), ("c1", "s1")]
    assert rows[0]["reference_percent"] == "50.0"
    assert rows[0]["few"] == "yes"
    assert rows[0]["model"] == "m · 1"


def test_a_hidden_percentage_is_left_empty():
    (row,) = read(cases_csv([summary(model=False)], model="m", threshold="0"))
    assert row["model_percent"] == row["model_sclerotic"] == ""
    assert row["hidden"] == "2"


def test_cells_that_a_spreadsheet_would_run_are_neutralised():
    (row,) = read(cases_csv([summary(case="=1+1")], model="m", threshold="0"))
    assert row["case"] == "'=1+1"
