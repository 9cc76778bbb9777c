import pytest
from torch import nn

from training.config import Architecture
from training.learning.frozen_layers import layers, lower_layers, set_learning, set_training_mode
from training.models.model import build_model


@pytest.fixture
def resnet() -> nn.Module:
    return build_model(Architecture("test_resnet"))


@pytest.mark.parametrize("name", ["test_resnet", "test_vit", "test_efficientnet"])
def test_every_parameter_but_the_heads_is_in_one_layer(name: str) -> None:
    module = build_model(Architecture(name))
    found = [parameter for layer in layers(module) for parameter in layer]
    assert len(set(found)) == len(found)
    assert len(found) == len(list(module.parameters())) - 2


@pytest.mark.parametrize(
    ("share", "upper"),
    [(0.0, ""), (0.2, "conv1 bn1"), (0.7, "conv1 bn1 layer1 layer2"), (1.0, "conv1 bn1 layer1")],
)
def test_a_share_freezes_whole_layers_from_the_pixels_up(
    resnet: nn.Module, share: float, upper: str
) -> None:
    frozen = lower_layers(resnet, share)
    tops = {name.split(".")[0] for name in frozen}
    assert tops >= set(upper.split())
    assert not [name for name in frozen if name.startswith("fc.")]
    assert (len(frozen) == len(list(resnet.parameters())) - 2) is (share == 1.0)


def test_frozen_layers_behave_as_in_prediction(resnet: nn.Module) -> None:
    frozen = lower_layers(resnet, 0.6)
    set_learning(resnet, frozen, head_only=False)
    set_training_mode(resnet, frozen)
    modes = {name: one.training for name, one in resnet.named_modules()}
    assert not modes["bn1"]
    assert not any(mode for name, mode in modes.items() if name.startswith("layer2"))
    assert modes["layer3.0.bn1"]
    learning = {name for name, one in resnet.named_parameters() if one.requires_grad}
    assert learning.isdisjoint(frozen)


def test_the_head_alone_learns_at_first(resnet: nn.Module) -> None:
    set_learning(resnet, frozenset(), head_only=True)
    learning = {name for name, one in resnet.named_parameters() if one.requires_grad}
    assert learning == {"fc.weight", "fc.bias"}
    set_learning(resnet, frozenset(), head_only=False)
    assert all(one.requires_grad for one in resnet.parameters())


def test_a_network_without_a_group_matcher_is_frozen_child_by_child() -> None:
    class Plain(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lower = nn.Linear(2, 2)
            self.upper = nn.Linear(2, 2)
            self.fc = nn.Linear(2, 2)

        def get_classifier(self) -> nn.Module:
            return self.fc

    assert lower_layers(Plain(), 0.5) == {"lower.weight", "lower.bias"}
