"""Models, their thresholds, predictions and promotions."""

import math

import numpy as np
import pytest
from sqlalchemy.exc import IntegrityError

from glomviewer.store.errors import ReadOnly, Refused, UnknownRecord
from glomviewer.store.library import Library


@pytest.fixture
def add(library):
    def add_model(model_id, *, seen=(), run=None, **card):
        folder = library.paths.model(model_id)
        folder.mkdir()
        (folder / "seen.txt").write_text("\n".join(seen), encoding="utf-8")
        facts = {
            "id": model_id,
            "name": "swin",
            "version": 1,
            "created": "2026-01-02T03:04:05+00:00",
            "calibration": {"slope": 2.0, "intercept": -1.0},
            "threshold": {"logit": 0.5, "rule": "best F1"},
        }
        return library.add_model(folder, facts | card, run=run)

    return add_model


def active_and_previous(library):
    return [one.id for one in (library.active_model(), library.previous_model()) if one]


def test_the_first_model_without_a_run_becomes_active_a_candidate_does_not(library, add):
    add("candidate", run="r1")
    assert library.active_model() is None
    assert add("first").active_model
    assert not add("second").active_model
    active = library.active_model()
    assert active is not None
    assert (active.id, active.slope, active.threshold, active.title) == (
        "first",
        2,
        0.5,
        "swin · 1",
    )
    assert [one.kind for one in library.promotions()] == ["first model"]


def test_promotion_and_roll_back_are_a_log(library, add, ann):
    for name in ("a", "b"):
        add(name)
    library.promote("b", reader=ann, reason="better", verdict="better")
    assert [one.id for one in (library.active_model(), library.previous_model()) if one] == [
        "b",
        "a",
    ]
    library.roll_back(reader=ann)
    assert [one.id for one in (library.active_model(), library.previous_model()) if one] == [
        "a",
        "b",
    ]
    log = [(one.kind, one.model, one.previous, one.verdict) for one in library.promotions()]
    assert log == [
        ("roll back", "a", "b", ""),
        ("promotion", "b", "a", "better"),
        ("first model", "a", None, ""),
    ]
    with pytest.raises(IntegrityError), library.write() as connection:
        connection.exec_driver_sql("DELETE FROM promotions")


def test_a_promotion_is_backed_up_before(library, add, ann):
    add("a")
    add("b")
    library.promote("b", reader=ann)
    assert library.backups()[0].reason == "before promotion"


def test_what_makes_no_sense_is_refused(library, add, ann):
    with pytest.raises(Refused, match="no earlier model"):
        library.roll_back(reader=ann)
    add("a")
    with pytest.raises(Refused, match="active one already"):
        library.promote("a", reader=ann)
    with pytest.raises(Refused, match="promote another"):
        library.remove_model("a")
    with pytest.raises(UnknownRecord):
        library.promote("nobody", reader=ann)
    with pytest.raises(Refused, match="already"):
        library.add_model(library.paths.model("a"), {"id": "a"})


def test_thresholds_have_a_history(library, add, ann):
    add("a")
    library.set_threshold("a", 1.5, reader=ann, rule="by hand", reason="fewer false alarms")
    history = library.threshold_history("a")
    assert [(one.logit, one.rule) for one in history] == [(1.5, "by hand"), (0.5, "best F1")]
    assert history[0].reader is not None
    assert history[0].reader.initials == "AO"
    assert library.model("a").threshold == 1.5


def test_a_removed_model_is_gone_with_its_predictions(library, add):
    add("a")
    add("b")
    library.store_predictions("b", [(1, 0.0, "")])
    assert library.why_model_is_kept("b") == ""
    library.remove_model("b")
    assert [one.id for one in library.models()] == ["a"]
    assert not library.paths.predictions("b").exists()


def test_a_model_that_was_active_stays_for_the_log_of_promotions(library, add, ann):
    add("a")
    add("b")
    library.promote("b", reader=ann)
    with pytest.raises(Refused, match="swin · 1 stays in the library: it has been the active"):
        library.remove_model("a")
    assert {one.id for one in library.models()} == {"a", "b"}


def test_a_model_stays_that_decisions_were_made_beside(library, add, ann):
    add("a")
    add("b")
    library.decide(reader=ann, patches=[1], label=1, call_shown=True, model="b")
    with pytest.raises(Refused, match="1 decision was made beside its calls"):
        library.remove_model("b")
    library.decide(reader=ann, patches=[2, 3], label=1, call_shown=True, model="b")
    assert "3 decisions were made" in library.why_model_is_kept("b")
    library.undo(reader=ann)
    assert library.why_model_is_kept("b")


