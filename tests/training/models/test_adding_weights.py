"""Foreign files of weights: every layout that people have, and one sentence where it is none."""

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import timm
import torch

from training.__main__ import main
from training.config import Architecture, BaseWeights
from training.data_run import base_from
from training.models.adding_weights import preprocessing_of, recognised
from training.models.base_weights import load_base
from training.models.model_folder import read_weights
from training.models.weights_store import (
    FOLDER_VARIABLE,
    kept_weights,
    weights_folder,
    weights_path,
)

SMALL = "test_vit"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "weights"
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture
def state() -> dict[str, torch.Tensor]:
    torch.manual_seed(3)
    return timm.create_model(SMALL, num_classes=2).state_dict()


def with_module(state: dict[str, Any]) -> dict[str, Any]:
    return {f"module.{name}": tensor for name, tensor in state.items()}


WRAPPED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "bare": lambda state: state,
    "data parallel": with_module,
    "state_dict": lambda state: {"state_dict": state, "epoch": 3},
    "model": lambda state: {"model": with_module(state), "optimizer": {}},
    "lightning": lambda state: {"state_dict": {f"model.{n}": t for n, t in state.items()}},
}


@pytest.mark.parametrize("layout", WRAPPED)
def test_every_wrapping_of_a_state_dict_is_taken_off(
    tmp_path: Path, state: dict[str, torch.Tensor], layout: str
) -> None:
    torch.save(WRAPPED[layout](state), tmp_path / "old.pth")
    assert main(["weights", "add", str(tmp_path / "old.pth"), "--architecture", SMALL]) == 0
    kept = read_weights(weights_path("old"))
    assert kept.keys() == state.keys()
    assert all(torch.equal(kept[name], tensor) for name, tensor in state.items())


def test_a_bare_swin_of_two_classes_is_recognised_and_of_unknown_origin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = timm.create_model("swin_tiny_patch4_window7_224", num_classes=2).state_dict()
    torch.save(state, tmp_path / "seed.pth")
    assert main(["weights", "add", str(tmp_path / "seed.pth")]) == 0
    assert "swin_tiny_patch4_window7_224" in capsys.readouterr().out
    base = load_base(base_from("seed"))
    assert not base.seen_known
    own = base.module.state_dict()
    assert all(torch.equal(own[name], t) for name, t in state.items() if "head" not in name)


def test_torchvisions_resnet_is_recognised_and_auto_finds_it(tmp_path: Path) -> None:
    models = pytest.importorskip("torchvision.models")
    torch.save(models.resnet50(weights=None).state_dict(), tmp_path / "r.pth")
    assert main(["weights", "add", str(tmp_path / "r.pth"), "--name", "imagenet"]) == 0
    base = load_base(BaseWeights("auto"), architecture=Architecture("resnet50"))
    assert base.source == "resnet50 from imagenet.safetensors"
    assert base.seen_known


def test_torchvisions_normalisation_goes_with_its_vit(tmp_path: Path) -> None:
    models = pytest.importorskip("torchvision.models")
    with torch.device("meta"):
        theirs = models.vit_b_16(weights=None).state_dict()
    assert recognised(theirs) == "vit_base_patch16_224"
    found = preprocessing_of(tmp_path / "v.pth", theirs, "vit_base_patch16_224")
    assert found.mean == (0.485, 0.456, 0.406)
    ours = timm.create_model("test_vit").state_dict()
    found = preprocessing_of(tmp_path / "v.pth", ours, "vit_base_patch16_224")
    assert found.mean == (0.5, 0.5, 0.5)


