"""In which precision a network computes: bf16 where the device has it in hardware, else fp32."""

from __future__ import annotations

from functools import cache

import torch
from torch import nn

from training.models.model import outputs

# Measured on a Xeon with AMX, bf16 over fp32: prediction 2.4 to 2.5 times and training steps 1.9
# to 2.4 times for Swin-tiny, ViT-small and ResNet50 (22 to 28 million weights), but 0.7 times for
# steps of EfficientNet-Lite0 (3.4 million), whose convolutions are depthwise.
_LARGE_ON_CPU = 10_000_000


def has_fast_bf16(device: torch.device) -> bool:
    """Whether the device multiplies bf16 matrices itself; it depends on nothing else."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return device.type == "cpu" and _cpu_has_amx()


def pays_in_bf16(module: nn.Module, device: torch.device) -> bool:
    """Whether this network is faster in bf16 there: always the same for the same device."""
    if not has_fast_bf16(device):
        return False
    return device.type == "cuda" or sum(one.numel() for one in module.parameters()) > _LARGE_ON_CPU


@cache
def _cpu_has_amx() -> bool:
    # From torch 2.11 on; before, the CPU stays in fp32.
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("amx_bf16"))


class Outputs(nn.Module):
    """A network's raw outputs (N, 2) or (N, 1) as a forward, as wrappers of modules want it.

    Within it computes in bf16 where that pays on the module's device, or as `bf16` says.
    """

    def __init__(self, module: nn.Module, *, bf16: bool | None = None) -> None:
        super().__init__()
        self.module = module
        device = next(module.parameters()).device
        self._bf16 = pays_in_bf16(module, device) if bf16 is None else bf16

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        with torch.autocast(images.device.type, dtype=torch.bfloat16, enabled=self._bf16):
            return outputs(self.module, images)


def forward(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """Raw outputs of `network` (an Outputs, or one wrapped), fp32."""
    return network(images)
