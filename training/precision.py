"""In which precision a network computes: bf16 where the device has it in hardware, else fp32."""

from __future__ import annotations

import torch
from torch import nn

from training.model import outputs


def has_fast_bf16(device: torch.device) -> bool:
    """Whether the GPU multiplies bf16 matrices itself."""
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


class Outputs(nn.Module):
    """A network's raw outputs (N, 2) or (N, 1) as a forward, as wrappers of modules want it."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return outputs(self.module, images)


def forward(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """Raw outputs of `network` (an Outputs, or one wrapped), fp32; bf16 within on CUDA."""
    with torch.autocast(images.device.type, dtype=torch.bfloat16, enabled=images.is_cuda):
        return network(images)
