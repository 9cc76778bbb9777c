"""What each optimisation of a training step brings, switched on one after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import nn
from torch.nn import functional

from training.augmentation.augment import prepare_images
from training.computing.compiling import compiled, is_compiler_fault
from training.computing.precision import Outputs, forward, has_fast_bf16
from training.config import Preprocessing
from training.learning.optimizer import build_optimizer
from training.patches.dataset import Feed, PatchSet, Plan
from training.progress import no_events
from training.recipe import FullRecipe

Work = Callable[[], int]
Batches = Iterator[tuple[Plan, torch.Tensor, torch.Tensor]]


@dataclass(frozen=True, slots=True)
class Switches:
    """What is switched on."""

    bf16: bool = False
    channels_last: bool = False
    resident: bool = False
    fused: bool = False
    compile: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What steps are made of; `plans` are whole batches of `patches`."""

    module: nn.Module
    recipe: FullRecipe
    preprocessing: Preprocessing
    patches: PatchSet
    plans: Sequence[Plan]
    device: torch.device
    feed: Feed

    @property
    def shown(self) -> int:
        return sum(len(plan.rows) for plan in self.plans)


@dataclass(frozen=True, slots=True)
class Switched:
    """Patches a second with one more thing on; `startup` seconds once, where it has a start."""

    name: str
    rate: float
    startup: float | None = None

    def pays_after(self, before: float) -> float | None:
        """Patches after which the start is made up for; None where it never is."""
        if self.startup is None or self.rate <= before:
            return None
        return self.startup / (1.0 / before - 1.0 / self.rate)


def switch_on(step: Step, rate_of: Callable[[Work], float], *, compile: bool) -> list[Switched]:  # noqa: A002
    """Rates of steps with their data, from nothing on to everything, in the order of Switches.

    What the device does not have is left out; so is the compiler where it is missing or fails.
    """
    on = Switches()
    found = [Switched("none of what follows", rate_of(_work(step, on)))]
    wanted = [
        ("bf16", has_fast_bf16(step.device), "bf16"),
        ("channels_last", True, "channels last"),
        ("resident", True, "squares on the GPU, or read ahead and pinned"),
        ("fused", step.device.type == "cuda", "fused optimizer"),
    ]
    for field, there, name in wanted:
        if there:
            on = replace(on, **{field: True})
            found.append(Switched(f"+ {name}", rate_of(_work(step, on))))
    if compile and (last := _compiled(step, on, rate_of)) is not None:
        found.append(last)
    return found


def _compiled(step: Step, on: Switches, rate_of: Callable[[Work], float]) -> Switched | None:
    network = compiled(Outputs(step.module, bf16=on.bf16), step.device, no_events)
    if network is None:
        return None
    work = _work(replace(step, plans=step.plans[:1]), replace(on, compile=True), network)
    started = time.perf_counter()
    try:
        work()
    except RuntimeError as error:
        if not is_compiler_fault(error):
            raise
        return None
    if step.device.type == "cuda":
        torch.cuda.synchronize(step.device)
    startup = time.perf_counter() - started
    rate = rate_of(_work(step, replace(on, compile=True), network))
    return Switched("+ compile", rate, startup)


def _work(step: Step, on: Switches, network: nn.Module | None = None) -> Work:
    last = torch.channels_last if on.channels_last else torch.contiguous_format
    module = step.module.to(memory_format=last)
    used = network or Outputs(module, bf16=on.bf16)
    optimizer = build_optimizer(module, step.recipe) if on.fused else _plain_optimizer(step)
    generator = torch.Generator().manual_seed(0)

    def work() -> int:
        batches = step.feed.batches(list(step.plans)) if on.resident else _plain_batches(step)
        for plan, squares, labels in batches:
            images = prepare_images(squares, plan, step.recipe, step.preprocessing, generator)
            images = images if on.channels_last else images.contiguous()
            loss = functional.cross_entropy(forward(used, images), labels)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if step.recipe.clip_norm:
                nn.utils.clip_grad_norm_(module.parameters(), step.recipe.clip_norm)
            optimizer.step()
        return step.shown

    return work


def _plain_optimizer(step: Step) -> torch.optim.Optimizer:
    """A loop over the weights, in Python."""
    parameters = step.module.parameters()
    return torch.optim.AdamW(
        parameters, lr=step.recipe.learning_rate, weight_decay=step.recipe.weight_decay,
        foreach=False, fused=False,
    )  # fmt: skip


def _plain_batches(step: Step) -> Batches:
    """Squares read when they are wanted, from memory that is not pinned."""
    for plan in step.plans:
        squares = step.patches.squares(plan.rows.tolist()).to(step.device)
        labels = torch.from_numpy(step.patches.labels[plan.rows.numpy()].astype("int64"))
        yield plan, squares, labels.to(step.device)
