"""The training loop: epochs with a moving average, early stopping, and exact resumption.

All that is random in an epoch follows from the run's seed and the epoch's number, so a run that
is resumed from its last epoch goes on as if it had never stopped, bit for bit on a CPU.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from timm.utils.model_ema import ModelEmaV3
from torch import nn

from training.computing.compiling import compiled
from training.computing.distributed import ALONE, Team, has_batch_norm
from training.computing.precision import Outputs
from training.config import Head, Preprocessing, UserError
from training.events import Emit, Note
from training.judging.resampling import Floats
from training.learning.checkpoint import best_weights, keep_best, load_checkpoint, save_checkpoint
from training.learning.epoch_figures import RunProgress, split_figures
from training.learning.epoch_report import epoch_event, fresh_hints, remembered
from training.learning.frozen_layers import lower_layers, set_learning, set_training_mode
from training.learning.optimizer import build_optimizer, set_rate
from training.learning.stepping import Shown, Stepper
from training.learning.validation import score
from training.patches.dataset import Feed, PatchSet, class_weights, epoch_plan
from training.progress import Cancelled, ProgressMeter, ShouldStop, never_stop
from training.recipe import FullRecipe

FINISHED = "finished"
_EPOCH_SEED_STRIDE = 1_000_003
_RANK_SEED_STRIDE = 7_919
# Asking the GPU whether a loss is finite waits for it, so it is asked now and then only.
_FINITE_EVERY = 20
# A run of days is to leave a log of megabytes.
_PROGRESS_SECONDS = 2.0


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
    should_finish: ShouldStop = never_stop
    team: Team = ALONE


class _Finished(Exception):  # noqa: N818
    """The epoch is given up, since the best one so far is wanted."""


@dataclass(slots=True)
class _Run:
    """The parts of a training that learn or remember."""

    training: Training
    module: nn.Module
    frozen: frozenset[str]
    optimizer: torch.optim.Optimizer
    average: ModelEmaV3 | None
    # What validation scores: the moving average, or the module itself.
    kept: nn.Module
    feed: Feed
    stepper: Stepper
    progress: RunProgress
    head_only: bool | None = None
    meter: ProgressMeter | None = None

    @property
    def over(self) -> bool:
        recipe, done = self.training.recipe, self.progress.next_epoch
        return done >= recipe.epochs or self.progress.stale >= recipe.patience


def train(training: Training, *, resume: bool = False) -> Trained:
    """Train until the epochs are over, the validation AUC stays, or finishing is asked for.

    Returns the best epoch's weights. Raises Cancelled where it was asked to, UserError where the
    loss is no number any more or memory or disk are too small.
    """
    run = _begun(training, resume=resume)
    _tell_norms(run)
    while not run.over:
        if run.progress.next_epoch and training.team.told(training.should_finish()):
            _tell_finished(training)
            break
        try:
            _run_epoch(run)
        except _Finished:
            _tell_finished(training)
            break
        if training.team.leads:
            save_checkpoint(training.checkpoints, _state(run))
    training.team.wait()
    progress = run.progress
    state = best_weights(training.checkpoints, progress.best_epoch)
    return Trained(state, progress.best_epoch, progress.history)


def _begun(training: Training, *, resume: bool) -> _Run:
    recipe, device, team = training.recipe, training.device, training.team
    module = team.with_shared_norms(training.module, device).to(device)
    if device.type == "cuda":
        # As images come; convolutions in bf16 are fastest so.
        module = module.to(memory_format=torch.channels_last)
    frozen = lower_layers(module, recipe.frozen_share)
    # Frozen layers need no room in the optimizer.
    set_learning(module, frozen, head_only=False)
    weights = torch.tensor(class_weights(training.train.labels, recipe), device=device)
    average = None
    if recipe.ema_decay:
        average = ModelEmaV3(module, decay=recipe.ema_decay, use_warmup=True)
    run = _Run(
        training=training,
        module=module,
        frozen=frozen,
        optimizer=build_optimizer(module, recipe),
        average=average,
        kept=average.module if average is not None else module,
        feed=Feed(training.train, device),
        stepper=Stepper(training, weights),
        progress=RunProgress(),
    )
    saved = load_checkpoint(training.checkpoints) if resume else None
    if saved is not None:
        _restore(saved, run)
        training.emit(Note(f"resumed after epoch {run.progress.next_epoch}"))
    return run


def _state(run: _Run) -> dict[str, Any]:
    return {
        "progress": asdict(run.progress),
        "module": run.module.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "average": run.average.module.state_dict() if run.average else {},
    }


def _restore(saved: dict[str, Any], run: _Run) -> None:
    run.module.load_state_dict(saved["module"])
    run.optimizer.load_state_dict(saved["optimizer"])
    if run.average is not None:
        run.average.module.load_state_dict(saved["average"])
    run.progress = RunProgress(**saved["progress"])


def _use_network(run: _Run, epoch: int) -> None:
    """Choose who learns in this epoch; the wrappers around the module follow."""
    training = run.training
    head_only = epoch < training.recipe.head_epochs
    set_training_mode(run.module, run.frozen)
    if head_only == run.head_only:
        return
    run.head_only = head_only
    # What gathered gradients before must be gone before other parameters learn.
    run.stepper.forget()
    set_learning(run.module, run.frozen, head_only=head_only)
    network = training.team.joined(Outputs(run.module), training.device)
    # The head alone is quick, and another network to a compiler.
    wanted = training.recipe.compile and not head_only
    fast = compiled(network, training.device, training.emit) if wanted else None
    run.stepper.use(network, fast)


def _run_epoch(run: _Run) -> None:
    training, epoch = run.training, run.progress.next_epoch
    recipe, team = training.recipe, training.team
    generator = torch.Generator().manual_seed(training.seed * _EPOCH_SEED_STRIDE + epoch)
    # Stochastic depth and dropout draw from the global generators, each process its own.
    torch.manual_seed(training.seed * _EPOCH_SEED_STRIDE + epoch + team.rank * _RANK_SEED_STRIDE)
    whole = epoch_plan(training.train.labels, recipe, generator)
    plans = whole.batches(recipe.batch * recipe.accumulate)
    if len(plans[0].rows) < 2 * team.size:
        raise UserError(
            f"A batch of {len(plans[0].rows)} patches is too small for {team.size} processes: "
            "raise the recipe's batch, or start fewer."
        )
    _use_network(run, epoch)
    meter = _meter(run, sum(len(plan.rows) for plan in plans))
    shown: list[Shown] = []
    rate = waited = 0.0
    started = time.perf_counter()
    own_plans = [run.stepper.wanted(plan) for plan in plans]
    with closing(run.feed.batches(own_plans)) as batches:
        for i, (plan, (_, squares, labels)) in enumerate(zip(plans, batches, strict=True)):
            waited += _asked(run)
            step = epoch * len(plans) + i
            rate = set_rate(run.optimizer, recipe, step=step, steps_per_epoch=len(plans))
            run.optimizer.zero_grad(set_to_none=True)
            shown.append(run.stepper.gradients(plan, squares, labels, generator))
            if recipe.clip_norm:
                nn.utils.clip_grad_norm_(run.module.parameters(), recipe.clip_norm)
            run.optimizer.step()
            if run.average is not None and team.leads:
                run.average.update(run.module, step=step)
            meter.advance(len(plan.rows))
            if i % _FINITE_EVERY == _FINITE_EVERY - 1 or i == len(plans) - 1:
                _check_finite(run, shown)
    seconds = time.perf_counter() - started - waited
    _note_epoch(run, shown, rate, seconds)


def _meter(run: _Run, shown: int) -> ProgressMeter:
    """How far the whole run is, in patches, if no epoch is saved by stopping early."""
    if run.meter is None:
        training = run.training
        done, total = run.progress.next_epoch * shown, training.recipe.epochs * shown
        run.meter = ProgressMeter(
            training.emit, total, "training", done=done, every=_PROGRESS_SECONDS
        )
    return run.meter


def _asked(run: _Run) -> float:
    """Look for what a person asks between two steps; returns how long the run was paused."""
    training = run.training
    before = time.perf_counter()
    if training.should_stop():
        raise Cancelled
    # Several processes must agree, which they do between epochs.
    if training.team.alone and run.progress.next_epoch and training.should_finish():
        raise _Finished
    return time.perf_counter() - before


def _tell_finished(training: Training) -> None:
    training.emit(Note("finishing: the best epoch so far is kept", kind=FINISHED))


def _tell_norms(run: _Run) -> None:
    training = run.training
    if not training.team.alone and training.device.type != "cuda" and has_batch_norm(run.module):
        training.emit(
            Note(
                "on CPUs each process norms its own share of a batch: the figures differ a little "
                "from those of one process",
                level="warning",
            )
        )


def _check_finite(run: _Run, shown: list[Shown]) -> None:
    losses = torch.stack([one.loss_sum for one in shown[-_FINITE_EVERY:]])
    # What isn't finite in one process is so in all after the step; the leader tells it.
    if run.training.team.leads and not bool(torch.isfinite(losses).all()):
        raise UserError(
            f"The training loss is no number any more in epoch {run.progress.next_epoch + 1}: "
            "lower the recipe's learning_rate, or set its clip_norm to 1."
        )


def _note_epoch(run: _Run, shown: list[Shown], rate: float, seconds: float) -> None:
    """Score validation, keep the epoch where it is the best, and tell it."""
    training, progress = run.training, run.progress
    team, recipe = training.team, training.recipe
    losses = team.gathered(_array([one.loss_sum[None] for one in shown]))
    trained_on = team.gathered(_array([one.labels for one in shown]))
    trained = team.gathered(_array([one.logits for one in shown]))
    team.copy_from_leader(run.kept)
    logits = score(run.kept, training.head, training.preprocessing, training.validation, training)
    if team.leads:
        if not np.isfinite(logits).all():
            raise UserError(
                f"The model's outputs are no numbers any more in epoch {progress.next_epoch + 1}: "
                "lower the recipe's learning_rate."
            )
        validation = split_figures(training.validation.labels, logits)
        best = progress.take(validation, recipe.min_change)
        if best:
            keep_best(training.checkpoints, progress.next_epoch, run.kept.state_dict())
        train = split_figures(trained_on, trained, float(losses.sum()) / len(trained))
        event = epoch_event(
            progress.next_epoch + 1,
            recipe.epochs,
            train,
            validation,
            rate=rate,
            images_per_second=len(trained) / seconds,
            head_only=bool(run.head_only),
            best=best,
        )
        training.emit(event)
        progress.history.append(remembered(event))
        progress.next_epoch += 1
        for note in fresh_hints(progress, recipe):
            training.emit(note)
    run.progress = team.told(progress)


def _array(parts: list[torch.Tensor]) -> Floats:
    return torch.cat(parts).double().cpu().numpy()
