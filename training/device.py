"""Which device computes, its name, and a loud word where a GPU lies idle."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from training.config import UserError


def choose_device(wanted: str = "auto") -> torch.device:
    """`auto` takes CUDA, else MPS, else the CPU; UserError where the one named is not there."""
    if wanted == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda", 0)
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(wanted)
    except RuntimeError as error:
        raise UserError(
            f"there is no device {wanted!r}: name auto, cuda, cuda:1, mps or cpu."
        ) from error
    if device.type == "cuda":
        return _cuda(device)
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise UserError("this machine has no Apple GPU (MPS): choose auto or cpu.")
    if device.type not in ("mps", "cpu"):
        raise UserError(f"the device {wanted!r} is not supported: name auto, cuda, mps or cpu.")
    return device


def _cuda(device: torch.device) -> torch.device:
    if not torch.cuda.is_available():
        raise UserError(
            idle_gpu_warning() or "this machine has no usable NVIDIA GPU: choose auto or cpu."
        )
    index = device.index or 0
    count = torch.cuda.device_count()
    if index >= count:
        raise UserError(f"there is no cuda:{index}; this machine has {count} GPU(s), from cuda:0.")
    return torch.device("cuda", index)


def describe_device(device: torch.device) -> str:
    """Such as "NVIDIA H100 (cuda:0, 80 GB)" or "CPU (AMD EPYC, 2 threads)"."""
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        gigabytes = round(properties.total_memory / 1e9)
        return f"{properties.name} (cuda:{device.index or 0}, {gigabytes} GB)"
    if device.type == "mps":
        return "Apple GPU (MPS)"
    name, threads = _processor_name(), torch.get_num_threads()
    counted = "1 thread" if threads == 1 else f"{threads} threads"
    return f"CPU ({name + ', ' if name else ''}{counted})"


def _processor_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def nvidia_gpu_present(
    *,
    system: str = sys.platform,
    exists: Callable[[Path], bool] = Path.exists,
    which: Callable[[str], str | None] = shutil.which,
) -> bool:
    """Whether an NVIDIA driver is installed, asked without torch."""
    if system == "win32":
        root = Path(os.environ.get("SYSTEMROOT", "C:/Windows")) / "System32"
        traces = [root / "nvidia-smi.exe", root / "nvcuda.dll"]
    else:
        traces = [Path("/proc/driver/nvidia/version")]
    return any(exists(path) for path in traces) or which("nvidia-smi") is not None


def idle_gpu_warning(
    *,
    present: Callable[[], bool] = nvidia_gpu_present,
    cuda_available: Callable[[], bool] = torch.cuda.is_available,
    cuda_built: str | None = torch.version.cuda,
) -> str | None:
    """What is wrong, and the remedy, where a GPU is there but torch can't use it."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in ("", "-1")
    if cuda_available() or hidden or not present():
        return None
    if cuda_built is None:
        return (
            "THIS MACHINE HAS AN NVIDIA GPU, BUT ITS TORCH CAN'T USE IT: torch "
            f"{torch.__version__} was built without CUDA, so everything runs on the CPU, 50 to "
            "200 times slower. Remedy: in this environment run `pip uninstall torch torchvision`, "
            "then the install command for CUDA that pytorch.org/get-started/locally shows, which "
            "names both packages."
        )
    return (
        "THIS MACHINE HAS AN NVIDIA GPU, BUT TORCH FINDS NONE: torch "
        f"{torch.__version__} was built for CUDA {cuda_built}, so the driver is too old for it, "
        "or the GPU is taken away from this process. Remedy: update the NVIDIA driver, then "
        "check that `nvidia-smi` lists the GPU."
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--json", action="store_true", help="the same as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    device = choose_device(arguments.device)
    warning = idle_gpu_warning()
    if arguments.json:
        print(json.dumps(device_facts(device)))
        return 0
    print(describe_device(device))
    if warning:
        print(f"warning: {warning}", file=sys.stderr)
    return 0


def device_facts(device: torch.device) -> dict[str, object]:
    return {
        "device": str(device),
        "name": describe_device(device),
        "warning": idle_gpu_warning(),
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
    }
