"""Weights out of foreign files: .safetensors, or .pth read with weights_only, never as code."""

from __future__ import annotations

import importlib
import pickle
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from training.config import UserError
from training.models.foreign_names import timm_names
from training.models.model import classifier_prefix
from training.models.model_folder import read_weights

# Before 2.10 a crafted file could run code in spite of weights_only (CVE-2026-24747).
_SAFE_TORCH = (2, 10)
_WRAPPERS = ("state_dict", "model_state_dict", "model", "net", "weights")
_PREFIXES = ("module.", "_orig_mod.", "model.")
# Constants that old timm kept in the state dict, and that are computed now.
_CONSTANTS = ("attn_mask", "relative_position_index", "num_batches_tracked")


def read_checkpoint(path: Path) -> dict[str, torch.Tensor]:
    """The state dict in a .pth or .safetensors file, unwrapped and without prefixes.

    UserError in one sentence where it is truncated, hostile or no state dict. Call it in a
    process of its own for a file that one doesn't trust: weights_only is no sandbox.
    """
    if not path.is_file():
        raise UserError(f"{path} does not exist." if not path.exists() else f"{path} is a folder.")
    if path.stat().st_size == 0:
        raise UserError(f"{path} is empty.")
    if path.suffix == ".safetensors":
        return _without_prefixes(read_weights(path))
    return _without_prefixes(_state_dict(_unpickled(path), path))


def _unpickled(path: Path) -> object:
    version = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
    if version < _SAFE_TORCH:
        raise UserError(
            f"torch {torch.__version__} can't read a .pth file safely: update it to 2.10 or newer."
        )
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if "Unsupported operand" in str(error):
            raise UserError(f"{path} is no checkpoint of torch, or is damaged.") from error
        raise UserError(
            f"{path} holds more than weights (code or whole objects) and was refused: save it "
            "again with torch.save(model.state_dict(), FILE)."
        ) from error
    except (
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        AssertionError,
        MemoryError,
        OverflowError,
        zipfile.BadZipFile,
        struct.error,
    ) as error:
        raise UserError(f"{path} is truncated, damaged or no checkpoint of torch.") from error


def _state_dict(value: object, path: Path) -> dict[str, torch.Tensor]:
    for _ in range(3):
        if not isinstance(value, Mapping):
            break
        wrapper = next((key for key in _WRAPPERS if isinstance(value.get(key), Mapping)), None)
        if wrapper is None:
            break
        value = value[wrapper]
    if not isinstance(value, Mapping) or not value:
        raise UserError(f"{path} holds no state dict.")
    for key, tensor in value.items():
        if not isinstance(key, str) or not _is_plain(tensor):
            raise UserError(f"{path} holds no plain state dict: {str(key)[:60]!r} is no tensor.")
    return cast("dict[str, torch.Tensor]", dict(value))


def _is_plain(tensor: object) -> bool:
    return (
        isinstance(tensor, torch.Tensor)
        and tensor.layout is torch.strided
        and tensor.device.type == "cpu"
        and not tensor.is_quantized
    )


def _without_prefixes(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    for _ in range(3):
        prefix = next(
            (prefix for prefix in _PREFIXES if all(key.startswith(prefix) for key in state)), None
        )
        if prefix is None:
            break
        state = {key.removeprefix(prefix): tensor for key, tensor in state.items()}
    return state


def adapted(
    state: dict[str, torch.Tensor], model: nn.Module, *, resize: bool = False
) -> dict[str, torch.Tensor]:
    """The state dict under the names of today's timm, where an older one or torchvision saved it.

    With `resize`, position tables are resampled to the model's input size; without, a state of
    other shapes comes back as it was. Swin moved its downsampling from the end of a stage to the
    start of the next, and its classifier from `head` to `head.fc`, in timm 0.9.
    """
    expected = model.state_dict()
    state = timm_names(state)
    if not resize and (set(state) == set(expected) or not _same_shapes(state, model)):
        return state
    state = _renamed(state, model)
    kept = {
        name: tensor
        for name, tensor in state.items()
        if name in expected or name.rpartition(".")[2] not in _CONSTANTS
    }
    counters = {
        name: value
        for name, value in expected.items()
        if name.endswith("num_batches_tracked") and name not in kept
    }
    return {**kept, **counters}


def _same_shapes(state: dict[str, torch.Tensor], model: nn.Module) -> bool:
    """Whether the state has a tensor of every shape that the backbone needs."""
    prefix = classifier_prefix(model) + "."
    needed = Counter(
        tensor.shape
        for name, tensor in model.state_dict().items()
        if not name.startswith(prefix) and not name.endswith("num_batches_tracked")
    )
    return needed <= Counter(tensor.shape for tensor in state.values())


def _renamed(state: dict[str, torch.Tensor], model: nn.Module) -> dict[str, torch.Tensor]:
    module = importlib.import_module(type(model).__module__)
    rename = cast(
        "Callable[[Any, nn.Module], dict[str, torch.Tensor]] | None",
        getattr(module, "checkpoint_filter_fn", None),
    )
    if rename is None:
        return state
    try:
        return dict(rename(dict(state), model))
    except (LookupError, ValueError, TypeError, RuntimeError, AttributeError, AssertionError):
        return state
