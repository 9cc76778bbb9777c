"""Logits of patches between epochs and after the last, by the weights that would be kept."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import torch
from torch import nn

from training.augmentation.views import mean_over_views
from training.computing.device_faults import is_out_of_memory
from training.computing.precision import Outputs, forward
from training.config import Head, Preprocessing, UserError
from training.judging.resampling import Floats
from training.models.model import positive_logit
from training.patches.dataset import Feed, PatchSet, Plan
from training.patches.preprocess import normalise
from training.progress import Cancelled

if TYPE_CHECKING:
    from training.learning.engine import Training

_LEAST_BATCH = 64


@torch.inference_mode()
def score(
    module: nn.Module,
    head: Head,
    preprocessing: Preprocessing,
    patches: PatchSet,
    training: Training,
    *,
    views: int = 1,
) -> Floats:
    """Raw logits of class 1 of `patches`, shape (N,), the mean over `views` symmetries.

    Of several processes each computes a share, and all have the whole. Raises Cancelled, and
    UserError where not even one patch fits into memory.
    """
    scorer = _Scorer(Outputs(module).eval(), head, preprocessing, views)
    step = max(training.recipe.batch, _LEAST_BATCH)
    rows = torch.arange(len(patches))[training.team.share(len(patches))]
    plans = [Plan(part, torch.zeros_like(part)) for part in rows.split(step) if len(part)]
    logits: list[torch.Tensor] = [torch.zeros(0, device=training.device)]
    with closing(Feed(patches, training.device).batches(plans)) as batches:
        for _, squares, _ in batches:
            if training.should_stop():
                raise Cancelled
            logits.append(scorer.logits(squares))
    return training.team.gathered(torch.cat(logits).double().cpu().numpy())


class _Scorer:
    def __init__(
        self, network: nn.Module, head: Head, preprocessing: Preprocessing, views: int
    ) -> None:
        self._network = network
        self._head: Head = head
        self._preprocessing = preprocessing
        self._views = views
        self._limit: int | None = None

    def logits(self, squares: torch.Tensor) -> torch.Tensor:
        """(N,) of uint8 squares (N, S, S, 3), in parts where memory is short."""
        while True:
            found = self._tried(squares)
            if found is not None:
                return found
            tried = min(self._limit or len(squares), len(squares))
            if squares.is_cuda:
                torch.cuda.empty_cache()
            if tried <= 1:
                raise UserError(
                    "Not even one validation patch fits into the memory of the device beside the "
                    "model: choose a smaller size, or close what else uses the device."
                )
            self._limit = tried // 2

    def _tried(self, squares: torch.Tensor) -> torch.Tensor | None:
        """None where memory ran out; in a frame of its own, so that its tensors are freed."""
        try:
            parts = squares.split(self._limit or len(squares))
            return torch.cat([mean_over_views(part, self._views, self._logit) for part in parts])
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            return None

    def _logit(self, squares: torch.Tensor) -> torch.Tensor:
        images = normalise(squares, self._preprocessing)
        return positive_logit(forward(self._network, images), self._head)
