"""How many patches at a time fit into memory, tried before several processes need each other.

A process that runs out of memory amid a step would leave the others waiting for its gradients.
"""

from __future__ import annotations

import torch
from torch import nn

from training.computing.device_faults import is_out_of_memory
from training.computing.precision import forward
from training.config import UserError

# Beside the gradients: two moments of Adam, and the buckets that gradients travel in.
_SPARE_COPIES = 3


def largest_part(network: nn.Module, wanted: int, size: int, device: torch.device) -> int:
    """At most `wanted` squares of `size` px whose gradients fit beside the optimizer's state.

    Leaves the network as it was. UserError where not even one fits.
    """
    modes = {module: module.training for module in network.modules()}
    # Batch norms of training would wait for the other processes, and learn from zeros.
    network.eval()
    try:
        while not _fits(network, wanted, size, device):
            if device.type == "cuda":
                torch.cuda.empty_cache()
            if wanted <= 1:
                raise UserError(
                    "Not even one patch fits into the memory of each device beside the model: "
                    "choose a smaller size or architecture, or close what else uses the devices."
                )
            wanted //= 2
    finally:
        for module, mode in modes.items():
            module.training = mode
        for parameter in network.parameters():
            parameter.grad = None
    return wanted


def _fits(network: nn.Module, count: int, size: int, device: torch.device) -> bool:
    try:
        learning = [one for one in network.parameters() if one.requires_grad]
        spare = [torch.empty_like(one) for one in learning for _ in range(_SPARE_COPIES)]
        images = torch.zeros(count, 3, size, size, device=device)
        forward(network, images.contiguous(memory_format=torch.channels_last)).sum().backward()
        del spare
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return False
    return True
