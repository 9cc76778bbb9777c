"""Where an interrupted run stands: written whole or not at all, once an epoch."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from training import atomic
from training.config import UserError
from training.model_folder import read_weights

LAST = "last.pt"
CHECKPOINT_FORMAT = 1


def save_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Replace the folder's checkpoint; `state` holds tensors, numbers, texts, lists and dicts."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{LAST}.part"
    torch.save({"format": CHECKPOINT_FORMAT, **state}, temporary)
    atomic.replace(temporary, folder / LAST)
    best = state["progress"]["best_epoch"]
    for path in folder.glob("best-*.safetensors"):
        if path != _best(folder, best):
            path.unlink(missing_ok=True)


def load_checkpoint(folder: Path) -> dict[str, Any] | None:
    """The last checkpoint on the CPU, None where there is none; UserError where it is damaged."""
    path = folder / LAST
    if not path.exists():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        raise UserError(
            f"{path} could not be read ({error}): start the run anew without --resume."
        ) from error
    if state.get("format") != CHECKPOINT_FORMAT:
        raise UserError(f"{path} is of another version: start the run anew without --resume.")
    return state


def keep_best(folder: Path, epoch: int, state: Mapping[str, torch.Tensor]) -> None:
    """Keep an epoch's weights; earlier ones go only when the next checkpoint stands."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / ".best.part"
    plain = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in state.items()}
    save_file(plain, temporary)
    atomic.replace(temporary, _best(folder, epoch))


def best_weights(folder: Path, epoch: int) -> dict[str, torch.Tensor]:
    return read_weights(_best(folder, epoch))


def _best(folder: Path, epoch: int) -> Path:
    return folder / f"best-{epoch}.safetensors"
