"""Where an interrupted run stands: written whole or not at all, once an epoch."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import torch
from safetensors.torch import save

from training import atomic
from training.computing.device_faults import full_disk, is_full_disk
from training.config import UserError
from training.models.model_folder import read_weights

LAST = "last.pt"
CHECKPOINT_FORMAT = 1


def save_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Replace the folder's checkpoint; `state` holds tensors, numbers, texts, lists and dicts.

    UserError where the disk is full; the last one then stands as it was.
    """
    whole = {"format": CHECKPOINT_FORMAT, **state}
    _write(folder / LAST, lambda file: torch.save(whole, file))
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
    """Keep an epoch's weights; earlier ones go only when the next checkpoint stands.

    UserError where the disk is full.
    """
    plain = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in state.items()}
    _write(_best(folder, epoch), lambda file: file.write(save(plain)))


def best_weights(folder: Path, epoch: int) -> dict[str, torch.Tensor]:
    return read_weights(_best(folder, epoch))


def _write(target: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a file that then takes the target's place, and leave nothing behind else."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        atomic.replace(temporary, target)
    except OSError as error:
        if is_full_disk(error):
            raise full_disk(target.parent) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def _best(folder: Path, epoch: int) -> Path:
    return folder / f"best-{epoch}.safetensors"
