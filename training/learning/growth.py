"""How system C's network grows, as pure rules over the steps so far.

It starts as one neuron with a sigmoid. Each cycle adds dense layers until the model overfits,
then puts a convolution block in the place of the largest of them; a cycle in which validation
did not improve is the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from training import json_fields

# A loss has to fall by this share to count as better: less is chance.
BETTER = 0.01
MOST_DENSE = 3
MOST_CHANNELS = 128
# A side below this leaves a convolution nothing to look at.
LEAST_SIDE = 4


@dataclass(frozen=True, slots=True)
class Network:
    """Channels of the convolution blocks and neurons of the dense layers, pixels first."""

    convolutions: list[int] = field(default_factory=list)
    dense: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [f"conv {channels}" for channels in self.convolutions]
        parts += [f"dense {neurons}" for neurons in self.dense]
        return " > ".join([*parts, "one neuron"])

    def dense_weights(self, img_size: int) -> list[int]:
        """Weights of each dense layer, without biases."""
        side = img_size >> len(self.convolutions)
        channels = self.convolutions[-1] if self.convolutions else 3
        sizes = [channels * side * side, *self.dense]
        return [given * made for given, made in zip(sizes, self.dense, strict=False)]


@dataclass(frozen=True, slots=True)
class Scored:
    """Loss (nats), accuracy at a probability of one half, and AUC on one set of patches."""

    loss: float
    accuracy: float
    auc: float


@dataclass(frozen=True, slots=True)
class Step:
    """A network that was trained. `overfits` is why it is said to, or ""."""

    network: Network
    parameters: int
    training: Scored
    validation: Scored
    epochs: int
    best_epoch: int
    overfits: str = ""

    def to_json(self) -> dict[str, Any]:
        return json_fields.to_fields(self)

    @classmethod
    def from_json(cls, value: dict[str, Any], where: str) -> Step:
        return json_fields.from_fields(cls, value, where)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a growing network is made of."""

    img_size: int
    neurons: int = 32
    channels: int = 16


@dataclass(frozen=True, slots=True)
class Decision:
    """The next network, or None where growing is over; `why` is a sentence."""

    network: Network | None
    why: str


def decide(steps: Sequence[Step], plan: Plan) -> Decision:
    """What to try after these steps."""
    if not steps:
        return Decision(Network(), "one neuron with a sigmoid, to begin with")
    last = steps[-1]
    network = last.network
    ends = _cycle_ends(steps)
    if len(ends) > 1 and ends[-1] == len(steps) - 1:
        before = min(step.validation.loss for step in steps[: ends[-2] + 1])
        now = min(step.validation.loss for step in steps[ends[-2] + 1 :])
        if now > before * (1 - BETTER):
            return Decision(
                None,
                f"a whole cycle did not improve validation: its lowest loss is {now:.4f}, and "
                f"before it was {before:.4f}",
            )
    if last.overfits and network.dense:
        return _convolved(network, plan, last.overfits)
    if len(network.dense) >= MOST_DENSE:
        return _convolved(network, plan, f"{MOST_DENSE} dense layers do not make it overfit")
    grown = replace(network, dense=[*network.dense, plan.neurons])
    why = "it overfits, but has no dense layer to replace" if last.overfits else "no overfitting"
    return Decision(grown, f"{why}, so a dense layer of {plan.neurons} neurons is added")


def by_heart(training: Scored, validation: Scored) -> str:
    """That the training patches are all known and the others are not, or ""."""
    if training.accuracy < 0.999 or validation.loss <= 2 * training.loss:
        return ""
    return (
        f"it knows the training patches by heart (loss {training.loss:.4f}) and the validation "
        f"patches it does not ({validation.loss:.4f})"
    )


def best_step(steps: Sequence[Step]) -> int:
    """The number (0-based) of the step with the lowest validation loss; of equals the smaller."""
    return min(range(len(steps)), key=lambda i: (steps[i].validation.loss, steps[i].parameters, i))


def _convolved(network: Network, plan: Plan, why: str) -> Decision:
    blocks = len(network.convolutions)
    if plan.img_size >> (blocks + 1) < LEAST_SIDE:
        return Decision(
            None, f"{why}, and {plan.img_size} px leave no room for another convolution block"
        )
    weights = network.dense_weights(plan.img_size)
    largest = weights.index(max(weights))
    channels = min(plan.channels * 2**blocks, MOST_CHANNELS)
    dense = [neurons for i, neurons in enumerate(network.dense) if i != largest]
    return Decision(
        Network([*network.convolutions, channels], dense),
        f"{why}, so its largest dense layer ({network.dense[largest]} neurons, "
        f"{weights[largest]:,} weights) gives way to a convolution block of {channels} channels",
    )


def _cycle_ends(steps: Sequence[Step]) -> list[int]:
    """The first step, and every one that replaced a dense layer."""
    blocks = [len(step.network.convolutions) for step in steps]
    return [i for i in range(len(steps)) if not i or blocks[i] > blocks[i - 1]]
