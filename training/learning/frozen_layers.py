"""Which layers of a network learn: its head alone at first, or all but a lower share."""

from __future__ import annotations

from typing import Any, cast

from timm.models import group_parameters  # pyright: ignore[reportPrivateImportUsage]
from torch import nn

from training.models.model import classifier


def layers(module: nn.Module) -> list[list[str]]:
    """Names of parameters layer by layer from the pixels up, without the classifier's.

    In the order of timm's group matcher; of its children where an architecture has none.
    """
    own = {id(parameter) for parameter in classifier(module).parameters()}
    names = {name for name, parameter in module.named_parameters() if id(parameter) not in own}
    found = [[name for name in layer if name in names] for layer in _grouped(module)]
    return [layer for layer in found if layer]


def _grouped(module: nn.Module) -> list[list[str]]:
    matcher = getattr(module, "group_matcher", None)
    if matcher is None:
        return [
            [f"{prefix}.{name}" for name, _ in child.named_parameters()]
            for prefix, child in module.named_children()
        ]
    groups = cast("dict[int, list[str]]", group_parameters(module, matcher(coarse=False)))
    return [groups[number] for number in sorted(groups)]


def lower_layers(module: nn.Module, share: float) -> frozenset[str]:
    """Parameters of the lower `share` (0..1) of the layers, whole layers, rounded down."""
    from_below = layers(module)
    # The share was written as a decimal: 0.7 of 10 layers are 7.
    count = int(share * len(from_below) + 1e-9)
    return frozenset(name for layer in from_below[:count] for name in layer)


def set_learning(module: nn.Module, frozen: frozenset[str], *, head_only: bool) -> None:
    """Let all learn but `frozen`; with `head_only` nothing but the classifier."""
    for name, parameter in module.named_parameters():
        parameter.requires_grad_(not head_only and name not in frozen)
    for parameter in classifier(module).parameters():
        parameter.requires_grad_(True)


def set_training_mode(module: nn.Module, frozen: frozenset[str]) -> None:
    """Training mode, in which frozen layers behave as in prediction.

    Their batch norms neither use nor change statistics of a batch, and they drop nothing.
    """
    module.train()
    if not frozen:
        return
    for prefix, child in module.named_modules():
        names = [f"{prefix}.{name}" for name, _ in cast("Any", child).named_parameters()]
        if prefix and names and frozen.issuperset(names):
            child.eval()