def test_the_list_tells_name_architecture_hash_and_source(
    tmp_path: Path, state: dict[str, torch.Tensor], capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save(state, tmp_path / "old.pth")
    main(["weights", "add", str(tmp_path / "old.pth"), "--architecture", SMALL, "--name", "ours"])
    capsys.readouterr()
    assert main(["weights", "list", "--json"]) == 0
    (added,) = json.loads(capsys.readouterr().out)["added"]
    assert (added["name"], added["architecture"], added["source"]) == ("ours", SMALL, "old.pth")
    assert len(added["sha256"]) == len(added["origin"]) == 64
    assert main(["weights", "list"]) == 0
    assert "ours" in capsys.readouterr().out


def add(tmp_path: Path, state: dict[str, torch.Tensor], name: str = "ours") -> None:
    torch.save(state, tmp_path / "old.pth")
    words = ["weights", "add", str(tmp_path / "old.pth"), "--architecture", SMALL, "--name", name]
    assert main(words) == 0


@pytest.mark.parametrize("damage", ["truncated", "altered", "gone"])
def test_verifying_finds_what_was_altered(
    tmp_path: Path,
    state: dict[str, torch.Tensor],
    capsys: pytest.CaptureFixture[str],
    damage: str,
) -> None:
    add(tmp_path, state)
    assert main(["weights", "verify"]) == 0
    path = weights_path("ours")
    data = bytearray(path.read_bytes())
    if damage == "truncated":
        path.write_bytes(data[:-100])
    elif damage == "altered":
        data[-1] ^= 1
        path.write_bytes(data)
    else:
        path.unlink()
    capsys.readouterr()
    assert main(["weights", "verify", "ours"]) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1
    assert ("is gone" if damage == "gone" else "truncated or was altered") in errors[0]


def test_a_name_is_not_taken_twice(
    tmp_path: Path, state: dict[str, torch.Tensor], capsys: pytest.CaptureFixture[str]
) -> None:
    add(tmp_path, state)
    before = weights_path("ours").read_bytes()
    assert (
        main(
            ["weights", "add", str(tmp_path / "old.pth"), "--architecture", SMALL, "--name", "ours"]
        )
        == 2
    )
    assert "is there already" in capsys.readouterr().err
    assert weights_path("ours").read_bytes() == before


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (os.environ["HOSTILE_MARK"],)


def hostile(path: Path, state: dict[str, torch.Tensor]) -> None:
    torch.save({"state_dict": state, "extra": Hostile()}, path)


def old_pickle(path: Path, state: dict[str, torch.Tensor]) -> None:
    path.write_bytes(pickle.dumps(Hostile()))


def truncated(path: Path, state: dict[str, torch.Tensor]) -> None:
    torch.save(state, path)
    path.write_bytes(path.read_bytes()[:-2000])


def other_architecture(path: Path, state: dict[str, torch.Tensor]) -> None:
    torch.save(timm.create_model("resnet50").state_dict(), path)


def not_finite(path: Path, state: dict[str, torch.Tensor]) -> None:
    torch.save({name: tensor * float("nan") for name, tensor in state.items()}, path)


def nothing(path: Path, state: dict[str, torch.Tensor]) -> None:
    path.write_bytes(b"")


def text(path: Path, state: dict[str, torch.Tensor]) -> None:
    path.write_text("<html>not found</html>", encoding="ascii")


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (hostile, "was refused"),
        (old_pickle, "no checkpoint of torch"),
        (truncated, "truncated"),
        (other_architecture, "they fit resnet50"),
        (not_finite, "aren't finite"),
        (nothing, "is empty"),
        (text, "no checkpoint"),
    ],
)
def test_what_is_no_such_weights_is_refused_in_one_sentence_and_nothing_is_kept(
    tmp_path: Path,
    state: dict[str, torch.Tensor],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    write: Callable[[Path, dict[str, torch.Tensor]], None],
    told: str,
) -> None:
    mark = tmp_path / "code was run"
    monkeypatch.setenv("HOSTILE_MARK", str(mark))
    path = tmp_path / "w.pth"
    write(path, state)
    for words in (["add", str(path), "--architecture", SMALL], ["inspect", str(path)]):
        code = main(["weights", *words])
        if words[0] == "add":
            assert code == 2
            error = capsys.readouterr().err
            assert told in error
            assert len(error.strip().splitlines()) == 1
    assert not mark.exists()
    assert kept_weights() == []
    assert not list(weights_folder().glob("*")) if weights_folder().exists() else True


def test_a_file_whose_name_tells_another_hash_is_refused(
    tmp_path: Path, state: dict[str, torch.Tensor], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vit-0123abcd.pth"
    torch.save(state, path)
    assert main(["weights", "add", str(path), "--architecture", SMALL]) == 2
    assert "starts with 0123abcd" in capsys.readouterr().err
    assert main(["weights", "verify", str(path)]) == 2


def test_an_unknown_architecture_is_asked_for(
    tmp_path: Path, state: dict[str, torch.Tensor], capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save(state, tmp_path / "w.pth")
    assert main(["weights", "add", str(tmp_path / "w.pth")]) == 2
    assert "--architecture" in capsys.readouterr().err
    assert main(["weights", "add", str(tmp_path / "w.pth"), "--architecture", "vgg_of_mine"]) == 2
    assert "timm has no architecture 'vgg_of_mine'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../up", "a/b", "", "end.", "CON:"])
def test_a_name_that_is_no_files_is_refused(
    tmp_path: Path, state: dict[str, torch.Tensor], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    torch.save(state, tmp_path / "w.pth")
    words = ["weights", "add", str(tmp_path / "w.pth"), "--architecture", SMALL, "--name", name]
    assert main(words) == (2 if name else 0)


def test_what_is_fetched_without_a_file_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = timm.create_model

    def without_network(name: str, pretrained: bool = False, **kwargs: Any) -> Any:
        return real(name, pretrained=False, **kwargs)

    monkeypatch.setattr("training.models.base_weights.timm.create_model", without_network)
    assert main(["weights", "fetch", "test_efficientnet"]) == 0
    (kept,) = kept_weights()
    assert (kept.name, kept.architecture) == ("test_efficientnet", "test_efficientnet")
    assert sorted(path.name for path in weights_folder().iterdir()) == [
        "test_efficientnet.json",
        "test_efficientnet.safetensors",
    ]


def test_inspecting_tells_architecture_layout_and_classes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = pytest.importorskip("torchvision.models")
    torch.save(models.swin_t(weights=None, num_classes=7).state_dict(), tmp_path / "w.pth")
    assert main(["weights", "inspect", str(tmp_path / "w.pth")]) == 0
    told = capsys.readouterr().out
    assert "in the layout of torchvision Swin" in told
    assert "swin_tiny_patch4_window7_224, 7 classes" in told
