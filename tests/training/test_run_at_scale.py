"""Whole runs: averaged views, finishing early, a GPU that disappears."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from training.__main__ import main
from training.config import ModelCard, RunFolder
from training.events import Epoch, Error, Note, decode
from training.learning.calibration import fit_calibration
from training.models.model_folder import load_model, save_model
from training.patches.manifest import read_manifest
from training.patches.predictions_file import read_predictions
from training.run_control import GOES_ON, PAUSED

TINY = ["--recipe", "swin", "--tiny", "--base", "random", "--set", "batch=16"]


def finetune(data: Path, out: Path, *words: str) -> int:
    return main(["finetune", "--data", str(data), "--out", str(out), "--device", "cpu", *words])


def logits(path: Path) -> dict[str, float]:
    return {row.patch: row.logit for row in read_predictions(path) if row.logit is not None}


def predicted_again(run: Path, out: Path) -> dict[str, float]:
    words = ["predict", "--manifest", str(run / "manifest.csv"), "--device", "cpu"]
    assert main([*words, "--model-path", str(run / "candidate"), "--output", str(out)]) == 0
    return logits(out)


def check_eight_views(run: Path, again: dict[str, float]) -> None:
    """What tuned the candidate is of eight views, as is what it predicts when it is loaded."""
    card = ModelCard.read(run / "candidate" / "model.json")
    assert card.views == 8
    told = logits(run / "predictions.csv")
    assert told.keys() == again.keys()
    for patch, logit in told.items():
        assert again[patch] == pytest.approx(logit, abs=1e-4)
    tuned = logits(run / "out_of_fold.csv")
    labels = {row.patch: row.label for row in read_manifest(run / "manifest.csv")}
    fitted = fit_calibration(
        np.array(list(tuned.values())),
        np.array([labels[patch] for patch in tuned], dtype=np.int8),
        fitted_on="",
    )
    assert card.calibration.slope == pytest.approx(fitted.slope, rel=1e-6)


def test_a_full_model_of_eight_views_is_tuned_saved_and_loaded_with_them(
    labelled_folder: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    assert finetune(labelled_folder, run, *TINY, "--set", "views=8") == 0
    again = predicted_again(run, tmp_path / "again.csv")
    check_eight_views(run, again)
    # Validation was not trained on, so tuning and prediction are the same numbers there.
    for patch, logit in logits(run / "out_of_fold.csv").items():
        assert again[patch] == pytest.approx(logit, abs=1e-4)
    card = ModelCard.read(run / "candidate" / "model.json")
    loaded = load_model(run / "candidate")
    save_model(tmp_path / "one", replace(card, views=1), loaded.module.state_dict(), [])
    words = ["predict", "--manifest", str(run / "manifest.csv"), "--device", "cpu"]
    words += ["--model-path", str(tmp_path / "one"), "--output", str(tmp_path / "one.csv")]
    assert main(words) == 0
    single = logits(tmp_path / "one.csv")
    assert max(abs(single[patch] - again[patch]) for patch in again) > 1e-4


def test_a_quick_model_of_eight_views_is_tuned_saved_and_loaded_with_them(
    labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path
) -> None:
    base = load_model(tiny_model_folder)
    card = replace(base.card, recipe={"found": {"backbone_trained": False}})
    save_model(tmp_path / "base", card, base.module.state_dict(), [])
    run = tmp_path / "run"
    words = ["--base", str(tmp_path / "base"), "--set", "views=8"]
    assert finetune(labelled_folder, run, *words) == 0
    check_eight_views(run, predicted_again(run, tmp_path / "again.csv"))


def test_finishing_goes_on_to_the_candidate(
    labelled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learning import engine

    run = tmp_path / "run"
    real = engine.save_checkpoint

    def finish_after_two(folder: Path, state: dict) -> None:
        real(folder, state)
        if state["progress"]["next_epoch"] == 2:
            RunFolder(run).finish.touch()

    monkeypatch.setattr(engine, "save_checkpoint", finish_after_two)
    assert finetune(labelled_folder, run, *TINY, "--set", "epochs=9", "--set", "patience=9") == 0
    events = [decode(line) for line in (run / "events.jsonl").read_text().splitlines()]
    assert sum(isinstance(event, Epoch) for event in events) == 2
    assert json.loads((run / "gate.json").read_text())["verdict"] == "first"


def test_a_pause_changes_nothing_but_the_time(
    labelled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learning import engine

    assert finetune(labelled_folder, tmp_path / "whole", *TINY) == 0
    run, real = tmp_path / "run", engine.save_checkpoint
    waits: list[float] = []

    def pause_after_one(folder: Path, state: dict) -> None:
        real(folder, state)
        if state["progress"]["next_epoch"] == 1:
            RunFolder(run).pause.touch()

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            RunFolder(run).pause.unlink()

    monkeypatch.setattr(engine, "save_checkpoint", pause_after_one)
    monkeypatch.setattr("training.run_control._sleep", wait)
    assert finetune(labelled_folder, run, *TINY) == 0
    assert len(waits) == 2
    events = [decode(line) for line in (run / "events.jsonl").read_text().splitlines()]
    kinds = [event.kind for event in events if isinstance(event, Note) and event.kind]
    assert kinds[:2] == [PAUSED, GOES_ON]
    whole, paused = (
        (path / "candidate" / "weights.safetensors").read_bytes()
        for path in (tmp_path / "whole", run)
    )
    assert whole == paused


def test_a_gpu_that_disappears_is_one_sentence_and_the_run_resumes(
    labelled_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from training.learning import stepping

    words = [*TINY, "--set", "epochs=3"]
    assert finetune(labelled_folder, tmp_path / "whole", *words) == 0
    run, real, steps = tmp_path / "run", stepping.forward, iter(range(1000))

    def lost(network: torch.nn.Module, images: torch.Tensor) -> torch.Tensor:
        # In the last of three epochs.
        if next(steps) == 7:
            raise torch.AcceleratorError("device disappeared")
        return real(network, images)

    monkeypatch.setattr(stepping, "forward", lost)
    assert finetune(labelled_folder, run, *words) == 2
    told = capsys.readouterr().err
    assert "The GPU stopped answering (device disappeared)" in told
    assert "Traceback" not in told
    events = [decode(line) for line in (run / "events.jsonl").read_text().splitlines()]
    assert isinstance(events[-1], Error)
    assert events[-1].kind == "user"
    assert main(["finetune", str(run / "job.json"), "--resume"]) == 0
    events = [decode(line) for line in (run / "events.jsonl").read_text().splitlines()]
    assert any(isinstance(event, Note) and "resumed after" in event.text for event in events)
    whole, resumed = (
        (path / "candidate" / "weights.safetensors").read_bytes()
        for path in (tmp_path / "whole", run)
    )
    assert whole == resumed
