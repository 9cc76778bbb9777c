"""Every recipe in every fold, one after the other; what is finished already is read instead."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from training.events import Emit, Note, Progress
from training.judging.contestants import Contestant
from training.judging.fold_fit import (
    FoldSetting,
    base_digest,
    check_unseen,
    fit_fold,
    fresh_base,
    warm_up,
)
from training.judging.fold_parts import Part, PartFolder, part_key
from training.judging.folds import FoldPlan, rows_hash
from training.learning.candidate import installed_versions
from training.learning.stack_base import member_recipes
from training.recipe import Recipe, StackRecipe


@dataclass(frozen=True, slots=True)
class Entry:
    """A recipe with what it gave in each fold, in the folds' order."""

    contestant: Contestant
    parts: list[Part]


def run_folds(
    contestants: Sequence[Contestant], plan: FoldPlan, setting: FoldSetting
) -> list[Entry]:
    """Fit what is missing. Raises Cancelled and UserError; what was finished by then is kept."""
    folder = PartFolder(setting.out / "parts")
    keys = {one.name: _keys(one, plan, setting) for one in contestants}
    kept = {
        (one.name, fold.name): folder.read(one.name, key)
        for one in contestants
        for fold, key in zip(plan.folds, keys[one.name], strict=True)
    }
    clock = _Clock(setting.emit, sum(part is None for part in kept.values()), len(kept))
    entries = []
    for contestant in contestants:
        shared = 0.0
        if any(kept[contestant.name, fold.name] is None for fold in plan.folds):
            began = time.monotonic()
            warm_up(contestant, fresh_base(contestant, setting.seed), plan, setting)
            shared = time.monotonic() - began
        parts = []
        for fold, key in zip(plan.folds, keys[contestant.name], strict=True):
            part = kept[contestant.name, fold.name]
            if part is None:
                setting.emit(Note(f"{contestant.name}, fold {fold.name} of {len(plan.folds)}"))
                part = fit_fold(contestant, fold, plan, setting, key)
                # What all folds share is the first one's.
                part = replace(part, seconds=round(part.seconds + shared, 2))
                shared = 0.0
                folder.write(contestant.name, key, part)
                clock.finished(contestant.name, part.seconds)
            parts.append(part)
        entries.append(Entry(contestant, parts))
    return entries


def _keys(contestant: Contestant, plan: FoldPlan, setting: FoldSetting) -> list[str]:
    """A key for each fold, once it is sure that the base has seen none of what is held out."""
    base = fresh_base(contestant, setting.seed)
    check_unseen(contestant.name, base, plan)
    if not base.seen_known:
        text = (
            f"{contestant.name} starts from {base.source}, and nobody knows what that has learnt "
            "from: the figures are too good if these patches were among it"
        )
        setting.emit(Note(text, level="warning"))
    recipe = contestant.recipe
    facts: dict[str, Any] = {
        "recipe": _settings(recipe),
        "base": base_digest(base),
        "seed": setting.seed,
    }
    if isinstance(recipe, StackRecipe):
        # Their names alone would not tell that one of them has changed since.
        facts["members"] = [_settings(member) for member in member_recipes(recipe)]
    versions = installed_versions()
    return [
        part_key(
            {
                **facts,
                "train": rows_hash(plan.part(fold.train)),
                "held_out": rows_hash(plan.part(fold.held_out)),
            },
            versions,
        )
        for fold in plan.folds
    ]


def _settings(recipe: Recipe) -> dict[str, Any]:
    """All that a fit follows from; not what the recipe is called."""
    return {key: value for key, value in recipe.to_json().items() if key not in ("name", "summary")}


class _Clock:
    """How many fits are done, and how long the rest may take: by the mean of those done now."""

    def __init__(self, emit: Emit, missing: int, total: int) -> None:
        self._emit = emit
        self._missing = missing
        self._total = total
        self._started = time.monotonic()
        self._done = 0
        if missing < total:
            emit(Note(f"{total - missing} of {total} fits were finished before"))

    def finished(self, name: str, seconds: float) -> None:
        self._done += 1
        left = self._missing - self._done
        rate = (time.monotonic() - self._started) / self._done
        about = f", about {_duration(left * rate)} left" if left else ""
        done = self._total - left
        self._emit(Note(f"{name}: {_duration(seconds)}; {done} of {self._total} fits{about}"))
        self._emit(Progress(done=done, total=self._total, stage="fits", seconds_left=left * rate))


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
