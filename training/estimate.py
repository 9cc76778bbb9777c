"""The verb `estimate`: about how long a recipe would train on so many patches, and its memory.

Rests on one or two timed steps of real shapes and on what autograd keeps of them; it says so.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass

import torch

from training.computing.activation_memory import step_memory
from training.computing.launch import gpus_for
from training.computing.timed_step import Timed, timed_step
from training.config import Architecture, UserError
from training.device import choose_device, describe_device
from training.learning.full import wanted_architecture
from training.learning.stack_base import member_recipes
from training.models.base_weights import LITE0, default_preprocessing
from training.patches.square_reader import default_workers
from training.recipe import FullRecipe, PixelRecipe, QuickRecipe, Recipe, StackRecipe
from training.recipe_files import load_recipe
from training.recipe_options import add_recipe_arguments, recipe_from_arguments

# Decoding a patch of 711 x 733 px, which happens once.
_DECODE_SECONDS = 0.015
# Start of the process, and what follows training: calibration, threshold, gate with 2,000 draws.
_START_SECONDS = 12.0
_END_SECONDS = 8.0
# torch itself, and the room in which kernels work.
_BASE_BYTES = 700_000_000
# What bf16 leaves of activations; norms and losses stay in fp32.
_BF16_SHARE = 0.6
# System A's three copies of every sclerotic patch, where a quarter are.
_COPIES_SHARE = 1.75
# Linear heads in folds, a strength each, per patch.
_HEAD_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class Estimate:
    """`rests_on` says in words what was timed."""

    seconds: float
    memory_bytes: int
    rests_on: str

    def sentence(self, device: torch.device) -> str:
        return (
            f"About {spoken_time(self.seconds)} and {spoken_bytes(self.memory_bytes)} of memory "
            f"on {describe_device(device)}: {self.rests_on}."
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_recipe_arguments(parser, "quick")
    parser.add_argument("--patches", type=int, required=True, help="labelled patches to train on")
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--json", action="store_true", help="seconds, memory_bytes and sentence")


def run(arguments: argparse.Namespace) -> int:
    if arguments.patches < 1:
        raise UserError(f"--patches {arguments.patches}: it should be 1 or more.")
    recipe = load_recipe(recipe_from_arguments(arguments))
    device = choose_device(arguments.device)
    found = estimate(recipe, arguments.patches, device, gpus=gpus_for(recipe, arguments.device))
    told = found.sentence(device)
    if arguments.json:
        facts = {"seconds": round(found.seconds, 1), "memory_bytes": found.memory_bytes}
        print(json.dumps({**facts, "sentence": told}))
    else:
        print(told)
    return 0


def estimate(recipe: Recipe, patches: int, device: torch.device, *, gpus: int = 1) -> Estimate:
    """Of a run on `patches` for training and validation; `device` is one of `gpus`.

    UserError as `build_model`.
    """
    around = _START_SECONDS + _END_SECONDS + patches * _DECODE_SECONDS / default_workers()
    found = _training(recipe, patches, device)
    told = f", shared by {gpus} GPUs" if gpus > 1 else ""
    return Estimate(found.seconds / gpus + around, found.memory_bytes, found.rests_on + told)


def _training(recipe: Recipe, patches: int, device: torch.device) -> Estimate:
    if isinstance(recipe, FullRecipe):
        return _full(recipe, patches, device)
    if isinstance(recipe, QuickRecipe):
        return _quick(recipe, patches, device)
    if isinstance(recipe, PixelRecipe):
        return _pixels(recipe, patches)
    return _stack(recipe, patches, device)


def _full(recipe: FullRecipe, patches: int, device: torch.device) -> Estimate:
    architecture = _full_architecture(recipe)
    size = recipe.size or default_preprocessing(architecture).size
    learning = 1.0 - recipe.frozen_share
    kept = step_memory(
        architecture,
        size,
        trained_share=learning,
        moments=1 if recipe.optimizer == "sgd" else 2,
        average=bool(recipe.ema_decay),
    )
    timed = timed_step(architecture, recipe, size, device)
    seconds = _epochs_seconds(recipe, patches, timed) * (1 + max(0, recipe.inner_folds))
    # At the end validation and everything else are predicted, the latter a quarter more.
    seconds += patches * (1.25 + recipe.validation_share) * recipe.views * timed.prediction
    batch = min(recipe.batch, patches)
    if timed.peak is not None and timed.batch >= batch:
        memory = timed.peak + (kept.weights if recipe.ema_decay else 0)
    else:
        share = _BF16_SHARE if device.type == "cuda" else 1.0
        # Gradients of frozen layers are not needed, and so neither is what they saved.
        memory = kept.fixed + round(batch * kept.each * share * max(learning, 0.1))
    squares = patches * size * size * 3 if device.type == "cuda" else 0
    many = "patch" if timed.batch == 1 else "patches"
    return Estimate(
        seconds,
        _BASE_BYTES + memory + squares,
        f"{recipe.epochs} epochs at most, by a timed step of {timed.batch} {many} "
        f"({1 / timed.step:.1f} patches a second) of {architecture.name}; early stopping may end "
        "it sooner, and what else the machine does makes it longer",
    )


def _full_architecture(recipe: FullRecipe) -> Architecture:
    """Where a recipe starts from EfficientNet-Lite0 whatever it names, that is what is timed."""
    if recipe.base == "efficientnet-lite0":
        return Architecture(LITE0, {}, recipe.head)
    return wanted_architecture(recipe)


def _epochs_seconds(recipe: FullRecipe, patches: int, timed: Timed) -> float:
    shown = patches * (1.0 - recipe.validation_share)
    if recipe.balance == "copies":
        shown *= _COPIES_SHARE
    whole_pass = timed.step / timed.prediction
    # A forward pass is needed for all layers, passes back for those that learn.
    learning = timed.prediction * (1.0 + (whole_pass - 1.0) * (1.0 - recipe.frozen_share))
    alone = min(recipe.head_epochs, recipe.epochs)
    training = alone * timed.prediction + (recipe.epochs - alone) * learning
    return shown * training + patches * recipe.validation_share * recipe.epochs * timed.prediction


def _quick(recipe: QuickRecipe, patches: int, device: torch.device) -> Estimate:
    architecture = Architecture(LITE0, {}, "logit")
    size = recipe.size or 224
    probe = FullRecipe(name="estimate", head="logit", batch=16, drop_path=0.0)
    timed = timed_step(architecture, probe, size, device)
    kept = step_memory(architecture, size, trained_share=0.0, moments=0, average=False)
    views = max(recipe.symmetries, recipe.views)
    heads = patches * recipe.symmetries * len(recipe.strengths) * recipe.folds * _HEAD_SECONDS / 10
    return Estimate(
        patches * views * timed.prediction + heads,
        _BASE_BYTES + kept.fixed + patches * views * 1280 * 8,
        f"features of {patches:,} patches at {1 / timed.prediction:.0f} a second if "
        "EfficientNet-Lite0 gives them and none is cached yet; once they are, it takes seconds",
    )


def _pixels(recipe: PixelRecipe, patches: int) -> Estimate:
    numbers = 3 * recipe.side**2
    work = patches * min(numbers, patches) * len(recipe.strengths) * recipe.folds
    return Estimate(
        1.0 + work * 2e-8,
        _BASE_BYTES + patches * numbers * 8 * 4,
        f"a logistic regression on {numbers:,} numbers a patch, reckoned and not timed",
    )


def _stack(recipe: StackRecipe, patches: int, device: torch.device) -> Estimate:
    members = [_training(member, patches, device) for member in member_recipes(recipe)]
    return Estimate(
        (recipe.folds + 1) * sum(member.seconds for member in members),
        max(member.memory_bytes for member in members),
        f"{len(members)} members, each trained {recipe.folds + 1} times; "
        + "; ".join(member.rests_on for member in members),
    )


def spoken_time(seconds: float) -> str:
    """Such as "40 seconds", "12 minutes", "3.5 hours" or "4 days"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} minutes"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} hours"
    return f"{seconds / 86_400:.0f} days"


def spoken_bytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
