"""Leaks between the folds of a cross-validation: look-alikes, neighbouring cases, confounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.judging.folds import FoldPlan
from training.leakage.leak_findings import Finding
from training.leaks import examine, read_patches
from training.patches.pixel_cache import PixelCache


def find_fold_leaks(plan: FoldPlan, *, cache: PixelCache, folder: Path) -> Sequence[Finding]:
    """Findings where each fold is a split of its own, the gravest first.

    `folder` keeps perceptual hashes between runs.
    """
    numbers = plan.numbers.tolist()
    rows = [
        replace(row, split=f"fold {number}") for row, number in zip(plan.rows, numbers, strict=True)
    ]
    seen, rows, _ = read_patches(rows, folder=folder, cache=cache)
    return examine(rows, seen).findings
