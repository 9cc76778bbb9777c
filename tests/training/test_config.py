"""Models and jobs as JSON: nothing is guessed, whatever is wrong is named."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.config import (
    PRESETS,
    Architecture,
    BaseWeights,
    Calibration,
    Job,
    ModelCard,
    Preprocessing,
    RunFolder,
    Threshold,
    UserError,
)


def card() -> ModelCard:
    return ModelCard(
        id="m1",
        name="Swin",
        version=3,
        architecture=Architecture("swin_tiny_patch4_window7_224", {"depths": [1, 2]}, "logit"),
        preprocessing=Preprocessing(size=112, pad_colour=(0, 0, 0)),
        calibration=Calibration(1.5, -0.25, "validation, 40 patches"),
        threshold=Threshold(0.75, "best F1 on validation"),
        created="2026-01-02T03:04:05+00:00",
        metrics={"auc": {"value": 0.98}},
        ancestors=["m0"],
        log_position={"here": 12},
        seed=7,
    )


def test_a_card_survives_its_file(tmp_path: Path):
    path = tmp_path / "model.json"
    card().write(path)
    assert ModelCard.read(path) == card()


def test_a_job_survives_its_file(tmp_path: Path):
    job = Job(id="r1", recipe={"name": "quick"}, base=BaseWeights("model", "m"), looks=2)
    job.write(tmp_path / "job.json")
    assert Job.read(tmp_path / "job.json") == job


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_survive_json(preset):
    assert Preprocessing.from_json(PRESETS[preset].to_json()) == PRESETS[preset]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": 1}, "colour"),
        ({"version": "3"}, "version"),
        ({"version": True}, "version"),
        ({"version": 1.5}, "version"),
        ({"seen": "maybe"}, "seen"),
        ({"ancestors": "m0"}, "ancestors"),
        ({"ancestors": [1]}, r"ancestors\[0\]"),
        ({"log_position": {"here": "x"}}, "log_position.here"),
        ({"preprocessing": {"size": 2}}, "size"),
        ({"preprocessing": {"mean": [0.5, 0.5]}}, "mean"),
        ({"preprocessing": {"pad_colour": [0, 0, 300]}}, "pad_colour"),
        ({"preprocessing": {"std": [1, 0, 1]}}, "std"),
        ({"calibration": {"slope": 0}}, "slope"),
        ({"calibration": {"slope": -1.0}}, "slope"),
        ({"threshold": {"logit": math.inf, "rule": ""}}, "logit"),
        ({"threshold": {"rule": ""}}, "logit"),
        ({"architecture": {"name": "x", "head": "two"}}, "head"),
        ({"architecture": None}, "architecture"),
    ],
)
def test_what_is_wrong_in_a_card_is_named(change, named):
    with pytest.raises(UserError, match=named):
        ModelCard.from_json({**card().to_json(), **change})


def test_a_missing_key_is_named():
    value = card().to_json()
    del value["threshold"]
    with pytest.raises(UserError, match="'threshold' is missing"):
        ModelCard.from_json(value)


def test_a_newer_format_is_refused_before_its_keys_are_looked_at():
    with pytest.raises(UserError, match=r"format 2.*update the program"):
        ModelCard.from_json({"format": 2, "whatever": 1})
    with pytest.raises(UserError, match="format 9"):
        Job.from_json({"format": 9})


def test_a_job_needs_a_named_recipe():
    with pytest.raises(UserError, match="recipe"):
        Job.from_json({"id": "r", "recipe": {}})


@pytest.mark.parametrize("text", ["", "[]", "{", "nonsense", "[" * 100_000])
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, text):
    path = tmp_path / "model.json"
    path.write_text(text)
    with pytest.raises(UserError, match=r"model\.json"):
        ModelCard.read(path)


def test_files_that_are_missing_or_no_text(tmp_path: Path):
    with pytest.raises(UserError, match="does not exist"):
        ModelCard.read(tmp_path / "model.json")
    (tmp_path / "model.json").write_bytes(b"\xff\xfe\0")
    with pytest.raises(UserError, match="could not be read"):
        ModelCard.read(tmp_path / "model.json")


def test_a_call_at_the_threshold_is_positive():
    threshold = Threshold(0.5, "")
    assert [threshold.call(value) for value in (0.4999, 0.5, 0.5001)] == [0, 1, 1]


@given(st.floats(1e-9, 1 - 1e-9))
def test_a_threshold_given_as_probability_is_its_log_odds(probability):
    logit = Threshold.from_probability(probability, "").logit
    assert 1 / (1 + math.exp(-logit)) == pytest.approx(probability, rel=1e-9)


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, 1.1, math.nan])
def test_a_threshold_outside_0_and_1_is_refused(probability):
    with pytest.raises(UserError):
        Threshold.from_probability(probability, "")


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_no_json_breaks_the_reader_otherwise_than_by_a_user_error(value):
    for key in card().to_json():
        whole = {**card().to_json(), key: value}
        try:
            json.dumps(ModelCard.from_json(whole).to_json())
        except UserError as error:
            assert str(error)


def test_a_run_folder_names_its_files(tmp_path: Path):
    run = RunFolder(tmp_path)
    assert run.events.name == "events.jsonl"
    assert run.candidate.parent == tmp_path
