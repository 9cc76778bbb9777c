"""evaluate, thresholds, gate, measure and recipe, as they are called from a shell."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from training.__main__ import main
from training.config import ModelCard
from training.models.model_folder import load_model, save_model

Capture = pytest.CaptureFixture[str]


def model_words(labelled_folder: Path, model: Path | None, *words: str) -> list[str]:
    found = ["--test", str(labelled_folder / "labels.csv"), "--device", "cpu", *words]
    return found if model is None else [*found, "--model-path", str(model)]


def told(capsys: Capture, *words: str) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def copied(model: Path, folder: Path, seen: list[str], *, known: bool = True) -> Path:
    loaded = load_model(model)
    card = replace(loaded.card, seen="known" if known else "unknown")
    save_model(folder, card, loaded.module.state_dict(), seen)
    return folder


def test_evaluate_prints_every_figure_with_its_unit(
    labelled_folder: Path, tiny_model_folder: Path, capsys: Capture
) -> None:
    assert main(["evaluate", *model_words(labelled_folder, tiny_model_folder)]) == 0
    out = capsys.readouterr().out
    for word in ("loss", "AUC", "precision", "recall", "F1", "called 0  called 1"):
        assert word in out
    assert "2,000 draws of 12 cases or slides" in out
    assert "unreliable" in out


def test_evaluate_for_machines_and_of_one_split(
    labelled_folder: Path, tiny_model_folder: Path, capsys: Capture
) -> None:
    words = model_words(labelled_folder, tiny_model_folder, "--split", "test")
    found = told(capsys, "evaluate", *words)
    assert (found["patches"], found["sclerotic"], found["groups"]) == (32, 12, 4)
    assert sum(map(sum, found["confusion"])) == 32
    assert set(found["auc"]) == {"value", "low", "high"}
    assert found["warning"] is None


def test_evaluate_says_where_the_past_of_a_model_is_unknown(
    labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    model = copied(tiny_model_folder, tmp_path / "model", [], known=False)
    assert "not known" in told(capsys, "evaluate", *model_words(labelled_folder, model))["warning"]


def test_evaluate_counts_the_patches_that_the_model_learnt_from(
    labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    from training.decode import decode, pixel_hash

    names = ["p00.png", "p50.png"]
    seen = [pixel_hash(decode(labelled_folder / "images" / name)) for name in names]
    model = copied(tiny_model_folder, tmp_path / "model", seen)
    found = told(capsys, "evaluate", *model_words(labelled_folder, model))
    assert found["warning"].startswith("2 of these 96 patches")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--split", "final"], "no labelled patches of the split final"),
        (["--test", "no.csv"], "no.csv"),
    ],
)
def test_evaluate_without_patches_is_one_sentence(
    labelled_folder: Path, tiny_model_folder: Path, capsys: Capture, words: list[str], error: str
) -> None:
    assert main(["evaluate", *model_words(labelled_folder, tiny_model_folder, *words)]) == 2
    assert error in capsys.readouterr().err


def test_thresholds_never_searches_on_locked_patches(
    labelled_folder: Path, tiny_model_folder: Path, capsys: Capture
) -> None:
    assert main(["thresholds", *model_words(labelled_folder, tiny_model_folder)]) == 0
    shown = capsys.readouterr()
    assert "32 locked patches are left out" in shown.err
    assert "best-f1" in shown.out
    assert "cost:5" in shown.out


def test_thresholds_serves_the_rule_that_is_asked_for(
    labelled_folder: Path, tiny_model_folder: Path, capsys: Capture
) -> None:
    words = model_words(labelled_folder, tiny_model_folder, "--rule", "recall:1")
    found = told(capsys, "thresholds", *words)
    (one,) = found["thresholds"]
    assert one["recall"]["value"] == 1.0
    assert one["patches"] == 64
    assert found["now"] == {"logit": 0.0, "rule": "test"}


def test_a_threshold_can_be_written_into_the_model(
    labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    model = copied(tiny_model_folder, tmp_path / "model", [])
    words = model_words(labelled_folder, model, "--rule", "cost:3", "--write")
    found = told(capsys, "thresholds", *words)
    card = ModelCard.read(model / "model.json")
    assert card.threshold.rule == "cost:3"
    assert card.threshold.logit == found["thresholds"][0]["logit"]


@pytest.mark.parametrize("split", ["test", "final"])
def test_what_a_model_is_judged_on_never_moves_its_threshold(
    split: str, labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    model = copied(tiny_model_folder, tmp_path / "model", [])
    before = (model / "model.json").read_bytes()
    words = model_words(labelled_folder, model, "--rule", "cost:3", "--write", "--split", split)
    assert main(["thresholds", *words]) == 2
    assert "on which the model is judged" in capsys.readouterr().err
    assert (model / "model.json").read_bytes() == before


def test_writing_several_rules_is_refused(
    labelled_folder: Path, tiny_model_folder: Path, capsys: Capture
) -> None:
    assert main(["thresholds", *model_words(labelled_folder, tiny_model_folder), "--write"]) == 2
    assert "exactly one --rule" in capsys.readouterr().err


def test_gate_compares_two_models(
    labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    old = copied(tiny_model_folder, tmp_path / "old", [])
    words = model_words(labelled_folder, None, "--old", str(old), "--new", str(old))
    found = told(capsys, "gate", *words)
    assert found["verdict"] == "not_worse"
    assert found["groups"] == 12
    unknown = copied(tiny_model_folder, tmp_path / "new", [], known=False)
    words = model_words(labelled_folder, None, "--old", str(old), "--new", str(unknown))
    assert told(capsys, "gate", *words)["verdict"] == "refused"


def test_recipes_are_listed_and_printed(capsys: Capture) -> None:
    assert main(["recipes"]) == 0
    assert "quick" in capsys.readouterr().out
    assert main(["recipes", "swin"]) == 0
    assert "layer_decay = 0.7" in capsys.readouterr().out
    assert main(["recipes", "nothing"]) == 2
    assert "no recipe 'nothing'" in capsys.readouterr().err


def test_measure_prints_one_table(labelled_folder: Path, capsys: Capture) -> None:
    tiny = {"img_size": 32, "window_size": 4, "embed_dim": 16, "depths": [1], "num_heads": [2]}
    sets = ["architecture=swin_tiny_patch4_window7_224", f"architecture_kwargs={json.dumps(tiny)}"]
    sets += ["size=32", "epochs=2", "head_epochs=0"]
    words = ["--data", str(labelled_folder), "--device", "cpu", "--base", "random"]
    words += ["--recipe", "swin", *(word for one in sets for word in ("--set", one))]
    assert main(["measure", *words]) == 0
    out = capsys.readouterr().out
    assert "| swin | random weights (swin_tiny_patch4_window7_224) |" in out
    assert "32 locked patches (12 globally sclerotic) of 4 cases or slides" in out


def test_measure_needs_locked_patches_and_known_recipes(
    labelled_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    words = ["measure", "--data", str(labelled_folder), "--recipe", "nothing"]
    assert main(words) == 2
    assert "no recipe 'nothing'" in capsys.readouterr().err
    (tmp_path / "labels.csv").write_text("name,ground truth\np00,1\n", encoding="utf-8")
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "p00.png").write_bytes(
        (labelled_folder / "images" / "p00.png").read_bytes()
    )
    assert main(["measure", "--data", str(tmp_path)]) == 2
    assert "names no locked patches" in capsys.readouterr().err
