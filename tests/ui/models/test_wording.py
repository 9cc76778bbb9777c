"""What the page of models says, without a window."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.records import ModelRecord, RunRecord, TrainingCounts
from glomviewer.jobs.run_status import RunStatus
from glomviewer.ui.models.figures import (
    interval_text,
    locked_figure,
    logit_of,
    probability_of,
    probability_text,
    when_text,
)
from glomviewer.ui.models.verdict import look_text, read_gate
from glomviewer.ui.widgets import corrections, run_line
from glomviewer.ui.widgets.durations import duration_text
from training.events import Epoch, Progress

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


def a_model(*, seen="known", gate=None, metrics=None):
    card = {"seen": seen, "metrics": metrics or {}}
    return ModelRecord(
        "id", "swin", 4, "", NOW, False, card, gate, "run", "", slope=1, intercept=0, threshold=0
    )


def interval(value, low=None, high=None):
    return {"value": value, "low": low, "high": high}


def test_an_interval_uses_a_real_minus_sign():
    assert interval_text(interval(-0.0031, -0.01, 0.004), signed=True) == (
        "−0.003 (−0.010 to +0.004)"
    )


def test_a_figure_without_an_interval_stands_alone():
    assert interval_text(interval(0.9)) == "0.900"
    assert interval_text(interval(None)) == "undefined"


def test_figures_of_a_model_of_unknown_training_are_unknown_even_if_measured():
    gate = {"new": {"auc": interval(0.99, 0.98, 1.0)}}
    assert locked_figure(a_model(gate=gate), "auc") == "0.990 (0.980 to 1.000)"
    assert locked_figure(a_model(gate=gate, seen="unknown"), "auc") == "unknown"


def test_a_model_that_was_never_at_a_gate_says_so():
    assert locked_figure(a_model(), "f1") == "not measured"


@given(st.floats(min_value=0.0001, max_value=0.9999))
def test_probability_and_logit_undo_each_other(probability):
    assert probability_of(logit_of(probability)) == pytest.approx(probability, rel=1e-6)


def test_a_saturated_threshold_is_not_rounded_to_certainty():
    assert probability_text(0.9985) == "0.9985"
    assert probability_text(0.61) == "0.61"


def test_times_are_told_as_one_would():
    assert when_text(NOW - timedelta(hours=1), NOW) == "today 16:00"
    assert when_text(NOW - timedelta(days=9), NOW) == "12 Nov"
    assert when_text(NOW - timedelta(days=400), NOW) == "17 Oct 2025"


def test_durations_are_told_as_one_would():
    assert [duration_text(s) for s in (2, 40, 70, 3600, None)] == [
        "a few seconds",
        "40 s",
        "1 min 10 s",
        "1 h 0 min",
        "",
    ]


def gate_of(verdict, **more):
    return {
        "verdict": verdict,
        "may_promote": verdict in ("better", "not_worse"),
        "sentence": "Because.",
        "looks": 3,
        "old": {"auc": interval(0.98), "f1": interval(0.9)},
        "new": {"auc": interval(0.99), "f1": interval(0.91)},
        "difference": {"auc": interval(0.01, 0.0, 0.02), "f1": interval(0.01, -0.01, 0.03)},
        "confusion_old": [[50, 3], [2, 20]],
        "confusion_new": [[51, 2], [1, 21]],
        "mended": ["4", "7"],
        "broken": ["9"],
        "left_out": {"seen_by_model": 0, "disputed": 4},
        **more,
    }


def test_a_verdict_names_what_it_was_compared_with():
    verdict = read_gate(gate_of("not_worse"), active="swin · 3", candidate="swin · 4")
    assert verdict.headline == "Not worse than swin · 3"
    assert verdict.may_promote
    assert verdict.mended == (4, 7)
    assert [row.name for row in verdict.rows] == ["AUC", "F1", "Changed calls"]
    assert verdict.rows[0].difference == "+0.010 (0.000 to +0.020)"
    assert verdict.left_out == "Left out of the comparison: 4 patches disputed."


def test_cannot_tell_does_not_offer_to_promote():
    verdict = read_gate(gate_of("cannot_tell"), active="swin · 3", candidate="swin · 4")
    assert verdict.headline == "Cannot tell whether it is as good as swin · 3"
    assert not verdict.may_promote


def test_the_first_model_has_nothing_to_be_compared_with():
    first = {"verdict": "first", "may_promote": True, "new": {"auc": interval(0.9, 0.8, 1.0)}}
    verdict = read_gate(first, active="", candidate="quick · 1")
    assert verdict.old is None
    assert verdict.rows[0].new == "0.900 (0.800 to 1.000)"


def test_looks_are_counted_and_their_wear_told():
    assert look_text(1) == "First look at the locked set."
    assert "wears" in look_text(3)
    assert look_text(0) == ""


def counts(**more):
    values = {
        "corrections": 48,
        "per_split": {"train": (40, 20), "validation": (8, 4), "locked": (9, 5)},
        "cases_per_split": {"train": 6, "validation": 1, "locked": 2},
        "disputed": 9,
        "cannot_tell": 21,
        "not_a_glomerulus": 0,
        "unlabelled": 0,
        "excluded": 0,
        "duplicates": 0,
        "missing": 0,
        "locked_with_call_shown": 0,
    }
    return TrainingCounts(**{**values, **more})


def test_corrections_are_counted_since_the_active_model():
    assert corrections.headline(counts(), "swin · 3") == "48 corrections since swin · 3"
    assert corrections.headline(counts(), "") == "86 labelled patches, no model yet"


def test_what_is_left_out_is_told_and_nothing_that_is_not():
    assert corrections.left_out(counts()) == "Left out: 9 disputed, 21 cannot tell."
    assert "11 locked patches" in corrections.left_out(counts(locked_with_call_shown=11))


def test_a_set_without_one_of_the_classes_stops_a_training():
    assert corrections.obstacle(counts()) == ""
    lacking = counts(per_split={"train": (40, 20), "validation": (8, 0)})
    assert corrections.obstacle(lacking) == (
        "The validation set holds no patch labelled globally sclerotic yet."
    )


def epoch(number, *, best=False):
    return Epoch(number, 12, 0.4, 0.5, 0.97, 0.981, 1e-4, 40.0, best=best)


def test_a_run_is_told_in_one_line():
    status = RunStatus(
        device="CPU",
        epochs=(epoch(1, best=True), epoch(2)),
        progress=Progress(5, 10, "training", 70.0, 40.0),
    )
    assert run_line.line_of(status) == (
        "epoch 2 of 12 · best at 1 · validation AUC 0.981 · training · 1 min 10 s left · "
        "40 images a second · CPU"
    )
    assert run_line.fraction_of(status) == 0.5


def test_the_estimate_is_how_long_the_last_such_run_took():
    def run(recipe, state, took):
        finished = NOW + timedelta(seconds=took)
        return RunRecord("r", state, recipe, "", NOW, finished, 1, 1.0, None, None, "", 0)

    runs = (run("swin", "finished", 999), run("quick", "failed", 5), run("quick", "finished", 70))
    assert run_line.estimate_text("quick", runs) == "The last run with quick took 1 min 10 s."
    assert run_line.estimate_text("other", runs) == ""
