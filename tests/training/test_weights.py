"""The verb `weights`: what there is, and no network unless asked."""

import json
from pathlib import Path

import pytest
import timm
import torch

from training.__main__ import main
from training.config import BaseWeights
from training.models.base_weights import lite0_file, load_base


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOMVIEWER_WEIGHTS", str(tmp_path / "kept"))


def test_the_list_says_what_is_installed(capsys):
    assert main(["weights", "list", "--json"]) == 0
    path = lite0_file()
    told = json.loads(capsys.readouterr().out)
    assert told["efficientnet-lite0"] == (str(path) if path else None)
    assert told["added"] == []
    assert main(["weights", "list"]) == 0
    assert "random" in capsys.readouterr().out


def test_inspecting_a_file(tmp_path: Path, capsys):
    torch.save({"a": torch.zeros(3, 4)}, tmp_path / "w.pth")
    assert main(["weights", "inspect", str(tmp_path / "w.pth")]) == 0
    assert "1 tensors, 12 numbers" in capsys.readouterr().out


def test_what_is_fetched_describes_itself(tmp_path: Path, monkeypatch, capsys):
    real = timm.create_model

    def without_network(name, pretrained=False, **kwargs):
        return real(name, pretrained=False, **kwargs)

    monkeypatch.setattr("training.models.base_weights.timm.create_model", without_network)
    file = tmp_path / "w.safetensors"
    assert main(["weights", "fetch", "test_efficientnet", str(file)]) == 0
    base = load_base(BaseWeights("file", str(file)))
    assert base.architecture.name == "test_efficientnet"
    assert base.preprocessing.size == 160
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["w.safetensors"]


def test_without_a_network_one_sentence_is_said(tmp_path: Path, monkeypatch, capsys):
    def offline(name, **kwargs):
        raise OSError("Name or service not known")

    monkeypatch.setattr("training.models.base_weights.timm.create_model", offline)
    assert main(["weights", "fetch", "test_efficientnet", str(tmp_path / "w.safetensors")]) == 2
    assert "on a connected machine" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "file"), [("nothing", "w.safetensors"), ("test_vit", "w.pth")])
def test_what_cannot_be_fetched_is_refused(tmp_path: Path, name, file, capsys):
    assert main(["weights", "fetch", name, str(tmp_path / file)]) == 2
    assert capsys.readouterr().err.startswith("error: ")
