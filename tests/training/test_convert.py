"""Old checkpoints become model folders; hostile and damaged ones are refused in a sentence."""

import json
import math
import os
import pickle
import re
from pathlib import Path

import pytest
import torch

from training.__main__ import main
from training.config import PRESETS, Architecture, Head, UserError
from training.convert import Conversion, convert, parse_preset
from training.models.checkpoint_file import adapted, read_checkpoint
from training.models.model import build_model
from training.models.model_folder import load_model, verify_model

NAME = "swin_tiny_patch4_window7_224"
KWARGS = {
    **{"img_size": 32, "window_size": 4, "embed_dim": 16},
    **{"depths": [1, 1], "num_heads": [2, 2]},
}


def state(head: Head = "softmax") -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return dict(build_model(Architecture(NAME, KWARGS, head)).state_dict())


def as_old_timm(values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The names of timm before 0.9, with the constants that it kept."""
    old = {}
    for name, tensor in values.items():
        earlier = re.sub(
            r"layers\.(\d+)\.downsample", lambda m: f"layers.{int(m[1]) - 1}.downsample", name
        )
        old[earlier.replace("head.fc.", "head.")] = tensor
    old["layers.0.blocks.0.attn.relative_position_index"] = torch.zeros(16, 16).long()
    old["layers.0.blocks.0.attn_mask"] = torch.zeros(4, 16, 16)
    return old


def conversion(checkpoint: Path, output: Path, **changes) -> Conversion:
    values = {"architecture": NAME, "kwargs": KWARGS, **changes}
    return Conversion(checkpoint, output, PRESETS["pad-white"], 0.9885, **values)


WRAPPED = {
    "bare": lambda s: s,
    "state_dict": lambda s: {"state_dict": s, "epoch": 3},
    "model": lambda s: {"model": s},
    "DataParallel": lambda s: {f"module.{name}": t for name, t in s.items()},
    "both": lambda s: {"state_dict": {f"module.{name}": t for name, t in s.items()}},
    "compiled": lambda s: {f"_orig_mod.{name}": t for name, t in s.items()},
    "old timm": as_old_timm,
    "old timm in parallel": lambda s: {f"module.{n}": t for n, t in as_old_timm(s).items()},
}


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_a_checkpoint_keeps_its_weights_however_it_was_wrapped(tmp_path: Path, wrapping):
    torch.save(WRAPPED[wrapping](state()), tmp_path / "old.pth")
    convert(conversion(tmp_path / "old.pth", tmp_path / "model"))
    assert verify_model(tmp_path / "model") == []
    loaded = load_model(tmp_path / "model")
    for name, tensor in state().items():
        assert torch.equal(loaded.module.state_dict()[name], tensor)


def test_the_card_says_what_was_asked_for_and_what_nobody_knows(tmp_path: Path):
    torch.save(state(), tmp_path / "old.pth")
    card = convert(conversion(tmp_path / "old.pth", tmp_path / "model"))
    assert card.preprocessing == PRESETS["pad-white"]
    assert card.threshold.logit == pytest.approx(math.log(0.9885 / 0.0115))
    assert card.seen == "unknown"
    assert card.metrics == {}
    assert card.architecture == Architecture(NAME, KWARGS, "softmax")
    assert "old.pth" not in json.dumps(card.to_json())


def test_one_logit_is_recognised(tmp_path: Path):
    torch.save(state("logit"), tmp_path / "old.pth")
    assert convert(conversion(tmp_path / "old.pth", tmp_path / "m")).architecture.head == "logit"


def test_safetensors_are_taken_too(tmp_path: Path):
    from safetensors.torch import save_file

    save_file(state(), tmp_path / "old.safetensors")
    assert convert(conversion(tmp_path / "old.safetensors", tmp_path / "m")).seen == "unknown"


def test_a_known_architecture_is_found_by_its_weights(tmp_path: Path):
    architecture = Architecture("tf_efficientnet_lite0")
    torch.save(build_model(architecture).state_dict(), tmp_path / "old.pth")
    card = convert(conversion(tmp_path / "old.pth", tmp_path / "m", architecture=None, kwargs={}))
    assert card.architecture == architecture


def test_a_checkpoint_of_another_input_size_is_refused_not_resampled():
    model = build_model(Architecture(NAME, KWARGS))
    larger = build_model(Architecture(NAME, {**KWARGS, "img_size": 64, "window_size": 8}))
    tables = "relative_position_bias_table"
    given = dict(larger.state_dict())
    kept = adapted(given, model)
    assert any(t.shape != kept[n].shape for n, t in model.state_dict().items() if tables in n)


class Evil:
    def __reduce__(self):
        return os.mkdir, ("was_run",)


def refused(tmp_path: Path, name: str) -> str:
    with pytest.raises(UserError) as caught:
        convert(conversion(tmp_path / name, tmp_path / "model"))
    assert not (tmp_path / "model").exists()
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_code_in_a_checkpoint_is_not_run(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"head": Evil()}, tmp_path / "evil.pth")
    (tmp_path / "evil2.pth").write_bytes(pickle.dumps({"head": Evil()}))
    for name in ("evil.pth", "evil2.pth"):
        assert "refused" in refused(tmp_path, name) or "damaged" in refused(tmp_path, name)
    assert not (tmp_path / "was_run").exists()


def test_a_whole_pickled_model_is_refused_with_the_remedy(tmp_path: Path):
    torch.save(build_model(Architecture("test_efficientnet")), tmp_path / "whole.pth")
    assert "state_dict()" in refused(tmp_path, "whole.pth")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"no checkpoint at all", "damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (b"\x80\x02}q\x00.", "no state dict|damaged"),
    ],
)
def test_junk_is_refused(tmp_path: Path, data, told):
    (tmp_path / "junk.pth").write_bytes(data)
    assert re.search(told, refused(tmp_path, "junk.pth"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("name", ["old.pth", "old.safetensors"])
def test_a_truncated_checkpoint_is_refused(tmp_path: Path, share, name):
    from safetensors.torch import save_file

    path = tmp_path / name
    save_file(state(), path) if path.suffix == ".safetensors" else torch.save(state(), path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    refused(tmp_path, name)


@pytest.mark.parametrize(
    "content",
    [[1, 2], {}, {"a": 1}, {"state_dict": {}}, {"a": torch.zeros(2).to_sparse()}, {1: 2}],
    ids=repr,
)
def test_what_is_no_state_dict_is_refused(tmp_path: Path, content):
    torch.save(content, tmp_path / "odd.pth")
    assert "state dict" in refused(tmp_path, "odd.pth")


def test_another_architecture_is_refused(tmp_path: Path):
    torch.save(build_model(Architecture("test_vit")).state_dict(), tmp_path / "vit.pth")
    assert NAME in refused(tmp_path, "vit.pth")
    broken = state()
    del broken["layers.0.blocks.0.norm1.weight"]
    torch.save(broken, tmp_path / "part.pth")
    assert "1 missing" in refused(tmp_path, "part.pth")


def test_five_classes_are_refused(tmp_path: Path):
    five = state()
    five["head.fc.weight"], five["head.fc.bias"] = torch.zeros(5, 32), torch.zeros(5)
    torch.save(five, tmp_path / "five.pth")
    assert "it has 5" in refused(tmp_path, "five.pth")


def test_weights_that_are_not_finite_are_refused(tmp_path: Path):
    broken = state()
    broken["head.fc.bias"] = torch.tensor([float("nan"), 0.0])
    torch.save(broken, tmp_path / "nan.pth")
    assert "finite" in refused(tmp_path, "nan.pth")


def test_files_that_are_not_there(tmp_path: Path):
    with pytest.raises(UserError, match="does not exist"):
        read_checkpoint(tmp_path / "missing.pth")
    with pytest.raises(UserError, match="is a folder"):
        read_checkpoint(tmp_path)


def test_presets_with_the_threshold_in_them_or_apart():
    assert parse_preset("pad-black:0.9985", None) == (PRESETS["pad-black"], 0.9985)
    assert parse_preset("stretch", 0.5) == (PRESETS["stretch"], 0.5)


@pytest.mark.parametrize(
    ("preset", "threshold"), [("pad", 0.5), ("pad-white", None), ("pad-white:high", None)]
)
def test_a_preset_that_is_none_lists_the_choices(preset, threshold):
    with pytest.raises(UserError, match="pad-white, pad-black, stretch"):
        parse_preset(preset, threshold)


def test_the_verb_writes_a_folder_and_refuses_to_overwrite_it(tmp_path: Path, capsys):
    torch.save(state(), tmp_path / "old.pth")
    words = [
        *("convert", str(tmp_path / "old.pth"), str(tmp_path / "model")),
        *("--preset", "stretch:0.5", "--json"),
        *("--architecture", NAME, "--kwargs", json.dumps(KWARGS)),
    ]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["preprocessing"]["fit"] == "stretch"
    assert main(words) == 2
    assert "exists already" in capsys.readouterr().err


def test_the_verb_asks_for_what_the_file_does_not_say(tmp_path: Path, capsys):
    torch.save(state(), tmp_path / "old.pth")
    assert main(["convert", str(tmp_path / "old.pth"), str(tmp_path / "model")]) == 2
    assert "pad-white, pad-black, stretch" in capsys.readouterr().err
