"""One recipe in one fold: fitted, calibrated and given a threshold without the held-out part."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from training.config import BaseWeights, UserError
from training.device import describe_device
from training.events import Emit
from training.judging.contestants import Contestant
from training.judging.fold_parts import Part
from training.judging.folds import Fold, FoldPlan
from training.learning.candidate import installed_versions, labels_of, tune
from training.learning.fitting import Material
from training.learning.held_out import cache_features, held_out_logits
from training.learning.starting import backbone_trained, starting_base
from training.learning.ways import fit_recipe
from training.models.base_weights import Base
from training.patches.manifest import ManifestRow
from training.patches.pixel_cache import PixelCache
from training.patches.splitting import Splits, prepare_splits
from training.patches.square_reader import default_workers
from training.progress import ProgressMeter, ShouldStop
from training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class FoldSetting:
    """Where and on what folds are fitted; squares and features are shared by all of them."""

    out: Path
    features: Path
    device: torch.device
    seed: int
    emit: Emit
    should_stop: ShouldStop

    def cache(self, base: Base) -> PixelCache:
        return PixelCache.open(self.features / "squares", base.preprocessing)

    def material(
        self, base: Base, wanted: BaseWeights, splits: Splits, checkpoints: Path
    ) -> Material:
        return Material(
            base=base,
            backbone_trained=backbone_trained(base, wanted, None),
            splits=splits,
            cache=self.cache(base),
            features_dir=self.features,
            checkpoints=checkpoints,
            device=self.device,
            seed=self.seed,
            emit=self.emit,
            should_stop=self.should_stop,
            resume=True,
        )


def fresh_base(contestant: Contestant, seed: int) -> Base:
    """The base as every fold starts from it: random weights are drawn alike each time."""
    torch.manual_seed(seed)
    return starting_base(contestant.recipe, contestant.base, None)


def base_digest(base: Base) -> str:
    """SHA-256 of the base's weights and preprocessing."""
    digest = hashlib.sha256(repr(base.preprocessing).encode())
    for name, tensor in sorted(base.module.state_dict().items()):
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
        raw = tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
        digest.update(raw.numpy().data)
    return digest.hexdigest()


def check_unseen(name: str, base: Base, plan: FoldPlan) -> None:
    """UserError where the base was trained or tuned on a patch that some fold holds out."""
    for fold in plan.folds:
        seen = sum(plan.rows[i].hash in base.seen for i in fold.held_out)
        if seen:
            raise UserError(
                f"{name} would start from {base.source}, which was trained or tuned on {seen} of "
                f"the {len(fold.held_out)} patches that fold {fold.name} holds out, "
                "so its figures would be too good: choose another base."
            )


def read_squares(
    rows: Sequence[ManifestRow], cache: PixelCache, setting: FoldSetting
) -> tuple[list[ManifestRow], dict[str, str]]:
    """The readable rows with their hashes, squares cached, and by patch why others aren't."""
    meter = ProgressMeter(setting.emit, len(rows), "reading patches")
    report = cache.build(
        rows, workers=default_workers(), progress=meter, should_stop=setting.should_stop
    )
    readable = [
        replace(row, hash=report.hashes[row.patch]) for row in rows if row.patch in report.hashes
    ]
    return readable, report.errors


def warm_up(contestant: Contestant, base: Base, plan: FoldPlan, setting: FoldSetting) -> None:
    """Squares and frozen features of all patches, so that no fold waits for them."""
    read_squares(plan.rows, setting.cache(base), setting)
    nothing = Splits([], [], [], {}, [])
    material = setting.material(base, contestant.base, nothing, setting.out / "checkpoints")
    cache_features(contestant.recipe, material, [row.hash for row in plan.rows])


def fit_fold(
    contestant: Contestant, fold: Fold, plan: FoldPlan, setting: FoldSetting, key: str
) -> Part:
    """Raises Cancelled, after which it goes on from its last epoch, and UserError."""
    started = time.perf_counter()
    recipe = contestant.recipe
    base = fresh_base(contestant, setting.seed)
    splits = _training_side(recipe, plan.part(fold.train), setting.seed)
    checkpoints = setting.out / "checkpoints" / key[:16]
    material = setting.material(base, contestant.base, splits, checkpoints)
    held_out = plan.part(fold.held_out)
    try:
        fitted = fit_recipe(recipe, material)
        tuned = tune(fitted, recipe.threshold_rule, seed=setting.seed)
        logits = held_out_logits(recipe, fitted, material, held_out)
    except UserError as error:
        raise UserError(f"{contestant.name}, fold {fold.name}: {error}") from error
    labels = labels_of(fitted.tuning_rows)
    shutil.rmtree(checkpoints, ignore_errors=True)
    return Part(
        recipe=contestant.name,
        fold=fold.name,
        logits={row.patch: float(one) for row, one in zip(held_out, logits, strict=True)},
        calibration=tuned.calibration,
        threshold=tuned.threshold,
        tuned_on=fitted.tuned_on,
        tuning_sclerotic=int((labels == 1).sum()),
        tuning_others=int((labels == 0).sum()),
        looks=fitted.looks,
        base=base.source,
        seen_known=base.seen_known,
        seconds=round(time.perf_counter() - started, 2),
        device=describe_device(setting.device),
        versions=installed_versions(),
        record={key: value for key, value in fitted.record.items() if key != "history"},
    )


def _training_side(recipe: Recipe, rows: Sequence[ManifestRow], seed: int) -> Splits:
    """Train and validation, cut by group; the held-out part is not even named."""
    train = [replace(row, split="train") for row in rows]
    return prepare_splits(train, share=recipe.validation_share, seed=seed)
