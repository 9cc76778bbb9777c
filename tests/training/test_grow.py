"""The verb grow, from a data folder to a model like any other."""

import json
from pathlib import Path

import pytest
import torch

from training.__main__ import main
from training.config import RunFolder
from training.models.model_folder import load_model, verify_model

Capture = pytest.CaptureFixture[str]


def grow(data: Path, out: Path, *words: str) -> int:
    options = ["--size", "16", "--epochs", "3", "--neurons", "4", "--channels", "4"]
    where = ["--data", str(data), "--out", str(out), "--device", "cpu"]
    return main(["grow", *where, *options, *words])


def test_it_tells_each_step_and_ends_as_a_model(
    labelled_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "grown"
    assert grow(labelled_folder, out) == 0
    told = capsys.readouterr().out
    assert "step 1: one neuron\n  because one neuron with a sigmoid" in told
    assert "step 2: dense 4 > one neuron" in told
    assert "769 weights" in told
    assert told.count("  validation loss") == told.count("step ") - told.count("best: step")
    assert "stop: " in told
    steps = json.loads((out / "grow.json").read_text(encoding="utf-8"))["steps"]
    candidate = RunFolder(out).candidate
    assert verify_model(candidate) == []
    loaded = load_model(candidate)
    best = min(steps, key=lambda step: step["validation"]["loss"])
    kwargs = {"img_size": 16, **best["network"]}
    assert loaded.card.architecture.kwargs == kwargs
    assert loaded.card.architecture.head == "logit"
    assert loaded.card.metrics["validation"]["looks"] == sum(step["epochs"] for step in steps)
    assert loaded.card.metrics["validation"]["log_loss"]["value"] < 2
    assert loaded.card.metrics["locked"]["patches"] == 32


def test_it_goes_on_from_the_step_where_it_was_stopped(
    labelled_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert grow(labelled_folder, whole, "--steps", "3") == 0
    assert grow(labelled_folder, parts, "--steps", "1") == 0
    assert grow(labelled_folder, parts, "--steps", "3") == 2
    assert "holds a run already" in capsys.readouterr().err
    (parts / "candidate").rename(parts / "first")
    assert grow(labelled_folder, parts, "--steps", "3", "--resume") == 0
    records = [(place / "grow.json").read_text(encoding="utf-8") for place in (whole, parts)]
    assert records[0] == records[1]
    states = [load_model(place / "candidate").module.state_dict() for place in (whole, parts)]
    assert all(torch.equal(tensor, states[1][name]) for name, tensor in states[0].items())


def test_growing_takes_a_step_at_least(labelled_folder: Path, tmp_path: Path, capsys: Capture):
    assert grow(labelled_folder, tmp_path / "out", "--steps", "0") == 2
    assert "--steps is 0; it should be 1 or more." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
