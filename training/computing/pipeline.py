"""The model over many patches: decoding, copying and computing overlap; memory may run short."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from training.augmentation.views import check_views, mean_over_views
from training.computing.device_faults import is_out_of_memory
from training.computing.precision import pays_in_bf16
from training.config import Head, Preprocessing, UserError
from training.device import describe_device
from training.models.model import classifier, features, pooled, positive_logit
from training.patches.manifest import ManifestRow
from training.patches.pixel_cache import PixelCache
from training.patches.preprocess import normalise
from training.patches.square_reader import SquareBatch, read_batches
from training.progress import ShouldStop, never_stop

FloatArray = npt.NDArray[np.float32]
Precision = Literal["auto", "fp32", "bf16"]

_BATCH_SIZES = {"cuda": 128, "mps": 32, "cpu": 16}


@dataclass(frozen=True, slots=True)
class BatchResult:
    """`logits` (N,) fp32, uncalibrated log-odds of class 1; `embeddings` (N, D) fp32.

    Where `errors[i]` is not empty, logit and embedding i mean nothing.
    """

    rows: Sequence[ManifestRow]
    logits: FloatArray
    embeddings: FloatArray
    errors: list[str]
    hashes: list[str]


class Runner:
    """A module on its device. Not for several threads at once.

    With 8 `views`, logits and embeddings are means over the symmetries of each square.
    """

    def __init__(
        self,
        module: nn.Module,
        preprocessing: Preprocessing,
        head: Head,
        device: torch.device,
        *,
        precision: Precision = "auto",
        batch_size: int | None = None,
        views: int = 1,
    ) -> None:
        self._module = module.to(device).to(memory_format=torch.channels_last).eval()
        self._classifier = classifier(module)
        self._preprocessing = preprocessing
        self._head: Head = head
        self._device = device
        self._bf16 = precision == "bf16" or (precision == "auto" and pays_in_bf16(module, device))
        self._views = check_views(views)
        self._limit = batch_size or _BATCH_SIZES.get(device.type, 16)

    @property
    def batch_size(self) -> int:
        """How many patches go through at once; halved where the memory ran out."""
        return self._limit

    def run(
        self,
        rows: Sequence[ManifestRow],
        *,
        workers: int | None = None,
        cache: PixelCache | None = None,
        should_stop: ShouldStop = never_stop,
    ) -> Generator[BatchResult, None, None]:
        """Results in the order of `rows`, a batch at a time. Raises Cancelled and UserError."""
        batches = read_batches(
            rows,
            self._preprocessing,
            batch_size=self._limit,
            workers=workers,
            cache=cache,
            pin=self._device.type == "cuda",
            should_stop=should_stop,
        )
        # One batch behind, so that a GPU computes while the last results are taken over.
        running: tuple[SquareBatch, _Output] | None = None
        with closing(batches):
            for batch in batches:
                started = (batch, self.start(batch.squares))
                if running is not None:
                    yield _result(*running)
                running = started
        if running is not None:
            yield _result(*running)

    def start(self, squares: torch.Tensor) -> _Output:
        """Begin computing uint8 squares (N, size, size, 3), in parts where memory is short."""
        parts: list[torch.Tensor] = []
        done = 0
        while done < len(squares):
            part = squares[done : done + self._limit]
            computed = self._tried(part)
            if computed is None:
                self._halve(len(part))
                continue
            parts.append(computed)
            done += len(part)
        return _Output(torch.cat(parts) if len(parts) > 1 else parts[0])

    def _tried(self, squares: torch.Tensor) -> torch.Tensor | None:
        """None where the memory ran out; in a frame of its own, so that its tensors are freed."""
        try:
            return self._compute(squares)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            return None

    def _compute(self, squares: torch.Tensor) -> torch.Tensor:
        """(N, 1 + D) fp32 on the device: the logit, then the embedding."""
        with torch.inference_mode():
            there = squares.to(self._device, non_blocking=True)
            return mean_over_views(there, self._views, self._compute_view)

    def _compute_view(self, squares: torch.Tensor) -> torch.Tensor:
        images = normalise(squares, self._preprocessing)
        with self._autocast():
            unpooled = features(self._module, images)
        embedding = pooled(self._module, unpooled)
        logit = positive_logit(self._classifier(embedding), self._head)
        return torch.cat([logit[:, None], embedding], dim=1)

    def _autocast(self) -> AbstractContextManager[object]:
        if not self._bf16:
            return nullcontext()
        return torch.autocast(self._device.type, dtype=torch.bfloat16)

    def _halve(self, tried: int) -> None:
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        elif self._device.type == "mps":
            torch.mps.empty_cache()
        if tried <= 1:
            raise UserError(
                f"not even one patch fits into the memory of {describe_device(self._device)}: "
                "close what else uses it, or choose the device cpu."
            )
        self._limit = max(1, min(self._limit, tried) // 2)


class _Output:
    """A tensor on its way from the device."""

    def __init__(self, values: torch.Tensor) -> None:
        self._event: torch.cuda.Event | None = None
        if values.device.type == "cuda":
            self._values = torch.empty(values.shape, dtype=values.dtype, pin_memory=True)
            self._values.copy_(values, non_blocking=True)
            self._event = torch.cuda.Event()
            self._event.record()
        else:
            self._values = values.cpu()

    def arrays(self) -> tuple[FloatArray, FloatArray]:
        if self._event is not None:
            self._event.synchronize()
        values = self._values.numpy()
        return values[:, 0].copy(), values[:, 1:].copy()


def _result(batch: SquareBatch, output: _Output) -> BatchResult:
    logits, embeddings = output.arrays()
    return BatchResult(batch.rows, logits, embeddings, batch.errors, batch.hashes)
