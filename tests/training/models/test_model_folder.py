"""A model on disk: saved whole, read back equal, damage found."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from training.config import ModelCard, UserError
from training.models.model import build_model
from training.models.model_folder import (
    load_model,
    read_card,
    read_seen,
    save_model,
    update_card,
    verify_model,
)


@pytest.fixture
def folder(tmp_path: Path, tiny_model_folder: Path) -> Path:
    loaded = load_model(tiny_model_folder)
    target = tmp_path / "model"
    save_model(target, loaded.card, loaded.module.state_dict(), read_seen(tiny_model_folder))
    return target


def test_a_model_survives_its_folder(folder: Path, tiny_model_folder: Path):
    first, second = load_model(tiny_model_folder), load_model(folder)
    assert first.card == second.card
    images = torch.randn(2, 3, 32, 32)
    with torch.inference_mode():
        assert torch.equal(first.module(images), second.module(images))
    assert not second.module.training


def test_seen_patches_are_counted_and_hashed(folder: Path):
    text = f"{'a' * 64}\n{'b' * 64}\n"
    assert (folder / "seen.txt").read_bytes() == text.encode()
    card = read_card(folder)
    assert card.seen_count == 2
    assert card.data_hash == hashlib.sha256(text.encode()).hexdigest()
    assert read_seen(folder) == {"a" * 64, "b" * 64}


def test_nothing_else_is_in_the_folder(folder: Path):
    assert {path.name for path in folder.iterdir()} == {
        "weights.safetensors",
        "model.json",
        "seen.txt",
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_files_are_as_readable_as_the_folder(folder: Path):
    wanted = folder.stat().st_mode & 0o666
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {wanted}


def test_weights_that_share_storage_are_saved(tmp_path: Path, tiny_model_folder: Path):
    loaded = load_model(tiny_model_folder)
    flat = torch.cat([tensor.reshape(-1) for tensor in loaded.module.state_dict().values()])
    state, start = {}, 0
    for name, tensor in loaded.module.state_dict().items():
        state[name] = flat[start : start + tensor.numel()].view(tensor.shape).to(tensor.dtype)
        start += tensor.numel()
    save_model(tmp_path / "m", loaded.card, state, [])
    assert verify_model(tmp_path / "m") == []


def test_a_sound_folder_verifies(folder: Path):
    assert verify_model(folder) == []


def test_a_changed_threshold_keeps_the_folder_sound(folder: Path):
    card = read_card(folder)
    update_card(folder, replace(card, name="renamed"))
    assert read_card(folder).name == "renamed"
    assert verify_model(folder) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("weights.safetensors", "could not be read|changed"),
        ("seen.txt", "not the list"),
        ("model.json", "readable JSON"),
    ],
)
def test_a_truncated_file_is_found(folder: Path, name, told):
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    problems = verify_model(folder)
    assert problems
    assert any(name in problem for problem in problems)


def test_one_flipped_bit_in_the_weights_is_found(folder: Path):
    path = folder / "weights.safetensors"
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    assert verify_model(folder) == [f"{path} has changed since it was written."]


@pytest.mark.parametrize("name", ["weights.safetensors", "seen.txt", "model.json"])
def test_a_missing_file_is_told(folder: Path, name):
    (folder / name).unlink()
    assert any(name in problem for problem in verify_model(folder))


def test_weights_of_another_architecture_are_refused(folder: Path):
    card = read_card(folder)
    update_card(folder, replace(card, architecture=replace(card.architecture, head="logit")))
    with pytest.raises(UserError, match="another architecture"):
        load_model(folder)


def test_what_is_no_folder_is_refused(tmp_path: Path):
    (tmp_path / "swin.pth").write_bytes(b"x")
    with pytest.raises(UserError, match="converted first"):
        load_model(tmp_path / "swin.pth")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="does not exist"):
        load_model(tmp_path / "empty")


def test_a_failed_save_leaves_the_old_model(folder: Path):
    card: ModelCard = read_card(folder)
    sparse = {"w": torch.zeros(2, 2).to_sparse()}
    with pytest.raises((RuntimeError, ValueError)):
        save_model(folder, replace(card, name="broken"), sparse, [])
    assert load_model(folder).card.name == "tiny"
    assert [path.name for path in folder.parent.iterdir() if path.name.endswith(".part")] == []


def test_a_one_logit_model_survives(tmp_path: Path, tiny_model_folder: Path):
    card = read_card(tiny_model_folder)
    card = replace(card, architecture=replace(card.architecture, head="logit"))
    save_model(tmp_path / "m", card, build_model(card.architecture).state_dict(), [])
    assert load_model(tmp_path / "m").card.architecture.head == "logit"