def test_scores_are_calibrated_and_tell_what_was_seen_where(library, add):
    add("old", seen=["aa", "bb"])
    add("new", seen=["aa", "bb", "cc"], run="r", ancestors=["old"])
    add("stranger")
    library.store_predictions("new", [(3, 0.75, ""), (1, 3.0, "")], {2: -4.0})
    scores = library.patch_scores("new")
    assert scores.patches.tolist() == [1, 2, 3]
    assert scores.logit[[0, 2]].tolist() == [5.0, 0.5] and np.isnan(scores.logit[1])
    assert scores.out_of_fold[1] == -9.0
    assert scores.seen == {"aa", "bb", "cc"}
    assert scores.learned == {"aa", "bb"}
    assert library.patch_scores("stranger").seen == frozenset()


def test_of_a_model_of_unknown_training_nothing_is_known_to_be_unseen(library):
    folder = library.paths.model("stranger")
    folder.mkdir()
    library.add_model(folder, {"id": "stranger", "seen": "unknown"})
    assert library.patch_scores("stranger").seen is None


def test_the_view_calibrates_and_calls_follow_the_threshold(library, add):
    seen = [library.patch(patch).pixel_hash for patch in (2, 5)]
    add("a", seen=seen)
    add("b")
    library.store_predictions("a", [(1, 0.75, ""), (2, 3.0, ""), (3, None, "truncated")], {2: -4.0})
    library.store_predictions("b", [(1, -1.0, ""), (40, 2.0, "")])
    table = library.load_table(None)
    view = library.load_model_view(table, "a", "b")
    assert view.logit[:2].tolist() == [0.5, 5.0]
    assert np.isnan(view.logit[2:]).all()
    assert view.ranking[:2].tolist() == [0.5, -9.0]
    assert view.calls()[:3].tolist() == [1, 1, -1]
    assert (view.previous_call[0], view.previous_call[1], view.previous_call[39]) == (0, -1, 1)
    assert np.flatnonzero(view.trained_on).tolist() == [1, 4]
    assert library.prediction_failures("a") == {3: "truncated"}


def test_a_later_prediction_replaces_an_earlier_and_keeps_its_out_of_fold_value(library, add):
    add("a")
    library.store_predictions("a", out_of_fold={1: 1.0})
    library.store_predictions("a", [(1, 0.0, "")])
    library.store_predictions("a", [(1, math.inf, "")])
    view = library.load_model_view(library.load_table(None), "a")
    assert np.isnan(view.logit[0])
    assert view.ranking[0] == 1.0


def test_unpredicted_patches_are_those_worth_asking_about(library, add, ann):
    add("a")
    assert len(library.unpredicted("a")) == 40
    library.store_predictions("a", [(1, 0.0, ""), (2, None, "truncated")], {3: 1.0})
    library.exclude(reader=ann, patches=[4], reason="wrong stain")
    assert library.unpredicted("a")[:3] == [3, 5, 6]


def test_predictions_survive_reopening_and_are_not_written_by_a_reader(library, add):
    add("a")
    library.store_predictions("a", [(1, 2.0, "")])
    with Library.open(library.folder) as second:
        view = second.load_model_view(second.load_table(None), "a")
        assert view.logit[0] == 3.0
        with pytest.raises(ReadOnly):
            second.store_predictions("a", [(1, 0.0, "")])


def test_runs_and_looks(library):
    library.add_run("r1", recipe="quick", corrections=7)
    library.update_run("r1", state="running", pid=42, pid_created=1.5)
    assert library.run("r1").finished is None
    library.update_run("r1", state="finished", candidate="m", gate={"verdict": "better"})
    run = library.run("r1")
    assert (run.state, run.pid, run.gate, run.corrections) == (
        "finished",
        42,
        {"verdict": "better"},
        7,
    )
    assert run.finished is not None
    assert library.count_look("r1", "better").runs
    assert not library.count_look("r1", "better").runs
    assert library.looks() == 1
    with pytest.raises(Refused, match="never sleeping"):
        library.update_run("r1", state="sleeping")
    with pytest.raises(UnknownRecord):
        library.update_run("r9", state="running")


def test_case_summaries_count_labels_and_the_active_models_calls(library, add):
    add("a")
    library.store_predictions("a", [(patch, 5.0, "") for patch in range(1, 11)])
    first, *_ = library.case_summaries()
    assert (first.case, first.glomeruli, first.reference.positive) == ("case 0", 10, 5)
    assert first.model is not None
    assert first.model.positive == 10
