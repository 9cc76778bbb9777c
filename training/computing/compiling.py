"""torch.compile where a recipe asks for it and the machine has what it needs."""

from __future__ import annotations

import importlib.util
import shutil
from typing import cast

import torch
from torch import nn

from training.events import Emit, Note

NOT_COMPILED = "not-compiled"
_CPU_COMPILERS = ("g++", "clang++", "c++", "cl")


def missing_compiler(device: torch.device) -> str | None:
    """What torch.compile would need on this device and does not find; None where all is there."""
    if device.type == "cuda":
        if importlib.util.find_spec("triton") is None:
            return "the package triton is missing"
        compilers = ("gcc", "clang", "cc", "cl")
    else:
        compilers = _CPU_COMPILERS
    if not any(shutil.which(name) for name in compilers):
        return f"no C compiler was found ({', '.join(compilers)})"
    return None


def compiled(network: nn.Module, device: torch.device, emit: Emit) -> nn.Module | None:
    """The compiled form of a network, made at its first batch; None, told, where it can't be."""
    reason = missing_compiler(device)
    if reason is not None:
        emit(not_compiled(reason))
        return None
    return cast("nn.Module", torch.compile(network))


def not_compiled(reason: str) -> Note:
    return Note(
        f"The recipe asks for compile, but {reason}: training goes on without it, with the same "
        "figures, somewhat slower.",
        level="warning",
        kind=NOT_COMPILED,
    )


def is_compiler_fault(error: BaseException) -> bool:
    """Whether torch's compiler failed, rather than what it compiled."""
    names = (f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__)
    return any(name.startswith(("torch._dynamo.exc.", "torch._inductor.exc.")) for name in names)
