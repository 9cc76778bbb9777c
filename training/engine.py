"""The training loop: epochs with a moving average, early stopping, and exact resumption.

All that is random in an epoch follows from the run's seed and the epoch's number, so a run that
is resumed from its last epoch goes on as if it had never stopped, bit for bit on a CPU.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from timm.utils.model_ema import ModelEmaV3
from torch import nn
from torch.nn import functional

from training.augment import apply_jitter, apply_symmetries, draw_jitter
from training.checkpoint import best_weights, keep_best, load_checkpoint, save_checkpoint
from training.config import Head, Preprocessing, UserError
from training.dataset import Feed, PatchSet, Plan, class_weights, epoch_plan
from training.events import Emit, Epoch, Note
from training.model import classifier, outputs, positive_logit
from training.optimizer import build_optimizer, set_rate
from training.preprocess import normalise
from training.progress import Cancelled, ShouldStop
from training.recipe import FullRecipe
from training.resampling import Floats

_EPOCH_SEED_STRIDE = 1_000_003
# Asking the GPU whether a loss is finite waits for it, so it is asked now and then only.
_FINITE_EVERY = 20


@dataclass(frozen=True, slots=True)
class Trained:
    """The weights of the best epoch (0-based) on the CPU, and the epochs as they went."""

    state: dict[str, torch.Tensor]
    best_epoch: int
    history: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Training:
    """What a run is made of; `head` and `preprocessing` are the model's."""

    module: nn.Module
    head: Head
    preprocessing: Preprocessing
    recipe: FullRecipe
    train: PatchSet
    validation: PatchSet
    device: torch.device
    seed: int
    checkpoints: Path
    emit: Emit
    should_stop: ShouldStop


@dataclass(slots=True)
class _Progress:
    """What changes from epoch to epoch beside the weights; it is checkpointed."""

    next_epoch: int = 0
    best_epoch: int = -1
    best_auc: float = -1.0
    best_loss: float = float("inf")
    # The AUC that has to be beaten by min_change, and for how many epochs it was not.
    bar: float = -1.0
    stale: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)


def train(training: Training, *, resume: bool = False) -> Trained:
    """Train until the epochs are over or the validation AUC stays; the best epoch's weights.

    Raises Cancelled where it was asked to, UserError where the loss is no number any more.
    """
    recipe, device = training.recipe, training.device
    module = training.module.to(device)
    optimizer = build_optimizer(module, recipe)
    average = _average(module, recipe)
    progress = _Progress()
    saved = load_checkpoint(training.checkpoints) if resume else None
    if saved is not None:
        progress = _restore(saved, module, optimizer, average)
        training.emit(Note(f"resumed after epoch {progress.next_epoch}"))
    feed = Feed(training.train, device)
    while progress.next_epoch < recipe.epochs and progress.stale < recipe.patience:
        try:
            _run_epoch(training, feed, module, optimizer, average, progress)
        except torch.OutOfMemoryError as error:
            raise UserError(
                f"Batches of {recipe.batch} patches don't fit into the memory of the device: "
                "lower the recipe's batch."
            ) from error
        save_checkpoint(
            training.checkpoints,
            {
                "progress": asdict(progress),
                "module": module.state_dict(),
                "optimizer": optimizer.state_dict(),
                "average": average.module.state_dict() if average else {},
            },
        )
    state = best_weights(training.checkpoints, progress.best_epoch)
    return Trained(state, progress.best_epoch, progress.history)


def _average(module: nn.Module, recipe: FullRecipe) -> ModelEmaV3 | None:
    if not recipe.ema_decay:
        return None
    return ModelEmaV3(module, decay=recipe.ema_decay, use_warmup=True)


def _restore(
    saved: dict[str, Any],
    module: nn.Module,
    optimizer: torch.optim.Optimizer,
    average: ModelEmaV3 | None,
) -> _Progress:
    module.load_state_dict(saved["module"])
    optimizer.load_state_dict(saved["optimizer"])
    if average is not None:
        average.module.load_state_dict(saved["average"])
    return _Progress(**saved["progress"])


def _run_epoch(
    training: Training,
    feed: Feed,
    module: nn.Module,
    optimizer: torch.optim.Optimizer,
    average: ModelEmaV3 | None,
    progress: _Progress,
) -> None:
    recipe, epoch = training.recipe, progress.next_epoch
    generator = torch.Generator().manual_seed(training.seed * _EPOCH_SEED_STRIDE + epoch)
    # Stochastic depth and dropout draw from the global generators.
    torch.manual_seed(training.seed * _EPOCH_SEED_STRIDE + epoch)
    plans = epoch_plan(training.train.labels, recipe, generator).batches(recipe.batch)
    _freeze_backbone(module, frozen=epoch < recipe.head_epochs)
    module.train()
    weights = torch.tensor(class_weights(training.train.labels, recipe), device=training.device)
    losses: list[torch.Tensor] = []
    scored: list[tuple[torch.Tensor, torch.Tensor]] = []
    rate = 0.0
    started = time.perf_counter()
    with closing(feed.batches(plans)) as batches:
        for i, (plan, squares, labels) in enumerate(batches):
            if training.should_stop():
                raise Cancelled
            step = epoch * len(plans) + i
            rate = set_rate(optimizer, recipe, step=step, steps_per_epoch=len(plans))
            images = prepare(squares, plan, recipe, training.preprocessing, generator)
            raw = forward(module, images)
            loss = _loss(raw, labels, training.head, weights, recipe.label_smoothing)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if recipe.clip_norm:
                nn.utils.clip_grad_norm_(module.parameters(), recipe.clip_norm)
            optimizer.step()
            if average is not None:
                average.update(module, step=step)
            losses.append(loss.detach())
            scored.append((positive_logit(raw.detach(), training.head), labels))
            if i % _FINITE_EVERY == _FINITE_EVERY - 1 or i == len(plans) - 1:
                _check_finite(losses, epoch)
    seconds = time.perf_counter() - started
    kept = average.module if average is not None else module
    validation = score(kept, training.head, training.preprocessing, training.validation, training)
    _note_epoch(training, progress, losses, scored, validation, kept, rate, seconds)


