"""Labelled squares, which of them an epoch shows and how, and the way to the device."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from training.augmentation.augment import COPIES, draw_symmetries
from training.augmentation.resampling_classes import smote, synthetic_count, undersample
from training.config import CLASSES, UserError
from training.patches.manifest import ManifestRow
from training.patches.pixel_cache import PixelCache
from training.recipe import FullRecipe

# Squares stay on the GPU where they take less than this share of its free memory.
_RESIDENT_SHARE = 0.3
_AHEAD = 3
_HELD_OUT = frozenset({"validation", "locked", "final"})


@dataclass(frozen=True, slots=True)
class PatchSet:
    """Cached patches by pixel hash, with their labels (N,) of 0 and 1.

    The last ones may be `synthetic` (M, S, S, 3) uint8, which are in memory and have no hash.
    """

    cache: PixelCache
    hashes: Sequence[str]
    labels: NDArray[np.int8]
    synthetic: NDArray[np.uint8] | None = None

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
        return torch.from_numpy(np.stack([self._square(i) for i in rows]))

    def _square(self, row: int) -> NDArray[np.uint8]:
        if self.synthetic is None or row < len(self.hashes):
            return self.cache.array(self.hashes[row])
        return self.synthetic[row - len(self.hashes)]


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """What is trained on, and what resampling did to it, in a sentence or ""."""

    patches: PatchSet
    note: str


def training_set(
    rows: Sequence[ManifestRow], cache: PixelCache, recipe: FullRecipe, *, seed: int
) -> TrainingSet:
    """Training patches with their classes resampled as the recipe's balance says.

    UserError where one is held out: mixtures of it would be trained on, and copies too.
    """
    held_out = [row for row in rows if row.split in _HELD_OUT]
    if held_out:
        raise UserError(
            f"{len(held_out)} patches of {held_out[0].split} are among those to be trained on: "
            "resampling before the split lets training see what it is judged on, so split first."
        )
    patches = PatchSet.of(rows, cache)
    if recipe.balance == "smote":
        return _with_synthetic(patches, recipe.smote_share, seed)
    if recipe.balance == "undersample":
        return _undersampled(patches, recipe.undersample_ratio, seed)
    return TrainingSet(patches, "")


def _with_synthetic(patches: PatchSet, share: float, seed: int) -> TrainingSet:
    label, count = synthetic_count(patches.labels, share)
    name = CLASSES[label]
    if not count:
        return TrainingSet(patches, f"no synthetic patches: {name} is at its share already")
    parents = np.flatnonzero(patches.labels == label)
    made = smote(patches.squares(parents.tolist()).numpy(), count, seed=seed)
    labels = np.concatenate([patches.labels, np.full(count, label, dtype=np.int8)])
    note = (
        f"{count} synthetic patches ({name}) were made by SMOTE of {len(parents)} training "
        f"patches; {len(patches)} are real"
    )
    return TrainingSet(replace(patches, labels=labels, synthetic=made), note)


def _undersampled(patches: PatchSet, ratio: float, seed: int) -> TrainingSet:
    kept = undersample(patches.labels, ratio, seed=seed)
    dropped = len(patches) - len(kept)
    hashes = [patches.hashes[i] for i in kept]
    note = f"{dropped} training patches of the larger class were left out at random"
    return TrainingSet(replace(patches, hashes=hashes, labels=patches.labels[kept]), note)


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
    return Plan(rows, draw_symmetries(codes, recipe, generator))


def class_weights(labels: NDArray[np.int8], recipe: FullRecipe) -> tuple[float, float]:
    """What the loss of class 0 and of class 1 counts, 1 on average over what is shown.

    A `class_weight` above 0 counts whatever else balances, as beside the copies of system A.
    """
    if recipe.balance != "weights" and not recipe.class_weight:
        return 1.0, 1.0
    positives = int(np.sum(labels == 1))
    negatives = len(labels) - positives
    ratio = recipe.class_weight or negatives / positives
    if recipe.balance == "copies":
        positives *= 1 + len(COPIES)
    elif recipe.balance == "sampler":
        positives = negatives = 1
    mean = (negatives + ratio * positives) / (negatives + positives)
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
