"""A training step and a prediction of real shapes, timed with weights that mean nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from training.computing.device_faults import is_out_of_memory
from training.computing.precision import Outputs, forward
from training.config import Architecture
from training.learning.losses import batch_loss
from training.learning.optimizer import build_optimizer
from training.models.model import build_model
from training.recipe import FullRecipe

# The first turn of a kernel prepares it; a slow one is not worth a second.
_SLOW_SECONDS = 1.0
_LARGE_WEIGHTS = 40_000_000
_DRAWING = frozenset(
    {torch.Tensor.normal_, torch.Tensor.uniform_, torch.Tensor.erfinv_, torch.Tensor.trunc_}
)
_WORTH_SKIPPING = 10_000


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds a patch of a training step and of a prediction, from batches of `batch`.

    `peak` are the bytes that a GPU had in use at most, None elsewhere.
    """

    step: float
    prediction: float
    batch: int
    peak: int | None


class _Undrawn(TorchFunctionMode):
    """Leaves large random weights undrawn: that would take longer than the step."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        if func in _DRAWING and args[0].numel() > _WORTH_SKIPPING:
            return args[0].zero_()
        return func(*args, **(kwargs or {}))


def timed_step(
    architecture: Architecture, recipe: FullRecipe, size: int, device: torch.device
) -> Timed:
    """Time one step, or two where one is quick; a large network on a CPU sees one patch."""
    with _Undrawn():
        module = build_model(architecture)
    module = module.to(device).train()
    batch = _batch(recipe, module, device)
    while True:
        try:
            return _timed(module, recipe, size, device, batch)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error) or batch == 1:
                raise
        # Outside, so that the tensors of the try are freed.
        batch //= 2
        if device.type == "cuda":
            torch.cuda.empty_cache()


def _batch(recipe: FullRecipe, module: torch.nn.Module, device: torch.device) -> int:
    if device.type != "cpu":
        return recipe.batch
    large = sum(one.numel() for one in module.parameters()) > _LARGE_WEIGHTS
    return 1 if large else min(recipe.batch, 4)


def _timed(
    module: torch.nn.Module, recipe: FullRecipe, size: int, device: torch.device, batch: int
) -> Timed:
    network = Outputs(module)
    optimizer = build_optimizer(module, recipe)
    images = torch.rand(batch, 3, size, size, device=device)
    labels = torch.zeros(batch, dtype=torch.long, device=device)
    weights = torch.ones(2, device=device)
    head = "softmax" if architecture_outputs(module) == 2 else "logit"
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        raw = forward(network, images)
        batch_loss(raw, labels, None, head, weights, recipe).backward()
        optimizer.step()

    def predict() -> None:
        with torch.inference_mode():
            forward(network, images)

    stepping = _shortest(step, device) / batch
    peak = torch.cuda.max_memory_allocated(device) if device.type == "cuda" else None
    network.eval()
    return Timed(stepping, _shortest(predict, device) / batch, batch, peak)


def architecture_outputs(module: torch.nn.Module) -> int:
    from training.models.model import classifier

    return classifier(module).out_features


def _shortest(work: Callable[[], None], device: torch.device) -> float:
    """Seconds of one turn; of the shorter of two or more where they are quick."""
    seconds = _once(work, device)
    for _ in range(4 if device.type == "cuda" else 1):
        if seconds < _SLOW_SECONDS:
            seconds = min(seconds, _once(work, device))
    return seconds


def _once(work: Callable[[], None], device: torch.device) -> float:
    started = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
    return time.perf_counter() - started
