"""Bad luck with the machine, told in one sentence: no memory left, a GPU gone, a full disk."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError

from training.config import UserError

_FULL_DISK = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WINDOWS_DISK_FULL = 112
# What a driver says of a GPU that fell off the bus, was reset or taken away.
_LOST = (
    "device disappeared",
    "device not available",
    "device is lost",
    "device lost",
    "unspecified launch failure",
    "no cuda-capable device",
    "cuda-capable device(s) is/are busy or unavailable",
    "driver shutting down",
    "initialization error",
    "uncorrectable",
    "ecc error",
    "fell off the bus",
    "cuda error: unknown error",
    "gpu is lost",
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, of a GPU or of the machine; torch says it in several ways."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    message = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "out of memory" in message or "not enough memory" in message or "can't allocate" in message
    )


def is_lost_device(error: BaseException) -> bool:
    """Whether the GPU is gone, so that nothing more can be asked of it in this process."""
    if is_out_of_memory(error) or not isinstance(error, RuntimeError):
        return False
    message = str(error).lower()
    return isinstance(error, torch.AcceleratorError) or any(one in message for one in _LOST)


def is_full_disk(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL_DISK or getattr(error, "winerror", 0) == _WINDOWS_DISK_FULL
    # As safetensors and sqlite say it.
    message = str(error).lower()
    return "no space left on device" in message or "disk is full" in message


def full_disk(where: Path) -> UserError:
    return UserError(
        f"The disk that holds {where} is full: free some space there, then resume the run; what "
        "was done up to its last epoch is kept."
    )


@contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """Turn such faults of a run in `folder` into UserErrors that say what to do."""
    try:
        yield
    except (OSError, RuntimeError, MemoryError, SafetensorError) as error:
        if is_full_disk(error):
            raise full_disk(folder) from error
        if is_out_of_memory(error):
            raise UserError(
                "The memory ran out: close what else uses it, or choose a smaller model, size or "
                "batch; then resume the run."
            ) from error
        if is_lost_device(error):
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise UserError(
                f"The GPU stopped answering ({reason}): see that it is there and cool (nvidia-smi "
                "lists it), then resume the run; what was done up to its last epoch is kept."
            ) from error
        raise
