"""Whole cases to train, validation and test, keeping both classes near their shares."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from glomviewer.drawn.cohort import PatchPlan

SHARES = {"train": 0.5, "validation": 0.2, "test": 0.3}


def assign_splits(rng: np.random.Generator, plans: list[PatchPlan]) -> list[PatchPlan]:
    """Greedily, the largest case first, to the split that lacks most of what the case holds."""
    tally: dict[str, np.ndarray] = {}
    for plan in plans:
        tally.setdefault(plan.case, np.zeros(2))[plan.truth or 0] += 1
    total = np.maximum(sum(tally.values(), np.zeros(2)), 1)
    lacking = {split: share * total for split, share in SHARES.items()}
    cases = sorted(tally)
    shuffled = [cases[place] for place in rng.permutation(len(cases)).tolist()]
    home: dict[str, str] = {}
    for case in sorted(shuffled, key=lambda name: -float(tally[name].sum())):
        split = max(lacking, key=lambda name: float((lacking[name] / total * tally[case]).sum()))
        home[case] = split
        lacking[split] = lacking[split] - tally[case]
    return [replace(plan, split=home[plan.case]) for plan in plans]
