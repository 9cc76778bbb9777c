"""What a recipe is given, and what it must give back: common to all ways of training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.computing.distributed import ALONE, Team
from training.config import Architecture, Preprocessing
from training.events import Emit
from training.judging.resampling import Floats
from training.models.base_weights import Base
from training.patches.manifest import ManifestRow
from training.patches.pixel_cache import PixelCache
from training.patches.splitting import Splits
from training.progress import ShouldStop, never_stop


@dataclass(frozen=True, slots=True)
class Material:
    """What a candidate is made of: a base, sorted patches whose squares are cached, a device."""

    base: Base
    # Whether the base's backbone, and not its head alone, has learnt from labelled patches.
    backbone_trained: bool
    splits: Splits
    cache: PixelCache
    features_dir: Path
    checkpoints: Path
    device: torch.device
    seed: int
    emit: Emit
    should_stop: ShouldStop
    resume: bool = False
    # Whether training is to end with the best epoch so far.
    should_finish: ShouldStop = never_stop
    team: Team = ALONE


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained module, and raw logits of patches that it was not fitted on.

    `tuning_logits` (N,) belong to `tuning_rows` and are what calibration and threshold rest on;
    `tuned_on` says in words what they are. `looks` counts how often they chose something.
    """

    module: nn.Module
    architecture: Architecture
    preprocessing: Preprocessing
    tuning_rows: Sequence[ManifestRow]
    tuning_logits: Floats
    tuned_on: str
    looks: int
    # Symmetries whose logits are averaged, in `tuning_logits` and at prediction.
    views: int = 1
    record: dict[str, Any] = field(default_factory=dict)
