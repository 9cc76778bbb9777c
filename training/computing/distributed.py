"""One run in several processes, as torchrun starts them: who leads, and what all must share.

All processes draw the same plan from the run's seed, and each takes its share of every batch:
an epoch shows the patches that one process would show, and a step is that of the whole batch.
Only the first one, which leads, writes files and tells events.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import numpy as np
import torch
from timm.layers.norm_act import convert_sync_batchnorm
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from training.config import UserError
from training.judging.resampling import Floats

Value = TypeVar("Value")
# A paused leader keeps the others waiting; one that died is noticed by torchrun, not by this.
_PATIENCE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Team:
    """`rank` 0 leads; `local_rank` counts on this machine and picks the GPU."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    @property
    def leads(self) -> bool:
        return self.rank == 0

    @property
    def alone(self) -> bool:
        return self.size == 1

    def device(self, wanted: str) -> str:
        """Each process takes a GPU of its own; UserError where one GPU is named for all."""
        if self.alone or wanted in ("cpu", "mps"):
            return wanted
        if wanted not in ("auto", "cuda"):
            raise UserError(
                f"{self.size} processes can't share {wanted}: name auto or cuda, or start one."
            )
        if not torch.cuda.is_available():
            return "cpu" if wanted == "auto" else wanted
        if self.local_rank >= torch.cuda.device_count():
            raise UserError(
                f"there are {torch.cuda.device_count()} GPUs for {self.size} processes: start "
                "torchrun with as many as there are GPUs, or name --device cpu."
            )
        return f"cuda:{self.local_rank}"

    def share(self, count: int) -> slice:
        """This process's part of `count`, in order; neighbours 2i and 2i + 1 stay together."""
        return slice(self._bound(self.rank, count), self._bound(self.rank + 1, count))

    def _bound(self, rank: int, count: int) -> int:
        return count if rank == self.size else 2 * ((rank * count) // (2 * self.size))

    def wait(self) -> None:
        """Until all are here."""
        if not self.alone:
            self.told(None)

    def told(self, value: Value) -> Value:
        """What the leader has, for all."""
        if self.alone:
            return value
        box: list[Any] = [value]
        distributed.broadcast_object_list(box, src=0, device=torch.device("cpu"))
        return box[0]

    def gathered(self, values: Floats) -> Floats:
        """The arrays of all, one after another; the same in every process."""
        if self.alone:
            return values
        parts: list[Any] = [None] * self.size
        distributed.all_gather_object(parts, values)
        return np.concatenate(parts)

    def smallest(self, value: int) -> int:
        if self.alone:
            return value
        box = torch.tensor([value])
        distributed.all_reduce(box, distributed.ReduceOp.MIN)
        return int(box.item())

    def copy_from_leader(self, module: nn.Module) -> None:
        """Give every process the leader's weights and statistics."""
        if self.alone:
            return
        for tensor in module.state_dict().values():
            distributed.broadcast(tensor, src=0)

    def joined(self, network: nn.Module, device: torch.device) -> nn.Module:
        """The network with its gradients averaged over all; to be made anew when other
        parameters begin to learn."""
        if self.alone or not any(one.requires_grad for one in network.parameters()):
            return network
        return DistributedDataParallel(
            network, device_ids=[device.index] if device.type == "cuda" else None
        )

    def with_shared_norms(self, module: nn.Module, device: torch.device) -> nn.Module:
        """Batch norms over the whole batch, which only a GPU can do."""
        if self.alone or device.type != "cuda":
            return module
        return convert_sync_batchnorm(module)


ALONE = Team()


def has_batch_norm(module: nn.Module) -> bool:
    return any(isinstance(one, nn.modules.batchnorm._BatchNorm) for one in module.modules())


def started_by_torchrun() -> bool:
    """Whether this process is one of several."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1 and "RANK" in os.environ


@contextmanager
def left(team: Team) -> Iterator[None]:
    """Leave several processes at once where this one fails, so that torchrun ends the others.

    An orderly end would wait in the destructors of what the others are still to answer.
    """
    try:
        yield
    except BaseException as error:
        if team.alone:
            raise
        code = 2 if isinstance(error, UserError) else 1
        print(f"error: {error}", file=sys.stderr)
        if code == 1:
            traceback.print_exception(error)
        left_with(code)
        raise


def left_with(code: int) -> int:
    """The code where it is 0; with another the process ends here and now."""
    if not code:
        return code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def team_of_processes() -> Iterator[Team]:
    """The team that torchrun's environment names."""
    found = Team(
        int(os.environ["RANK"]),
        int(os.environ["WORLD_SIZE"]),
        int(os.environ.get("LOCAL_RANK", "0")),
    )
    nccl = torch.cuda.is_available() and distributed.is_nccl_available()
    if torch.cuda.is_available() and found.local_rank < torch.cuda.device_count():
        torch.cuda.set_device(found.local_rank)
    distributed.init_process_group(
        "cpu:gloo,cuda:nccl" if nccl else "gloo",
        rank=found.rank,
        world_size=found.size,
        timeout=_PATIENCE,
    )
    try:
        yield found
    finally:
        distributed.destroy_process_group()
