"""One step of the optimizer from a batch: in parts where memory is short, over a whole team."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from training.augmentation.augment import Drawn, apply, draw
from training.augmentation.mixup import Mix, draw_mix
from training.computing.compiling import is_compiler_fault, not_compiled
from training.computing.device_faults import is_out_of_memory
from training.computing.memory_probe import largest_part
from training.computing.precision import forward
from training.config import UserError
from training.events import Note
from training.learning.losses import batch_loss
from training.models.model import positive_logit

if TYPE_CHECKING:
    from training.learning.engine import Training
    from training.patches.dataset import Plan

SMALLER_BATCHES = "smaller-batches"


@dataclass(frozen=True, slots=True)
class Shown:
    """What one step has shown this process: sum of the losses (scalar), logits and labels (B,)."""

    loss_sum: torch.Tensor
    logits: torch.Tensor
    labels: torch.Tensor


class Stepper:
    """Computes gradients of whole batches, `limit` patches at a time.

    A mean over parts is weighted by their sizes, so that parts and processes give the gradient
    of the whole batch but for rounding (batch norms and dropout aside, which see the parts).
    """

    def __init__(self, training: Training, weights: torch.Tensor) -> None:
        self._training = training
        self._weights = weights
        self._network: nn.Module | None = None
        self._compiled: nn.Module | None = None
        self.limit = training.recipe.batch

    def use(self, network: nn.Module, compiled: nn.Module | None = None) -> None:
        """Compute with `network` from now on, by its compiled form where there is one."""
        training = self._training
        if not training.team.alone and training.device.type == "cuda":
            plain = network.module if isinstance(network, DistributedDataParallel) else network
            size = training.preprocessing.size
            own = min(self.limit, -(-self.limit * training.recipe.accumulate // training.team.size))
            fitting = largest_part(plain, own, size, training.device)
            self.limit = training.team.smallest(fitting)
        self._network = network
        self._compiled = compiled

    def forget(self) -> None:
        """Give up the network in use, with the hooks that a wrapper put on its parameters."""
        self._network = self._compiled = None
        gc.collect()

    def wanted(self, plan: Plan) -> Plan:
        """The part of a batch whose squares this process needs."""
        team = self._training.team
        # Mixed patches need partners from the whole batch.
        whole = team.alone or bool(self._training.recipe.mixup)
        own = slice(None) if whole else team.share(len(plan.rows))
        return replace(plan, rows=plan.rows[own], codes=plan.codes[own])

    def gradients(
        self,
        plan: Plan,
        squares: torch.Tensor,
        labels: torch.Tensor,
        generator: torch.Generator,
    ) -> Shown:
        """Leave the gradient of the batch `plan` in the parameters, which have none yet.

        `squares` (B, S, S, 3) and `labels` (B,) are those of `wanted(plan)`, on the device.
        """
        recipe, team = self._training.recipe, self._training.team
        drawn = draw(len(plan.rows), recipe, generator)
        mix = draw_mix(len(plan.rows), recipe.mixup, generator) if recipe.mixup else None
        own = team.share(len(plan.rows))
        if mix is None:
            own_drawn = drawn if team.alone else drawn[own]
            batch = _Batch(squares, self.wanted(plan).codes, labels, own_drawn, None, slice(None))
        else:
            batch = _Batch(squares, plan.codes, labels, drawn, mix, own)
        while True:
            shown = self._tried(batch, len(plan.rows))
            if shown is _Fault.COMPILER:
                self._compiled = None
                self._training.emit(not_compiled("the compiler failed"))
            elif shown is _Fault.MEMORY:
                self._halve(batch.count)
            else:
                return shown
            self._forget_gradients()

    def _tried(self, batch: _Batch, whole: int) -> Shown | _Fault:
        """In a frame of its own, so that the tensors of one that failed are freed."""
        try:
            return self._computed(batch, whole)
        except (RuntimeError, MemoryError) as error:
            if is_out_of_memory(error):
                return _Fault.MEMORY
            if self._compiled is None or not is_compiler_fault(error):
                raise
            return _Fault.COMPILER

    def _computed(self, batch: _Batch, whole: int) -> Shown:
        training = self._training
        show = batch.shower(training)
        starts = range(0, batch.count, self.limit)
        total = torch.zeros((), device=training.device)
        logits: list[torch.Tensor] = []
        for start in starts:
            part = slice(start, min(start + self.limit, batch.count))
            images, labels, soft = show(part)
            with self._gathering(last=part.stop == batch.count):
                raw = forward(self._active, images)
                loss = batch_loss(raw, labels, soft, training.head, self._weights, training.recipe)
                # Gradients are averaged over the team, so a share counts by its own size.
                share = len(labels) * training.team.size / whole
                (loss * share if share != 1.0 else loss).backward()
            total += loss.detach() * len(labels)
            logits.append(positive_logit(raw.detach(), training.head))
        return Shown(total, torch.cat(logits), batch.own_labels)

    @property
    def _active(self) -> nn.Module:
        network = self._network if self._compiled is None else self._compiled
        if network is None:
            raise RuntimeError("no network is in use")
        return network

    def _forget_gradients(self) -> None:
        for parameter in self._active.parameters():
            parameter.grad = None

    def _gathering(self, *, last: bool) -> AbstractContextManager[object]:
        """Gradients go round once a step, with the last part."""
        if isinstance(self._network, DistributedDataParallel) and not last:
            return self._network.no_sync()
        return nullcontext()

    def _halve(self, count: int) -> None:
        training = self._training
        tried = min(self.limit, count)
        self._forget_gradients()
        if training.device.type == "cuda":
            torch.cuda.empty_cache()
        if not training.team.alone:
            raise UserError(
                f"{tried} patches at a time don't fit into the memory of each device: lower the "
                "recipe's batch, or start more processes."
            )
        if tried <= 1:
            raise UserError(
                "Not even one patch fits into the memory of the device beside the model: choose a "
                "smaller size or architecture, or close what else uses the device."
            )
        self.limit = tried // 2
        steps = -(-training.recipe.batch * training.recipe.accumulate // self.limit)
        training.emit(
            Note(
                f"The memory of the device is short: each step is now computed in {steps} parts "
                f"of {self.limit} patches, which gives the same steps, somewhat slower.",
                level="warning",
                kind=SMALLER_BATCHES,
            )
        )


class _Fault(Enum):
    MEMORY = auto()
    COMPILER = auto()


_Show = Callable[[slice], tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Squares, codes and draws; `own` are this process's among them."""

    squares: torch.Tensor
    codes: torch.Tensor
    labels: torch.Tensor
    drawn: Drawn
    mix: Mix | None
    own: slice

    @property
    def own_labels(self) -> torch.Tensor:
        return self.labels[self.own]

    @property
    def count(self) -> int:
        return len(self.own_labels)

    def shower(self, training: Training) -> _Show:
        """What gives images, labels and soft labels of a part of this process's own."""
        preprocessing, own = training.preprocessing, self.own_labels
        if self.mix is None:

            def plain(part: slice) -> tuple[torch.Tensor, torch.Tensor, None]:
                drawn = self.drawn if part == slice(0, self.count) else self.drawn[part]
                images = apply(self.squares[part], self.codes[part], drawn, preprocessing)
                return images, own[part], None

            return plain
        images = apply(self.squares, self.codes, self.drawn, preprocessing)
        blended = self.mix.blended(images)[self.own]
        soft = self.mix.blended(self.labels.to(images.dtype))[self.own]

        def mixed(part: slice) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            return blended[part], own[part], soft[part]

        return mixed
