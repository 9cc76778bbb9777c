"""Predictions that another program wrote become a model without weights."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import write_picture

from glomviewer.domain.foreign_calls import SATURATED, logits_of_calls
from glomviewer.store.importing import run_import
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source
from glomviewer.store.verify import verify

calls = st.lists(st.tuples(st.integers(0, 1), st.none()), max_size=30)
probabilities = st.floats(0, 1)


def write_table(folder, text):
    (folder / "output.csv").write_text(text, encoding="utf-8")
    return folder / "output.csv"


@pytest.fixture
def images(empty, tmp_path):
    folder = tmp_path / "images"
    for at in range(4):
        write_picture(folder / f"p{at}.png", at)
    run_import(empty, make_plan(read_source(folder)))
    return folder


def predict(library, table):
    report = run_import(library, make_plan(read_source(table)))
    view = library.load_model_view(library.load_table(None), report.model)
    return report, view


def test_calls_without_probability_are_saturated(empty, images, tmp_path):
    table = write_table(tmp_path, "name,predicted_class\np0,1\np1.png,0\nnobody,1\n")
    report, view = predict(empty, table)
    assert report.predictions == 2
    assert view.logit[:2].tolist() == [SATURATED, -SATURATED]
    assert view.calls().tolist() == [1, 0, -1, -1]
    assert [f.name for f in report.findings if f.name == "nobody"] == ["nobody"]


def test_imported_predictions_never_become_the_active_model(empty, images, tmp_path):
    report, _ = predict(empty, write_table(tmp_path, "name,predicted_class\np0.png,1\n"))
    assert empty.active_model() is None
    assert empty.model(report.model).card["architecture"]["name"] == "imported predictions"
    assert verify(empty.folder).problems == []


def test_threshold_is_placed_where_their_calls_change(empty, images, tmp_path):
    text = "name,predicted_class,probability\np0,1,0.999\np1,0,0.98\np2,0,0.2\np3,1,0.9986\n"
    report, view = predict(empty, write_table(tmp_path, text))
    assert view.calls().tolist() == [1, 0, 0, 1]
    assert 0.98 < 1 / (1 + math.exp(-empty.model(report.model).threshold)) < 0.9986


def test_rows_that_can_not_be_used_are_listed(empty, images, tmp_path):
    text = "name,predicted_class,probability\np0,1,7\np1,maybe,0.1\np2,0,0.2\np2,1,0.9\n"
    report, _ = predict(empty, write_table(tmp_path, text))
    assert report.predictions == 1
    assert {f.name for f in report.findings} >= {"p0", "p1", "p2"}


def test_importing_them_again_makes_the_next_version(empty, images, tmp_path):
    table = write_table(tmp_path, "name,predicted_class\np0.png,1\n")
    first, second = predict(empty, table)[0], predict(empty, table)[0]
    assert [empty.model(report.model).version for report in (first, second)] == [1, 2]


def test_images_and_their_predictions_come_in_together(empty, tmp_path):
    folder = tmp_path / "new"
    for at in range(2):
        write_picture(folder / f"p{at}.png", at)
    report, view = predict(empty, write_table(folder, "name,predicted_class\np0,1\np1,0\n"))
    assert len(report.added) == 2 and view.calls().tolist() == [1, 0]


def test_probability_of_the_class_called_is_turned_round():
    foreign = logits_of_calls([(1, 0.9), (0, 0.8), (0, 0.99)])
    assert foreign.remark and foreign.contradictions == 0
    assert foreign.logits[0] > 0 > foreign.logits[1] > foreign.logits[2]


@given(calls)
def test_calls_alone_are_always_given_again(rows):
    foreign = logits_of_calls(rows)
    again = [int(value >= foreign.threshold) for value in foreign.logits]
    assert again == [call for call, _ in rows] and foreign.contradictions == 0


@given(st.lists(probabilities, min_size=1, max_size=30), st.floats(0.01, 0.99))
def test_calls_cut_at_any_threshold_are_given_again(values, threshold):
    rows = [(int(value >= threshold), value) for value in values]
    foreign = logits_of_calls(rows)
    if not foreign.remark:
        again = [int(value >= foreign.threshold) for value in foreign.logits]
        assert sum(a != call for a, (call, _) in zip(again, rows, strict=True)) == (
            foreign.contradictions
        )
        assert all(math.isfinite(value) for value in foreign.logits)
