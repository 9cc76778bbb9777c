"""A model trained again from its own record is the same model, or it is said what differs."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch

from training.__main__ import main
from training.config import ModelCard
from training.models.model_folder import load_model, read_weights, save_model
from training.patches.split_record import digests, read_splits

TINY = {"img_size": 32, "window_size": 4, "embed_dim": 16, "depths": [1, 1], "num_heads": [2, 2]}
FULL = [
    *("--recipe", "swin", "--base", "random", "--set", "architecture=swin_tiny_patch4_window7_224"),
    *("--set", f"architecture_kwargs={json.dumps(TINY)}", "--set", "size=32"),
    *("--set", "epochs=2", "--set", "batch=16"),
]


@pytest.fixture(scope="module")
def trained(labelled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A candidate of the swin recipe made tiny, from random weights."""
    out = tmp_path_factory.mktemp("trained") / "run"
    words = ["finetune", "--data", str(labelled_folder), "--out", str(out), "--device", "cpu"]
    assert main([*words, *FULL, "--seed", "5"]) == 0
    return out / "candidate"


@pytest.fixture
def reproduce(labelled_folder: Path, tmp_path: Path) -> Callable[..., int]:
    def run(model: Path, *words: str, data: Path = labelled_folder) -> int:
        out = str(tmp_path / "again")
        return main(["reproduce", str(model), "--data", str(data), "--out", out, *words])

    return run


def test_the_same_seed_and_data_give_the_same_weights_bit_for_bit(
    trained: Path, reproduce: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reproduce(trained) == 0
    assert "The same: all" in capsys.readouterr().out
    files = [trained, tmp_path / "again" / "candidate"]
    first, second = ((folder / "weights.safetensors").read_bytes() for folder in files)
    assert first == second


def test_neither_order_nor_names_nor_split_columns_of_the_data_matter(
    trained: Path,
    reproduce: Callable[..., int],
    labelled_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "renamed"
    (data / "images").mkdir(parents=True)
    with (labelled_folder / "labels.csv").open(encoding="utf-8") as file:
        records = list(csv.DictReader(file))[::-1]
    lines = ["name,ground truth"]
    for number, record in enumerate(records):
        shutil.copy(labelled_folder / "images" / record["name"], data / "images" / f"{number}.png")
        lines.append(f"{number}.png,{record['ground truth']}")
    (data / "labels.csv").write_text("\n".join(lines), encoding="utf-8")
    assert reproduce(trained, data=data) == 0
    assert "The same: all" in capsys.readouterr().out


def test_a_quick_model_is_trained_again_from_the_model_beside_it(
    labelled_folder: Path,
    tiny_model_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    loaded = load_model(tiny_model_folder)
    card = replace(loaded.card, recipe={"found": {"backbone_trained": False}})
    library = tmp_path / "models"
    save_model(library / "base", card, loaded.module.state_dict(), [])
    run = tmp_path / "run"
    words = ["--data", str(labelled_folder), "--device", "cpu", "--base", str(library / "base")]
    assert main(["finetune", "--out", str(run), *words]) == 0
    shutil.copytree(run / "candidate", library / "mine")
    again = ["reproduce", str(library / "mine"), "--data", str(labelled_folder)]
    assert main([*again, "--out", str(tmp_path / "again")]) == 0
    shutil.rmtree(library / "base")
    assert main([*again, "--out", str(tmp_path / "third")]) == 2
    assert "name its folder with --base" in capsys.readouterr().err


def test_a_model_from_added_weights_finds_them_again_by_hash(
    labelled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOMVIEWER_WEIGHTS", str(tmp_path / "kept"))
    torch.manual_seed(1)
    name = "test_efficientnet"
    torch.save(timm.create_model(name, num_classes=1000).state_dict(), tmp_path / "w.pth")
    assert main(["weights", "add", str(tmp_path / "w.pth"), "--architecture", name]) == 0
    words = ["finetune", "--data", str(labelled_folder), "--device", "cpu", "--base", "w"]
    assert main([*words, "--out", str(tmp_path / "run")]) == 0
    again = ["reproduce", str(tmp_path / "run" / "candidate"), "--data", str(labelled_folder)]
    assert main([*again, "--out", str(tmp_path / "again")]) == 0


def test_weights_that_differ_are_told_by_how_much(
    trained: Path, reproduce: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = read_weights(trained / "weights.safetensors")
    name = next(iter(state))
    state[name] = state[name] + 0.5
    card = ModelCard.read(trained / "model.json")
    auc = {**card.metrics["locked"]["auc"], "value": 0.5}
    metrics = {**card.metrics, "locked": {**card.metrics["locked"], "auc": auc}}
    other = tmp_path / "other"
    text = {"splits.csv": (trained / "splits.csv").read_text()}
    save_model(other, replace(card, metrics=metrics), state, [], text)
    assert reproduce(other) == 1
    told = capsys.readouterr().out
    assert "Not the same: 1 of" in told
    assert "differ, by 0.5 at most" in told
    assert "auc on locked patches 0.5000 became" in told


def test_data_that_lack_patches_are_refused_and_nothing_is_written(
    trained: Path,
    reproduce: Callable[..., int],
    labelled_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "fewer"
    shutil.copytree(labelled_folder, data)
    (data / "images" / "p00.png").unlink()
    (data / "images" / "p01.png").unlink()
    assert reproduce(trained, data=data) == 2
    assert "2 of the 96 patches that the model was made with are not" in capsys.readouterr().err
    assert not (tmp_path / "again").exists()


def test_labels_that_were_changed_since_are_told_and_the_records_are_taken(
    trained: Path,
    reproduce: Callable[..., int],
    labelled_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "corrected"
    shutil.copytree(labelled_folder, data)
    table = data / "labels.csv"
    table.write_text(table.read_text().replace("p00.png,1", "p00.png,0"), encoding="utf-8")
    assert reproduce(trained, data=data) == 0
    assert "1 patches bear another label today" in capsys.readouterr().out


def test_the_record_holds_hashes_and_no_names(trained: Path) -> None:
    card = ModelCard.read(trained / "model.json")
    patches = read_splits(trained)
    assert digests(patches) == card.record["data"]
    assert card.record["data"]["locked"]["patches"] == 32
    assert card.record["base"]["kind"] == "random"
    text = (trained / "splits.csv").read_text() + (trained / "model.json").read_text()
    assert "slide 1" not in text
    assert ".png" not in text


@pytest.mark.parametrize("damage", ["none", "torn", "changed"])
def test_a_record_that_is_missing_or_damaged_ends_in_one_sentence(
    trained: Path,
    reproduce: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    damage: str,
) -> None:
    model = tmp_path / "model"
    shutil.copytree(trained, model)
    record = model / "splits.csv"
    if damage == "none":
        record.unlink()
    elif damage == "torn":
        record.write_text(record.read_text()[:200], encoding="ascii")
    else:
        record.write_text(record.read_text().replace("train,1", "train,0", 1), encoding="ascii")
    assert reproduce(model) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "Traceback" not in error


def test_an_imported_model_is_said_to_have_no_record(
    tiny_model_folder: Path, reproduce: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert reproduce(tiny_model_folder) == 2
    assert "doesn't say how to train it again" in capsys.readouterr().err
