"""Logits of labelled patches with the hashes of what was read, for figures and gate."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from training.computing.pipeline import Runner
from training.config import Head, Preprocessing
from training.events import Emit
from training.judging.resampling import Floats
from training.patches.manifest import ManifestRow
from training.patches.pixel_cache import PixelCache
from training.progress import ProgressMeter, ShouldStop, never_stop


@dataclass(frozen=True, slots=True)
class Scored:
    """By patch: raw logit of class 1 and pixel hash, or why there are none."""

    logits: dict[str, float] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def of(self, rows: Sequence[ManifestRow]) -> Floats:
        """(N,) logits of these rows; NaN where there is none."""
        return np.array([self.logits.get(row.patch, np.nan) for row in rows], dtype=np.float64)


def score_rows(
    module: nn.Module,
    preprocessing: Preprocessing,
    head: Head,
    device: torch.device,
    rows: Sequence[ManifestRow],
    *,
    emit: Emit,
    cache: PixelCache | None = None,
    batch_size: int | None = None,
    workers: int | None = None,
    views: int = 1,
    should_stop: ShouldStop = never_stop,
) -> Scored:
    """What prediction would give for `rows`. Raises Cancelled and UserError."""
    runner = Runner(module, preprocessing, head, device, batch_size=batch_size, views=views)
    meter = ProgressMeter(emit, len(rows), "predicting")
    found = Scored()
    run = runner.run(rows, workers=workers, cache=cache, should_stop=should_stop)
    with closing(run) as results:
        for result in results:
            for i, row in enumerate(result.rows):
                logit, error = float(result.logits[i]), result.errors[i]
                if not error and not np.isfinite(logit):
                    error = "the model gave no finite number"
                if error:
                    found.errors[row.patch] = error
                else:
                    found.logits[row.patch] = logit
                    found.hashes[row.patch] = result.hashes[i]
            meter.advance(len(result.rows))
    return found
