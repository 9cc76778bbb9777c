import pytest
import torch
from torch import nn

from training.computing import precision
from training.computing.precision import Outputs, forward, pays_in_bf16
from training.config import Architecture
from training.models.model import build_model

CPU = torch.device("cpu")


@pytest.fixture
def amx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "_cpu_has_amx", lambda: True)


@pytest.mark.usefixtures("amx")
def test_a_processor_with_amx_takes_bf16_for_large_networks_alone() -> None:
    assert pays_in_bf16(nn.Linear(4000, 4000), CPU)
    assert not pays_in_bf16(nn.Linear(10, 10), CPU)


def test_a_processor_without_amx_stays_in_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "_cpu_has_amx", lambda: False)
    assert not pays_in_bf16(nn.Linear(4000, 4000), CPU)


def test_outputs_are_fp32_whatever_the_precision_within() -> None:
    module = build_model(Architecture("test_vit"))
    images = torch.rand(2, 3, 160, 160)
    plain, fast = (forward(Outputs(module, bf16=bf16), images) for bf16 in (False, True))
    assert plain.dtype == fast.dtype == torch.float32
    assert not plain.equal(fast)
    torch.testing.assert_close(plain, fast, atol=0.1, rtol=0.1)


def test_bf16_gives_the_same_bits_again() -> None:
    module = build_model(Architecture("test_vit"))
    images = torch.rand(2, 3, 160, 160)
    network = Outputs(module, bf16=True)
    assert forward(network, images).equal(forward(network, images))
