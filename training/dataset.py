"""Labelled squares, which of them an epoch shows and how, and the way to the device."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from training.augment import COPIES, SYMMETRIES
from training.manifest import ManifestRow
from training.pixel_cache import PixelCache
from training.recipe import FullRecipe

# Squares stay on the GPU where they take less than this share of its free memory.
_RESIDENT_SHARE = 0.3
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class PatchSet:
    """Cached patches by pixel hash, with their labels (N,) of 0 and 1."""

    cache: PixelCache
    hashes: Sequence[str]
    labels: NDArray[np.int8]

    @classmethod
    def of(cls, rows: Sequence[ManifestRow], cache: PixelCache) -> PatchSet:
        """The set of labelled, cached rows."""
        labels = np.array([row.label for row in rows], dtype=np.int8)
        return cls(cache, [row.hash for row in rows], labels)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def nbytes(self) -> int:
        return len(self) * self.cache.preprocessing.size**2 * 3

    def squares(self, rows: Iterable[int]) -> torch.Tensor:
        """(B, S, S, 3) uint8 of these rows, copied."""
        return torch.from_numpy(np.stack([self.cache.array(self.hashes[i]) for i in rows]))


@dataclass(frozen=True, slots=True)
class Plan:
    """What an epoch shows, in order: row numbers and symmetry codes, both (shown,)."""

    rows: torch.Tensor
    codes: torch.Tensor

    def batches(self, size: int) -> list[Plan]:
        """Whole batches; the rest is left to another epoch, unless it is all there is."""
        count = max(1, len(self.rows) // size)
        return [
            Plan(self.rows[i * size : (i + 1) * size], self.codes[i * size : (i + 1) * size])
            for i in range(count)
        ]


def epoch_plan(labels: NDArray[np.int8], recipe: FullRecipe, generator: torch.Generator) -> Plan:
    """The order of an epoch under the recipe's balance, its symmetries drawn anew."""
    given = torch.from_numpy(labels.astype(np.int64))
    rows, codes = torch.arange(len(given)), torch.zeros(len(given), dtype=torch.int64)
    if recipe.balance == "copies":
        copied = rows[given == 1]
        rows = torch.cat([rows, *(copied for _ in COPIES)])
        turned = [torch.full_like(copied, code) for code in COPIES]
        codes = torch.cat([codes, *turned])
    if recipe.balance == "sampler":
        counts = torch.bincount(given, minlength=2).clamp_min(1)
        chosen = torch.multinomial(
            1.0 / counts[given], len(given), replacement=True, generator=generator
        )
    else:
        chosen = torch.randperm(len(rows), generator=generator)
    rows, codes = rows[chosen], codes[chosen]
    if recipe.symmetries == "eight":
        codes = torch.randint(SYMMETRIES, codes.shape, generator=generator)
    return Plan(rows, codes)


def class_weights(labels: NDArray[np.int8], recipe: FullRecipe) -> tuple[float, float]:
    """What the loss of class 0 and of class 1 counts, 1 on average over the patches."""
    if recipe.balance != "weights":
        return 1.0, 1.0
    positives = int(np.sum(labels == 1))
    negatives = len(labels) - positives
    ratio = recipe.class_weight or negatives / positives
    mean = (negatives + ratio * positives) / len(labels)
    return 1.0 / mean, ratio / mean


class Feed:
    """Takes squares to the device: from its own memory where they fit, else read ahead."""

    def __init__(self, patches: PatchSet, device: torch.device) -> None:
        self._patches = patches
        self._device = device
        self._resident = self._to_stay() if self._fits() else None
        self._labels = torch.from_numpy(patches.labels.astype(np.int64))

    def _fits(self) -> bool:
        if self._device.type != "cuda":
            return False
        free, _ = torch.cuda.mem_get_info(self._device)
        return self._patches.nbytes < _RESIDENT_SHARE * free

    def _to_stay(self) -> torch.Tensor:
        return self._patches.squares(range(len(self._patches))).to(self._device)

    def batches(
        self, plans: list[Plan]
    ) -> Generator[tuple[Plan, torch.Tensor, torch.Tensor], None, None]:
        """Yield each plan with its squares (B, S, S, 3) uint8 and labels (B,) on the device."""
        if self._resident is not None:
            for plan in plans:
                rows = plan.rows.to(self._device, non_blocking=True)
                yield plan, self._resident[rows], self._moved(self._labels[plan.rows])
            return
        # One thread is enough: it only copies cached pixels, and numpy lets go of the lock.
        with ThreadPoolExecutor(1, thread_name_prefix="feed") as reader:
            waiting: list[Future[torch.Tensor]] = []
            try:
                for i, plan in enumerate(plans):
                    ahead = plans[len(waiting) + i : i + _AHEAD]
                    waiting.extend(reader.submit(self._read, later) for later in ahead)
                    squares = self._moved(waiting.pop(0).result())
                    yield plan, squares, self._moved(self._labels[plan.rows])
            finally:
                for future in waiting:
                    future.cancel()

    def _read(self, plan: Plan) -> torch.Tensor:
        squares = self._patches.squares(plan.rows.tolist())
        return squares.pin_memory() if self._device.type == "cuda" else squares

    def _moved(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.to(self._device, non_blocking=True)
