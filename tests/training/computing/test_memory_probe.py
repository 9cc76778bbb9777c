import pytest
import torch
from torch import nn

from training.computing.memory_probe import largest_part
from training.config import UserError

CPU = torch.device("cpu")


class Small(nn.Module):
    """A network with memory for so many patches."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(3)
        self.most = most

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        if len(images) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self.norm(images)


@pytest.mark.parametrize(("most", "found"), [(99, 32), (32, 32), (20, 16), (1, 1)])
def test_it_halves_until_the_patches_fit(most: int, found: int) -> None:
    assert largest_part(Small(most), 32, 8, CPU) == found


def test_the_network_stays_as_it_was() -> None:
    network = Small(99).train()
    largest_part(network, 4, 8, CPU)
    assert network.norm.training
    assert network.norm.running_mean is not None
    assert not network.norm.running_mean.any()
    assert all(parameter.grad is None for parameter in network.parameters())


def test_no_room_at_all_is_told() -> None:
    with pytest.raises(UserError, match="Not even one patch"):
        largest_part(Small(0), 32, 8, CPU)


def test_another_fault_is_not_hidden() -> None:
    class Broken(Small):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        largest_part(Broken(1), 32, 8, CPU)
