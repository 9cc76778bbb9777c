import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from training.__main__ import main
from training.config import ModelCard, RunFolder
from training.events import Epoch, Error, Result, decode
from training.models.model_folder import (
    load_model,
    read_seen,
    read_weights,
    save_model,
    verify_model,
)
from training.patches.predictions_file import read_predictions

TINY = {"img_size": 32, "window_size": 4, "embed_dim": 16, "depths": [1, 1], "num_heads": [2, 2]}
FULL = [
    *("--recipe", "swin", "--base", "random", "--set", "architecture=swin_tiny_patch4_window7_224"),
    *("--set", f"architecture_kwargs={json.dumps(TINY)}", "--set", "size=32"),
    *("--set", "epochs=4", "--set", "batch=16", "--set", "learning_rate=0.003"),
]

Finetune = Callable[..., int]


@pytest.fixture
def finetune(labelled_folder: Path) -> Finetune:
    def run(out: Path, *words: str) -> int:
        return main(
            [
                *("finetune", "--data", str(labelled_folder)),
                *("--out", str(out), "--device", "cpu"),
                *words,
            ]
        )

    return run


@pytest.fixture
def frozen_base(tiny_model_folder: Path, tmp_path: Path) -> Path:
    """A model whose backbone has learnt from no labelled patch."""
    loaded = load_model(tiny_model_folder)
    card = replace(loaded.card, recipe={"found": {"backbone_trained": False}})
    folder = tmp_path / "frozen"
    save_model(folder, card, loaded.module.state_dict(), ["c" * 64])
    return folder


def gate_of(out: Path) -> dict[str, Any]:
    return json.loads((out / "gate.json").read_text())


