"""What a training step keeps in memory, counted without computing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import nn

from training.config import Architecture, UserError
from training.models.model import build_model


@dataclass(frozen=True, slots=True)
class StepMemory:
    """Bytes: of the weights, of all that stays whatever the batch, and of each patch beside."""

    weights: int
    fixed: int
    each: int


def step_memory(
    architecture: Architecture, size: int, *, trained_share: float, moments: int, average: bool
) -> StepMemory:
    """What a training in fp32 keeps.

    Weights, gradients and `moments` numbers a weight of the optimizer, and a moving average;
    then what autograd saves in a forward pass on torch's meta device, which has shapes alone.
    Buffers that kernels take for a moment are not counted.
    """
    with torch.device("meta"):
        module = build_model(architecture).train()
    weights = sum(one.numel() * one.element_size() for one in module.parameters())
    learning = round(weights * trained_share)
    fixed = weights + learning * (1 + moments) + (weights if average else 0)
    return StepMemory(weights, fixed, _saved_bytes(module, size))


def _saved_bytes(module: nn.Module, size: int) -> int:
    """Of one patch; weights are saved too, but they are there already."""
    own = {tensor.untyped_storage()._cdata for tensor in module.state_dict().values()}
    saved: dict[int, torch.UntypedStorage] = {}

    def note(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in own:
            # Kept, so that no later storage takes its address and passes for it.
            saved[storage._cdata] = storage
        return tensor

    images = torch.empty(2, 3, size, size, device="meta")
    try:
        with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
            cast("Any", module)(images)
    except (RuntimeError, NotImplementedError, ValueError, AssertionError) as error:
        raise UserError(
            f"{type(module).__name__} takes no patches of {size} px: {error}"
        ) from error
    return sum(storage.nbytes() for storage in saved.values()) // 2
