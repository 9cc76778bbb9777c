"""Stacking: a logistic meta learner on what other recipes say of patches they did not learn from.

Wolpert, Stacked generalization, Neural Networks 5 (1992). Every member is trained once per fold
of whole groups and asked about the fold, through the very module that will predict; the meta
learner is fitted on those answers alone, and the members then on everything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch

from training.computing.pipeline import Runner
from training.config import Calibration, Preprocessing
from training.decode import RgbArray
from training.events import Note
from training.judging.resampling import Floats
from training.learning.calibration import fit_calibration
from training.learning.candidate import labels_of
from training.learning.fitting import Fitted, Material
from training.learning.linear_head import fit_head
from training.learning.pixels import put_head
from training.learning.stack_base import (
    Member,
    member_bases,
    member_recipes,
    put_members,
    stack_architecture,
)
from training.models.base_weights import Base
from training.models.model import build_model
from training.models.own_architectures import Stack, StackMember
from training.patches.manifest import ManifestRow
from training.patches.pixel_cache import PixelCache
from training.patches.preprocess import square
from training.patches.splitting import Splits, group_folds, prepare_splits
from training.patches.square_reader import default_workers
from training.progress import Cancelled
from training.recipe import FullRecipe, Recipe, StackRecipe

FitMember: TypeAlias = Callable[[Recipe, Material], Fitted]


@dataclass(frozen=True, slots=True)
class _Task:
    """A member to be trained: its recipe, where it starts, and its own squares."""

    number: int
    recipe: Recipe
    base: Base
    cache: PixelCache
    features_dir: Path


def fit_stack(recipe: StackRecipe, material: Material, fit_member: FitMember) -> Fitted:
    """Train the members and the meta learner. `material.base` is from `stack_base`.

    Raises Cancelled and UserError.
    """
    rows = material.splits.tuned
    labels = np.array([row.label for row in rows], dtype=np.int8)
    folds = group_folds(rows, folds=recipe.folds, seed=material.seed)
    tasks = _tasks(recipe, material)
    told = np.column_stack([_out_of_fold(task, material, folds, fit_member) for task in tasks])
    meta = fit_head(
        [told.astype(np.float32)],
        labels,
        list(folds),
        strengths=recipe.strengths,
        balanced=False,
        should_stop=material.should_stop,
    )
    fitted = [_fit(task, material, material.splits, "all", fit_member) for task in tasks]
    members = [
        Member(one.architecture, one.preprocessing, one.module, _calibration(one)) for one in fitted
    ]
    architecture = stack_architecture(members)
    module = put_head(build_model(architecture), meta.head)
    put_members(module, [member.module for member in members])
    weights = dict(zip(recipe.members, meta.head.weight.tolist(), strict=True))
    material.emit(Note("meta learner: " + ", ".join(f"{n} {w:.3f}" for n, w in weights.items())))
    return Fitted(
        module=module,
        architecture=architecture,
        preprocessing=material.base.preprocessing,
        tuning_rows=rows,
        tuning_logits=meta.out_of_fold,
        tuned_on="out-of-fold predictions of the meta learner on out-of-fold predictions of its "
        f"members, in {len(folds)} folds of whole groups",
        looks=len(recipe.strengths),
        record={
            "strength": meta.strength,
            "folds": len(folds),
            "weights": weights,
            "members": [
                {"recipe": task.recipe.to_json(), "found": one.record}
                for task, one in zip(tasks, fitted, strict=True)
            ],
            # Its embeddings are its members' answers, and those have learnt the labels.
            "backbone_trained": True,
        },
    )


def _tasks(recipe: StackRecipe, material: Material) -> list[_Task]:
    tasks = []
    recipes = member_recipes(recipe)
    for number, (member, base) in enumerate(
        zip(recipes, member_bases(material.base), strict=True), start=1
    ):
        if getattr(member, "views", 1) != 1:
            material.emit(Note(f"member {member.name} is asked for one view, as the stack is"))
        cache, features_dir = _squares_of(base.preprocessing, material)
        tasks.append(_Task(number, member, base, cache, features_dir))
    return tasks


class _MadeOfSquares(PixelCache):
    """Squares made of a stack's squares, as its members will make them when they predict."""

    def __init__(self, folder: Path, preprocessing: Preprocessing, source: PixelCache) -> None:
        self._source = source
        super().__init__(folder, preprocessing)

    def _read(self, row: ManifestRow) -> tuple[RgbArray, str]:
        return square(self._source.array(row.hash), self.preprocessing), row.hash