def test_quick_ends_with_a_candidate_that_can_be_told_and_loaded(
    finetune: Finetune, frozen_base: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert finetune(out, "--base", str(frozen_base)) == 0
    folder = RunFolder(out)
    events = [decode(line) for line in folder.events.read_text().splitlines()]
    assert isinstance(events[-1], Result)
    assert events[-1].payload["gate"]["verdict"] == "first"
    assert json.loads(folder.process.read_text())["pid"] > 0
    assert verify_model(folder.candidate) == []
    card = ModelCard.read(folder.candidate / "model.json")
    assert card.architecture.head == "logit"
    assert card.ancestors == ["tiny"]
    assert card.metrics["locked"]["looks"] == 1
    assert card.metrics["locked"]["auc"]["value"] > 0.8
    assert "out-of-fold" in card.metrics["validation"]["on"]
    # 64 training and validation patches, and the one that the base had seen.
    assert card.seen_count == 65
    assert "c" * 64 in read_seen(folder.candidate)
    assert len(read_predictions(folder.predictions)) == 96
    assert len(read_predictions(folder.out_of_fold)) == 64


def test_no_name_of_a_patch_or_slide_is_in_the_candidate(
    finetune: Finetune, frozen_base: Path, tmp_path: Path
) -> None:
    finetune(tmp_path / "run", "--base", str(frozen_base))
    for name in ("model.json", "seen.txt"):
        text = (tmp_path / "run" / "candidate" / name).read_text()
        assert ".png" not in text
        assert "slide 1" not in text


def test_the_candidate_predicts_what_the_run_says(
    finetune: Finetune, frozen_base: Path, tmp_path: Path, labelled_folder: Path
) -> None:
    out = tmp_path / "run"
    finetune(out, "--base", str(frozen_base))
    again = tmp_path / "again.csv"
    words = ["predict", "--manifest", str(out / "manifest.csv"), "--device", "cpu"]
    assert main([*words, "--model-path", str(out / "candidate"), "--output", str(again)]) == 0
    told = {row.patch: row.logit for row in read_predictions(out / "predictions.csv")}
    for row in read_predictions(again):
        assert row.logit == pytest.approx(told[row.patch], abs=1e-4)


def test_features_are_computed_once(
    finetune: Finetune, frozen_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = ["--base", str(frozen_base), "--features", str(tmp_path / "features")]
    finetune(tmp_path / "one", *shared)

    def refuse(*_: object) -> None:
        raise AssertionError("features were computed again")

    monkeypatch.setattr("training.learning.quick._embed", refuse)
    assert finetune(tmp_path / "two", *shared) == 0
    first, second = (
        read_weights(tmp_path / run / "candidate" / "weights.safetensors") for run in ("one", "two")
    )
    assert all(first[name].equal(second[name]) for name in first)


def test_a_backbone_that_has_learnt_is_tuned_on_validation_only(
    finetune: Finetune, tiny_model_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert finetune(out, "--base", str(tiny_model_folder)) == 0
    card = ModelCard.read(out / "candidate" / "model.json")
    assert "since the backbone has learnt" in card.metrics["validation"]["on"]
    assert card.metrics["validation"]["patches"] < 32


def test_eight_symmetries_make_eight_views(
    finetune: Finetune, frozen_base: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert finetune(out, "--base", str(frozen_base), "--set", "symmetries=8") == 0
    assert len(list((out / "features").glob("*.npy"))) == 8


def test_a_second_run_is_judged_against_the_first(
    finetune: Finetune, frozen_base: Path, tmp_path: Path
) -> None:
    base = ["--base", str(frozen_base)]
    finetune(tmp_path / "one", *base)
    active = str(tmp_path / "one" / "candidate")
    assert finetune(tmp_path / "two", *base, "--active-model", active) == 0
    gate = gate_of(tmp_path / "two")
    assert gate["patches"] == 32
    # Four slides are too few for any verdict, even on the very same calls.
    assert gate["verdict"] == "cannot_tell"
    assert gate["difference"]["f1"]["value"] == 0.0


def test_an_active_model_that_saw_the_locked_patches_is_refused(
    finetune: Finetune, frozen_base: Path, tmp_path: Path
) -> None:
    base = ["--base", str(frozen_base)]
    finetune(tmp_path / "one", *base)
    candidate = tmp_path / "one" / "candidate"
    loaded = load_model(candidate)
    (squares,) = (tmp_path / "one" / "features" / "squares").glob("*/hashes.txt")
    hashes = squares.read_text().split()
    leaky = tmp_path / "leaky"
    save_model(leaky, loaded.card, loaded.module.state_dict(), hashes)
    assert finetune(tmp_path / "two", *base, "--active-model", str(leaky)) == 0
    gate = gate_of(tmp_path / "two")
    assert (gate["verdict"], gate["may_promote"]) == ("refused", False)
    assert gate["left_out"]["seen_by_model"] == 32


def test_a_swin_is_trained_from_random_weights_and_learns(
    finetune: Finetune, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert finetune(out, *FULL) == 0
    events = [decode(line) for line in (out / "events.jsonl").read_text().splitlines()]
    epochs = [event for event in events if isinstance(event, Epoch)]
    assert [event.epoch for event in epochs] == [1, 2, 3, 4]
    assert [event.stage for event in epochs] == ["head", "all", "all", "all"]
    assert any(event.best for event in epochs)
    card = ModelCard.read(out / "candidate" / "model.json")
    assert card.metrics["validation"]["looks"] == 4
    assert card.metrics["locked"]["auc"]["value"] > 0.8
    assert card.recipe["found"]["history"][0]["train_loss"] > 0


def test_two_runs_of_one_seed_are_the_same_bit_for_bit_and_another_seed_is_not(
    finetune: Finetune, tmp_path: Path
) -> None:
    weights = {}
    for name, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        finetune(tmp_path / name, *FULL, "--set", "epochs=2", "--seed", seed)
        weights[name] = (tmp_path / name / "candidate" / "weights.safetensors").read_bytes()
    assert weights["a"] == weights["b"]
    assert weights["a"] != weights["c"]
    assert (tmp_path / "a" / "predictions.csv").read_bytes() == (
        tmp_path / "b" / "predictions.csv"
    ).read_bytes()


def test_a_stopped_run_resumes_to_the_very_weights_of_an_unbroken_one(
    finetune: Finetune, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finetune(tmp_path / "whole", *FULL)
    out = tmp_path / "broken"
    from training.learning import engine

    real = engine.save_checkpoint

    def stop_after_two(folder: Path, state: dict[str, Any]) -> None:
        real(folder, state)
        if state["progress"]["next_epoch"] == 2:
            (out / "stop").touch()

    monkeypatch.setattr(engine, "save_checkpoint", stop_after_two)
    assert finetune(out, *FULL) == 3
    events = [decode(line) for line in (out / "events.jsonl").read_text().splitlines()]
    assert isinstance(events[-1], Error)
    assert events[-1].kind == "cancelled"
    assert not (out / "candidate").exists()
    monkeypatch.undo()
    assert main(["finetune", str(out / "job.json"), "--resume"]) == 0
    whole, resumed = (
        (tmp_path / name / "candidate" / "weights.safetensors").read_bytes()
        for name in ("whole", "broken")
    )
    assert whole == resumed


def test_a_loss_that_is_no_number_ends_in_one_sentence(
    finetune: Finetune, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    words = ["--set", "learning_rate=10", "--set", "clip_norm=0", "--set", "optimizer=sgd"]
    words += ["--set", "ema_decay=0", "--set", "epochs=12", "--set", "layer_decay=1"]
    assert finetune(out, *FULL, *words) == 2
    assert "lower the recipe's learning_rate" in capsys.readouterr().err
    last = decode((out / "events.jsonl").read_text().splitlines()[-1])
    assert isinstance(last, Error)
    assert last.kind == "user"


def test_system_a_trains_on_copies_without_normalisation(
    finetune: Finetune, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    words = [word if word != "swin" else "system_a" for word in FULL]
    assert finetune(out, *words, "--set", "epochs=1") == 0
    card = ModelCard.read(out / "candidate" / "model.json")
    assert card.preprocessing.mean == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--base", "nowhere"], "--base nowhere"),
        (["--recipe", "nothing"], "no recipe 'nothing'"),
        (["--base", "active"], "no active model"),
        (["--device", "toaster"], "toaster"),
    ],
)
def test_a_wrong_word_ends_in_one_sentence(
    finetune: Finetune,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    assert finetune(tmp_path / "run", *words) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


def test_a_run_is_not_written_over(
    finetune: Finetune, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "job.json").write_text("{}")
    assert finetune(tmp_path / "run") == 2
    assert "holds a run already" in capsys.readouterr().err


def test_neither_job_nor_data_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["finetune"]) == 2
    assert "--data and --out" in capsys.readouterr().err


def test_a_job_that_is_not_there_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["finetune", str(tmp_path / "none" / "job.json")]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_left_out_and_told(
    labelled_folder: Path, frozen_base: Path, tmp_path: Path
) -> None:
    import shutil

    data = tmp_path / "data"
    shutil.copytree(labelled_folder, data)
    (data / "images" / "p00.png").write_bytes(b"no image")
    out = tmp_path / "run"
    words = ["--base", str(frozen_base), "--device", "cpu"]
    assert main(["finetune", "--data", str(data), "--out", str(out), *words]) == 0
    assert "1 patches could not be read" in (out / "events.jsonl").read_text()
    assert ModelCard.read(out / "candidate" / "model.json").seen_count == 64


def test_gate_logits_are_finite(finetune: Finetune, frozen_base: Path, tmp_path: Path) -> None:
    finetune(tmp_path / "run", "--base", str(frozen_base))
    logits = [row.logit for row in read_predictions(tmp_path / "run" / "predictions.csv")]
    assert np.isfinite(np.array(logits, dtype=float)).all()


def test_too_little_memory_is_told_with_the_remedy(
    finetune: Finetune,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def no_memory(*_: object) -> None:
        raise torch.OutOfMemoryError("none left")

    monkeypatch.setattr("training.learning.stepping.forward", no_memory)
    assert finetune(tmp_path / "run", *FULL) == 2
    assert "Not even one patch fits" in capsys.readouterr().err


@pytest.mark.parametrize(("classes", "verdict"), [(2, "refused"), (1000, "first")])
def test_weights_of_two_classes_have_an_unknown_past_and_natural_ones_have_none(
    finetune: Finetune, tmp_path: Path, classes: int, verdict: str
) -> None:
    import timm
    from safetensors.torch import save_file

    model = timm.create_model("swin_tiny_patch4_window7_224", num_classes=classes, **TINY)
    file = tmp_path / "base.safetensors"
    save_file(model.state_dict(), file)
    words = [word if word != "random" else str(file) for word in FULL]
    assert finetune(tmp_path / "run", *words, "--set", "epochs=1") == 0
    assert gate_of(tmp_path / "run")["verdict"] == verdict