def prepare(
    squares: torch.Tensor,
    plan: Plan,
    recipe: FullRecipe,
    preprocessing: Preprocessing,
    generator: torch.Generator,
) -> torch.Tensor:
    """(B, S, S, 3) uint8 to augmented, normalised (B, 3, S, S) fp32."""
    squares = apply_symmetries(squares, plan.codes)
    if recipe.colour_jitter:
        jitter = draw_jitter(len(squares), recipe.colour_jitter, generator)
        squares = apply_jitter(squares, jitter)
    return normalise(squares, preprocessing)


def forward(module: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """Outputs in fp32; bf16 within on CUDA."""
    with torch.autocast(images.device.type, dtype=torch.bfloat16, enabled=images.is_cuda):
        return outputs(module, images)


@torch.inference_mode()
def score(
    module: nn.Module,
    head: Head,
    preprocessing: Preprocessing,
    patches: PatchSet,
    training: Training,
) -> Floats:
    """Raw logits of class 1 of `patches`, shape (N,), without augmentation."""
    module.eval()
    rows = torch.arange(len(patches))
    step = max(training.recipe.batch, 64)
    plans = [Plan(part, torch.zeros_like(part)) for part in rows.split(step)]
    logits: list[torch.Tensor] = []
    with closing(Feed(patches, training.device).batches(plans)) as batches:
        for _, squares, _ in batches:
            if training.should_stop():
                raise Cancelled
            logits.append(positive_logit(forward(module, normalise(squares, preprocessing)), head))
    return torch.cat(logits).double().cpu().numpy()


def _freeze_backbone(module: nn.Module, *, frozen: bool) -> None:
    for parameter in module.parameters():
        parameter.requires_grad_(not frozen)
    for parameter in classifier(module).parameters():
        parameter.requires_grad_(True)


def _loss(
    raw: torch.Tensor, labels: torch.Tensor, head: Head, weights: torch.Tensor, smoothing: float
) -> torch.Tensor:
    """Weighted cross-entropy, divided by the batch's size so that weights keep their meaning."""
    if head == "softmax":
        each = functional.cross_entropy(raw, labels, reduction="none", label_smoothing=smoothing)
    else:
        targets = labels.float() * (1.0 - smoothing) + smoothing / 2
        each = functional.binary_cross_entropy_with_logits(raw[:, 0], targets, reduction="none")
    return (each * weights[labels]).mean()


def _check_finite(losses: list[torch.Tensor], epoch: int) -> None:
    if not bool(torch.isfinite(torch.stack(losses[-_FINITE_EVERY:])).all()):
        raise UserError(
            f"The training loss is no number any more in epoch {epoch + 1}: lower the recipe's "
            "learning_rate, or set its clip_norm to 1."
        )


def _note_epoch(
    training: Training,
    progress: _Progress,
    losses: list[torch.Tensor],
    scored: list[tuple[torch.Tensor, torch.Tensor]],
    validation: Floats,
    kept: nn.Module,
    rate: float,
    seconds: float,
) -> None:
    recipe, labels = training.recipe, training.validation.labels
    if not np.isfinite(validation).all():
        raise UserError(
            f"The model's outputs are no numbers any more in epoch {progress.next_epoch + 1}: "
            "lower the recipe's learning_rate."
        )
    auc = _auc(labels, validation)
    shown = torch.cat([one for _, one in scored]).cpu().numpy()
    validation_loss = float(
        np.mean(np.logaddexp(0.0, np.where(labels == 1, -validation, validation)))
    )
    # A small validation set is soon ranked without a fault; the loss still tells epochs apart.
    best = (auc, -validation_loss) > (progress.best_auc, -progress.best_loss)
    if best:
        progress.best_auc, progress.best_loss = auc, validation_loss
        progress.best_epoch = progress.next_epoch
        keep_best(training.checkpoints, progress.next_epoch, kept.state_dict())
    raised = auc > progress.bar + recipe.min_change
    progress.bar = auc if raised else progress.bar
    progress.stale = 0 if raised else progress.stale + 1
    event = Epoch(
        epoch=progress.next_epoch + 1,
        epochs=recipe.epochs,
        train_loss=float(torch.stack(losses).mean()),
        validation_loss=validation_loss,
        train_auc=_auc(shown, torch.cat([one for one, _ in scored]).double().cpu().numpy()),
        validation_auc=auc,
        learning_rate=rate,
        images_per_second=len(shown) / seconds,
        stage="head" if progress.next_epoch < recipe.head_epochs else "all",
        best=best,
    )
    training.emit(event)
    progress.history.append(
        {key: value for key, value in asdict(event).items() if key not in ("id", "time", "epochs")}
    )
    progress.next_epoch += 1


def _auc(labels: Any, logits: Floats) -> float:
    """NaN would stop nothing, so a class that is missing counts as no knowledge at all."""
    return float(roc_auc_score(labels, logits)) if 0 < labels.sum() < len(labels) else 0.5