def _squares_of(wanted: Preprocessing, material: Material) -> tuple[PixelCache, Path]:
    """A member's squares, and a folder for features of these very squares."""
    source = material.cache
    made = source.preprocessing
    same = wanted.size == made.size and wanted.enhancement == "none"
    if same and wanted.interpolation == made.interpolation:
        return source, material.features_dir
    told = json.dumps([source.folder.name, wanted.to_json()], sort_keys=True)
    folder = material.features_dir / "stack" / hashlib.sha256(told.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    if same:
        return source, folder
    cache = _MadeOfSquares(folder, wanted, source)
    cache.build(material.splits.tuned, workers=default_workers(), should_stop=material.should_stop)
    return cache, folder


def _out_of_fold(
    task: _Task,
    material: Material,
    folds: Sequence[tuple[Sequence[int], Sequence[int]]],
    fit_member: FitMember,
) -> Floats:
    """(N,) log-odds of every patch, each from a member that was fitted without its group."""
    rows = material.splits.tuned
    logits = np.full(len(rows), np.nan)
    for number, (rest, fold) in enumerate(folds, start=1):
        material.emit(Note(f"member {task.recipe.name}, fold {number} of {len(folds)}"))
        splits = _splits_of(task.recipe, [rows[i] for i in rest], material.seed)
        fitted = _fit(task, material, splits, f"fold-{number}", fit_member)
        logits[list(fold)] = _answers(fitted, material, [rows[i].hash for i in fold])
    return logits


def _splits_of(recipe: Recipe, rows: Sequence[ManifestRow], seed: int) -> Splits:
    """Training rows with a validation set cut from them where the method stops by one."""
    if not isinstance(recipe, FullRecipe):
        return Splits(list(rows), [], [], {}, [])
    trained = [replace(row, split="train") for row in rows]
    return prepare_splits(trained, share=recipe.validation_share, seed=seed)


def _fit(
    task: _Task, material: Material, splits: Splits, part: str, fit_member: FitMember
) -> Fitted:
    if material.should_stop():
        raise Cancelled
    own = replace(
        material,
        base=task.base,
        backbone_trained=False,
        splits=splits,
        cache=task.cache,
        features_dir=task.features_dir,
        checkpoints=material.checkpoints / f"member-{task.number}-{part}",
    )
    # A fresh head draws its weights: the same whether or not an earlier fold was resumed.
    torch.manual_seed(material.seed)
    return fit_member(task.recipe, own)


def _calibration(fitted: Fitted) -> Calibration:
    """From the patches that the member set aside of those that it was given."""
    labels = labels_of(fitted.tuning_rows)
    return fit_calibration(fitted.tuning_logits, labels, fitted_on=fitted.tuned_on)


def _answers(fitted: Fitted, material: Material, hashes: Sequence[str]) -> Floats:
    """(N,) what the member will say inside the stack, from the stack's own squares."""
    member = StackMember(fitted.module, fitted.preprocessing, _calibration(fitted))
    runner = Runner(Stack([member], 1), material.base.preprocessing, "logit", material.device)
    parts = []
    start = 0
    while start < len(hashes):
        if material.should_stop():
            raise Cancelled
        part = hashes[start : start + runner.batch_size]
        squares = torch.from_numpy(np.stack([material.cache.array(digest) for digest in part]))
        parts.append(runner.start(squares).arrays()[1][:, 0])
        start += len(part)
    return np.concatenate(parts).astype(np.float64)
